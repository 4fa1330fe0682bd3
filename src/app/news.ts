import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { requestedAt } from '../controllers/validation/validation-request.ts';
import { findCondition } from '../domain/conditions/conditions.ts';
import type { StoreChange } from '../kube/store.ts';

/** A change that its own controller must look at: not the echo of a status write. */
export function isNews(change: StoreChange<InstanceStorage> | StoreChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const { object, previous } = change;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    requestedAt(object) !== requestedAt(previous)
  );
}

/** Whether what others look at in a status is another one now. */
export function verdictChanged(change: StoreChange<InstanceStorage> | StoreChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const gistOf = (object: InstanceStorage | TeamStorage): string =>
    ['Ready', 'Published']
      .map((type) => findCondition(object.status?.conditions ?? [], type))
      .map((condition) => `${condition?.status ?? ''} ${condition?.reason ?? ''} ${condition?.message ?? ''}`)
      .join('|');
  return gistOf(change.object) !== gistOf(change.previous);
}
