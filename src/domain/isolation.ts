import type { ConditionDraft } from './conditions.ts';
import { pathsOverlap } from './physical-bucket.ts';
import type { Problem } from './problem.ts';
import type { BucketStorage } from './storage.ts';

/** Another team's claim on the same bucket. */
export interface Neighbour {
  readonly name: string;
  readonly path: string;
  /** Published once: the incumbent. */
  readonly bound: boolean;
  /** Wants to be alone. */
  readonly required: boolean;
}

/** A team's place among the others. */
export interface Surroundings {
  /** Name of the TeamStorage's W&B team. */
  readonly team: string;
  readonly required: boolean;
  readonly bound: boolean;
  /** Absent: the team stays on the instance bucket. */
  readonly storage?: BucketStorage;
  readonly instance: {
    readonly name: string;
    /** Whether the instance's own bucket is the team's. */
    readonly sameBucket: boolean;
  };
  /** Others on the same bucket, in the order of their names. */
  readonly neighbours: readonly Neighbour[];
  /** Whether the team worked on the instance bucket before it had its own. */
  readonly usedInstanceBucket: boolean;
}

export interface Isolation {
  readonly condition: ConditionDraft;
  readonly sharedWith: readonly string[];
}

/**
 * Who else reaches a team's files (design 5, and the seed's story of Kappa and
 * Omega). Who is refused because of this claim does not count.
 */
export function judgeIsolation(surroundings: Surroundings): Isolation {
  const neighbours = surroundings.neighbours.filter((other) => !yieldsTo(other, surroundings));
  const verdict = sharing(surroundings, neighbours);
  const isolated = verdict.reason === 'ExclusiveBucket';
  return {
    condition: { type: 'Isolated', status: isolated ? 'True' : 'False', ...verdict },
    sharedWith: neighbours.map(({ name }) => name),
  };
}

/**
 * Why a claim is not accepted: another that is bound wants its bucket for itself.
 * The incumbent is untouched (design 5).
 */
export function isolationViolation(surroundings: Surroundings): Problem | undefined {
  if (surroundings.bound) return undefined;
  const incumbent = surroundings.neighbours.find((other) => other.bound && other.required);
  if (incumbent === undefined) return undefined;
  return {
    reason: 'IsolationViolated',
    message: `TeamStorage ${incumbent.name} uses the same bucket and requires to be alone in it (spec.isolation: Required).`,
    remedy: 'Give this team a bucket of its own.',
    failureClass: 'reference',
  };
}

/** Whether the other is refused for the sake of this claim. */
function yieldsTo(other: Neighbour, { bound, required }: Surroundings): boolean {
  return bound && required && !other.bound;
}

function sharing(
  { team, storage, instance, usedInstanceBucket }: Surroundings,
  neighbours: readonly Neighbour[],
): { readonly reason: string; readonly message: string } {
  if (storage === undefined) {
    return {
      reason: 'UsesInstanceBucket',
      message: `Team ${team} is on the bucket of InstanceStorage ${instance.name}: everybody in the organization with the permissions for it, other teams among them, reaches its files. Give it a bucket of its own to isolate them.`,
    };
  }
  if (instance.sameBucket) {
    return {
      reason: 'SameAsInstanceBucket',
      message: `The bucket is also that of InstanceStorage ${instance.name}: give the team another bucket to isolate its files.`,
    };
  }
  const overlapping = neighbours.filter(({ path }) => pathsOverlap(path, storage.path));
  if (overlapping.length > 0) {
    return {
      reason: 'PathOverlap',
      message: `The sub-path lies in that of ${named(overlapping)}, or holds it: give each team a sub-path, or better a bucket, of its own.`,
    };
  }
  if (neighbours.length > 0) {
    return {
      reason: 'SharedBucket',
      message: `The bucket is shared with ${named(neighbours)}: whoever has its credential reaches the files of all. Give the team another bucket to isolate its files.`,
    };
  }
  if (usedInstanceBucket) {
    return {
      reason: 'FilesLeftInInstanceBucket',
      message: `Team ${team} was on the instance bucket before: W&B binds a team's storage once, when the team is created, so files from then are still there.`,
    };
  }
  return { reason: 'ExclusiveBucket', message: 'No other storage that the operator sees uses this bucket.' };
}

const MAX_NAMED = 5;

function named(neighbours: readonly Neighbour[]): string {
  const names = neighbours.slice(0, MAX_NAMED).map(({ name }) => name);
  const more = neighbours.length - names.length;
  return `TeamStorage ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
