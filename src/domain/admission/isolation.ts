import type { ConditionDraft } from '../conditions/conditions.ts';
import type { Problem } from '../conditions/problem.ts';
import type { ISOLATED_REASONS } from './reasons.ts';
import type { BucketAddress } from '../bucket/storage.ts';

/** Names of other claims: the first ones, and whether there are more. */
export interface NamedOthers {
  readonly names: readonly string[];
  readonly more: boolean;
}

export const NONE: NamedOthers = { names: [], more: false };

/** What determines who else can reach a team's files. */
export interface IsolationInput {
  /** Name of the TeamStorage's W&B team. */
  readonly team: string;
  /** Absent: the team stays on the instance bucket. */
  readonly storage?: Pick<BucketAddress, 'path'>;
  readonly instance: {
    readonly name: string;
    /** Whether the instance's own bucket is the team's. */
    readonly sameBucket: boolean;
  };
  /** Other claims that are published on the same bucket. */
  readonly sharing: NamedOthers;
  /** Those of them with overlapping sub-paths. */
  readonly overlapping: NamedOthers;
  /** InstanceStorage whose bucket the team used before it had its own. */
  readonly filesLeftIn?: string;
}

export interface Isolation {
  readonly condition: ConditionDraft;
  readonly sharedWith: readonly string[];
  readonly filesLeftIn?: string;
}

/**
 * Who else can reach a team's files (the example of Kappa and Omega in W&B's document). Only published claims count,
 * because refused ones reach nothing.
 */
export function judgeIsolation(input: IsolationInput): Isolation {
  const verdict = sharingVerdict(input);
  const isolated = verdict.reason === 'ExclusiveBucket';
  return {
    condition: { type: 'Isolated', status: isolated ? 'True' : 'False', ...verdict },
    sharedWith: input.sharing.names,
    ...(input.storage !== undefined && input.filesLeftIn !== undefined && { filesLeftIn: input.filesLeftIn }),
  };
}

/** Refuses a claim because a published one requires the bucket exclusively. The published one is not affected. */
export function isolationViolation(incumbent: string): Problem {
  return {
    reason: 'IsolationViolated',
    message: `${incumbent} uses the same bucket and requires to be alone in it (spec.isolation: Required).`,
    remedy: 'Give this storage a bucket of its own.',
    failureClass: 'reference',
  };
}

function sharingVerdict(input: IsolationInput): {
  readonly reason: keyof typeof ISOLATED_REASONS;
  readonly message: string;
} {
  const { team, storage, instance, sharing, overlapping, filesLeftIn } = input;
  if (storage === undefined) {
    return {
      reason: 'UsesInstanceBucket',
      message: `Team ${team} is on the bucket of InstanceStorage ${instance.name}: everyone in the organization with the permissions for it, other teams among them, reaches its files. Give it a bucket of its own to isolate them.`,
    };
  }
  if (instance.sameBucket) {
    return {
      reason: 'SameAsInstanceBucket',
      message: `The bucket is also that of InstanceStorage ${instance.name}: give the team another bucket to isolate its files.`,
    };
  }
  if (overlapping.names.length > 0) {
    return {
      reason: 'PathOverlap',
      message:
        storage.path === ''
          ? `The team has the whole bucket, and ${listed(overlapping)} works in it as well: give each team a sub-path, or better a bucket, of its own.`
          : `The sub-path ${storage.path} overlaps that of ${listed(overlapping)}: give each team a sub-path, or better a bucket, of its own.`,
    };
  }
  if (sharing.names.length > 0) {
    return {
      reason: 'SharedBucket',
      message: `The bucket is shared with ${listed(sharing)}: any user with its credential can reach the files of all. Give the team another bucket to isolate its files.`,
    };
  }
  if (filesLeftIn !== undefined) {
    return {
      reason: 'FilesLeftInInstanceBucket',
      message: `Team ${team} was on the bucket of InstanceStorage ${filesLeftIn} before: W&B binds a team's storage once, when the team is created, so files from then are still there.`,
    };
  }
  return { reason: 'ExclusiveBucket', message: 'No other storage that the operator sees uses this bucket.' };
}

function listed({ names, more }: NamedOthers): string {
  return `${names.join(', ')}${more ? ' and others' : ''}`;
}
