import { kubeTime } from '../conditions/conditions.ts';
import { recordedTime } from '../../base/recorded-time.ts';

/** A Deployment that is to take the config, as far as a rollout needs to know it. */
export interface Deployment {
  readonly uid: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Our annotation on its pod template. */
  readonly templateHash?: string;
  readonly state: DeploymentState;
}

/** `Stalled`: its own deadline for progress is over. */
export type DeploymentState = 'Complete' | 'Progressing' | 'Stalled';

/** What is remembered of the rollouts of one instance: `status.rollout`. Times are RFC 3339. */
export interface RolloutMemory {
  /** Start of the last restart. */
  readonly lastRestartTime?: string;
  /** When all that it restarted ran with the new config. */
  readonly lastCompletionTime?: string;
  readonly workloads: readonly RememberedWorkload[];
}

export interface RememberedWorkload {
  readonly uid: string;
  readonly name: string;
  /** The config that it was started with, as far as we know. */
  readonly hash: string;
  /** When we restarted it; absent for one that we found running. */
  readonly restartTime?: string;
}

export interface RolloutPlan {
  /** To be restarted now, all of them: a rolling update keeps each available. */
  readonly restart: readonly Deployment[];
  /** Known from now on as running with the config that is published: nothing is restarted for that. */
  readonly recorded: readonly Deployment[];
  /** Those that need a restart, which is not due for so long. */
  readonly waiting: readonly Deployment[];
  readonly waitMs: number;
  /** Restarted by us, and somebody took our annotation away: told, not fought over. */
  readonly stripped: readonly Deployment[];
}

/**
 * Decides who is restarted for a config. At most once for each workload and
 * hash, and never more often than the interval; one that was never seen is
 * taken to run with what stands when it is first seen, unless it is known to be
 * older than that.
 *
 * The memory outranks the annotation, which others may strip; an annotation
 * that shows the wanted hash outranks the memory, which a crash may lose.
 */
export function planRollout(input: {
  readonly hash: string;
  readonly workloads: readonly Deployment[];
  /** Absent when restarts have just been switched on: nothing is restarted for that. */
  readonly memory: RolloutMemory | undefined;
  /** When this hash took the place of another, if that was seen; milliseconds since the epoch. */
  readonly changedAt?: number;
  readonly minIntervalMs: number;
  readonly now: number;
}): RolloutPlan {
  const { hash, workloads, memory = NOTHING_REMEMBERED, changedAt = 0 } = input;
  const remembered = ({ uid }: Deployment): RememberedWorkload | undefined =>
    memory.workloads.find((known) => known.uid === uid);
  const isUnknown = (workload: Deployment): boolean =>
    remembered(workload) === undefined && workload.templateHash !== hash;
  const isOlder = ({ createdAt }: Deployment): boolean => input.memory !== undefined && createdAt < changedAt;
  const isDue = (workload: Deployment): boolean =>
    workload.templateHash !== hash && (isUnknown(workload) ? isOlder(workload) : remembered(workload)?.hash !== hash);
  const due = workloads.filter(isDue);
  const waitMs = Math.max(0, nextRestartAt(memory, input.minIntervalMs) - input.now);
  return {
    restart: waitMs > 0 ? [] : due,
    waiting: waitMs > 0 ? due : [],
    waitMs: due.length > 0 ? waitMs : 0,
    recorded: workloads.filter((workload) => isUnknown(workload) && !isDue(workload)),
    stripped: workloads.filter(
      (workload) => remembered(workload)?.restartTime !== undefined && workload.templateHash === undefined,
    ),
  };
}

const NOTHING_REMEMBERED: RolloutMemory = { workloads: [] };

function nextRestartAt({ lastRestartTime }: RolloutMemory, minIntervalMs: number): number {
  return lastRestartTime === undefined ? 0 : Date.parse(lastRestartTime) + minIntervalMs;
}

/** The memory with times that can be true (`recordedTime`): to be remembered in place of the other. */
export function pastMemory(memory: RolloutMemory, now: number): RolloutMemory {
  const { lastRestartTime, lastCompletionTime, workloads } = memory;
  const past = (time: string): string => {
    const at = Date.parse(time);
    return recordedTime(at, now) === at ? time : kubeTime(now);
  };
  return {
    ...(lastRestartTime !== undefined && { lastRestartTime: past(lastRestartTime) }),
    ...(lastCompletionTime !== undefined && { lastCompletionTime: past(lastCompletionTime) }),
    workloads: workloads.map((workload) =>
      workload.restartTime === undefined ? workload : { ...workload, restartTime: past(workload.restartTime) },
    ),
  };
}

/**
 * What our annotations on the pod templates tell of earlier restarts: the memory
 * of an object whose status was lost. Absent where there is none.
 */
export function memoryFromAnnotations(workloads: readonly Deployment[]): RolloutMemory | undefined {
  const annotated = workloads.flatMap(({ uid, name, templateHash }) =>
    templateHash === undefined ? [] : [{ uid, name, hash: templateHash }],
  );
  return annotated.length === 0 ? undefined : { workloads: annotated };
}

/** How many workloads are remembered: more than a W&B deployment has. Those beyond count as found running after a restart. */
const MAX_REMEMBERED = 128;

/** The memory after a plan was carried out: what is gone is forgotten. */
export function rememberRollout(
  memory: RolloutMemory = NOTHING_REMEMBERED,
  done: {
    readonly hash: string;
    readonly workloads: readonly Deployment[];
    readonly recorded: readonly Deployment[];
    readonly restarted: readonly Deployment[];
    /** RFC 3339. */
    readonly now: string;
  },
): RolloutMemory {
  const isOne = (of: readonly Deployment[], { uid }: Deployment): boolean => of.some((one) => one.uid === uid);
  const before = ({ uid }: Deployment): RememberedWorkload | undefined =>
    memory.workloads.find((known) => known.uid === uid);
  // Its annotation is newer than the memory: a crash came between the restart and its record.
  const unrecorded = (workload: Deployment): boolean =>
    workload.templateHash === done.hash && before(workload)?.hash !== done.hash;
  const restarted = done.workloads.filter((one) => isOne(done.restarted, one) || unrecorded(one));
  const workloads = done.workloads.flatMap((workload): readonly RememberedWorkload[] => {
    const { uid, name } = workload;
    if (isOne(restarted, workload)) return [{ uid, name, hash: done.hash, restartTime: done.now }];
    if (isOne(done.recorded, workload)) return [{ uid, name, hash: done.hash }];
    const known = before(workload);
    return known === undefined ? [] : [known];
  });
  const lastRestartTime = restarted.length > 0 ? done.now : memory.lastRestartTime;
  const running = new Set(workloads.filter(({ restartTime }) => restartTime === lastRestartTime).map(({ uid }) => uid));
  const isComplete =
    done.restarted.length === 0 &&
    workloads.every(({ hash }) => hash === done.hash) &&
    done.workloads.every(({ uid, state }) => !running.has(uid) || state === 'Complete');
  // What was complete before a restart says nothing of it, whatever the clock says.
  const completed = restarted.length > 0 ? undefined : memory.lastCompletionTime;
  const lastCompletionTime = completion(completed, lastRestartTime, isComplete, done.now);
  return {
    ...(lastRestartTime !== undefined && { lastRestartTime }),
    ...(lastCompletionTime !== undefined && { lastCompletionTime }),
    workloads: workloads.toSorted((left, right) => (left.uid < right.uid ? -1 : 1)).slice(0, MAX_REMEMBERED),
  };
}

/** Whether all that is remembered runs with the config. A pod that fails later is no matter of a rollout. */
export function isRolledOut(memory: RolloutMemory, hash: string): boolean {
  const { lastRestartTime, lastCompletionTime, workloads } = memory;
  return (
    workloads.length > 0 &&
    workloads.every((workload) => workload.hash === hash) &&
    (lastRestartTime === undefined || lastCompletionTime !== undefined)
  );
}

/** It stands from the first moment at which all was complete until the next restart. */
function completion(
  before: string | undefined,
  lastRestartTime: string | undefined,
  isComplete: boolean,
  now: string,
): string | undefined {
  if (lastRestartTime === undefined) return undefined;
  const stands = before !== undefined && Date.parse(before) >= Date.parse(lastRestartTime);
  if (stands) return before;
  // The clock may have been set back in between: nothing is complete before it began.
  const isBack = Date.parse(now) < Date.parse(lastRestartTime);
  return isComplete ? (isBack ? lastRestartTime : now) : undefined;
}
