import { kubeTime } from '../conditions/conditions.ts';
import { recordedTime } from '../../base/recorded-time.ts';

/** A Deployment that takes the config, as far as a rollout depends on it. */
export interface Deployment {
  readonly uid: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The operator's annotation on its pod template. */
  readonly templateHash?: string;
  readonly state: DeploymentState;
}

/** `Stalled`: its progress deadline is over. */
export type DeploymentState = 'Complete' | 'Progressing' | 'Stalled';

/** The recorded rollouts of one instance: `status.rollout`. Times are RFC 3339. */
export interface RolloutMemory {
  /** Start of the last restart. */
  readonly lastRestartTime?: string;
  /** When all Deployments of that restart ran with the new config. */
  readonly lastCompletionTime?: string;
  readonly workloads: readonly RememberedWorkload[];
}

export interface RememberedWorkload {
  readonly uid: string;
  readonly name: string;
  /** The config that it was started with, as far as known. */
  readonly hash: string;
  /** When the operator restarted it; absent if it was found running. */
  readonly restartTime?: string;
}

export interface RolloutPlan {
  /** To be restarted now, all of them: a rolling update keeps each available. */
  readonly restart: readonly Deployment[];
  /** To be recorded as running with the published config, without a restart. */
  readonly recorded: readonly Deployment[];
  /** Deployments that need a restart once the interval is over. */
  readonly waiting: readonly Deployment[];
  readonly waitMs: number;
  /** Restarted by the operator, and another client removed the annotation: reported, and not set again. */
  readonly stripped: readonly Deployment[];
}

/**
 * Decides which Deployments are restarted for a config: at most once for each Deployment and hash, and never more often
 * than the interval. A Deployment that is seen for the first time counts as running with the present config, unless it
 * is known to be older.
 *
 * The record outranks the annotation, which others may remove; an annotation with the wanted hash outranks the record,
 * which a crash may lose.
 */
export function planRollout(input: {
  readonly hash: string;
  readonly workloads: readonly Deployment[];
  /** Absent if restarts have just been enabled: nothing is restarted for that. */
  readonly memory: RolloutMemory | undefined;
  /** When this hash replaced another, if that was observed; milliseconds since the epoch. */
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

/** The record with times corrected by `recordedTime`, to be stored in place of the given one. */
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
 * Restores the record from the annotations on the pod templates, for an object whose status was lost. Absent if there
 * are none.
 */
export function memoryFromAnnotations(workloads: readonly Deployment[]): RolloutMemory | undefined {
  const annotated = workloads.flatMap(({ uid, name, templateHash }) =>
    templateHash === undefined ? [] : [{ uid, name, hash: templateHash }],
  );
  return annotated.length === 0 ? undefined : { workloads: annotated };
}

/** More than a W&B deployment has. Deployments beyond it count as found running after a restart of the operator. */
const MAX_REMEMBERED = 128;

/** The record after a plan was carried out. Deployments that are gone are dropped. */
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
  // Its annotation is newer than the record: the operator crashed between the restart and its record.
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
  // A completion before the restart does not count for it, whatever its time.
  const completed = restarted.length > 0 ? undefined : memory.lastCompletionTime;
  const lastCompletionTime = completion(completed, lastRestartTime, isComplete, done.now);
  return {
    ...(lastRestartTime !== undefined && { lastRestartTime }),
    ...(lastCompletionTime !== undefined && { lastCompletionTime }),
    workloads: workloads.toSorted((left, right) => (left.uid < right.uid ? -1 : 1)).slice(0, MAX_REMEMBERED),
  };
}

/** Whether all recorded Deployments run with the config. A pod that fails later does not affect a rollout. */
export function isRolledOut(memory: RolloutMemory, hash: string): boolean {
  const { lastRestartTime, lastCompletionTime, workloads } = memory;
  return (
    workloads.length > 0 &&
    workloads.every((workload) => workload.hash === hash) &&
    (lastRestartTime === undefined || lastCompletionTime !== undefined)
  );
}

/** Set at the first moment at which all Deployments are complete, and kept until the next restart. */
function completion(
  before: string | undefined,
  lastRestartTime: string | undefined,
  isComplete: boolean,
  now: string,
): string | undefined {
  if (lastRestartTime === undefined) return undefined;
  const stands = before !== undefined && Date.parse(before) >= Date.parse(lastRestartTime);
  if (stands) return before;
  // The clock may have been set back since: a completion is never earlier than its restart.
  const isBack = Date.parse(now) < Date.parse(lastRestartTime);
  return isComplete ? (isBack ? lastRestartTime : now) : undefined;
}
