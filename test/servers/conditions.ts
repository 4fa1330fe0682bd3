import type { InstanceStorage, TeamStorage } from '../../src/api/resources.ts';
import { findCondition, type Condition } from '../../src/domain/conditions/conditions.ts';
import { getStorage, requestValidation } from './objects.ts';
import { until } from './until.ts';

/** Where a storage is. */
export interface StorageAt {
  readonly namespace: string;
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly name: string;
}

/** A condition as `status reason`; empty while there is none. */
export function conditionOf(object: InstanceStorage | TeamStorage, type: string): string {
  const condition = findCondition(object.status?.conditions ?? [], type);
  return condition === undefined ? '' : `${condition.status} ${condition.reason}`;
}

/** Waits until the operator has reported a condition for the present generation that fits. */
export async function untilCondition(
  { namespace, kind, name }: StorageAt,
  type: string,
  wanted: Partial<Pick<Condition, 'status' | 'reason'>>,
  seconds = 30,
): Promise<Condition> {
  let seen = 'never reported';
  let found: Condition | undefined;
  const what = `${type} of ${kind} ${name} is ${JSON.stringify(wanted)}`;
  await until(
    what,
    async () => {
      const object = await getStorage(namespace, kind, name);
      const { observedGeneration } = object.status ?? {};
      if (observedGeneration !== object.metadata.generation) {
        seen = `observedGeneration ${String(observedGeneration)} of generation ${String(object.metadata.generation)}`;
        return false;
      }
      found = findCondition(object.status?.conditions ?? [], type);
      seen = JSON.stringify(found);
      return (
        found !== undefined &&
        (wanted.status ?? found.status) === found.status &&
        (wanted.reason ?? found.reason) === found.reason
      );
    },
    seconds,
  ).catch((error: unknown) => {
    throw new Error(`not within ${String(seconds)} s: ${what}; it is ${seen}`, { cause: error });
  });
  if (found === undefined) throw new Error(what);
  return found;
}

/** Requests a validation and waits for its acknowledgement: the operator has seen the storage since. */
export async function untilReconciled({ namespace, kind, name }: StorageAt, seconds = 60): Promise<void> {
  const token = await requestValidation(namespace, kind, name);
  await until(
    `the request on ${kind} ${name} is acknowledged`,
    async () => (await getStorage(namespace, kind, name)).status?.lastHandledReconcileAt === token,
    seconds,
  );
}
