import { hasMetric } from '../../domain/conditions/condition-table.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { StorageObject } from './resolved-storage.ts';

/** Records the status of an object in the metrics. */
export function recordStatus<T extends StorageObject>(
  metrics: Pick<StorageMetrics, 'recordJudgement' | 'recordFileStoresBytes' | 'recordSharing'>,
  { kind, metadata }: T,
  status: NonNullable<T['status']>,
  fileStoresBytes: number | undefined,
): void {
  const id = { kind, namespace: metadata.namespace ?? '', name: metadata.name };
  if (kind === 'InstanceStorage' && fileStoresBytes !== undefined) metrics.recordFileStoresBytes(id, fileStoresBytes);
  const sharing = sharingIn(status);
  if (sharing !== undefined) metrics.recordSharing(id, sharing);
  const conditions = status.conditions ?? [];
  const ready = findCondition(conditions, 'Ready');
  metrics.recordJudgement(id, {
    ready: ready?.status === 'True',
    reason: ready?.reason ?? '',
    published: findCondition(conditions, 'Published')?.status === 'True',
    lastFullValidation: secondsOf(status.lastFullValidationTime),
    checks: status.checks ?? [],
    reported: conditions.filter((one) => hasMetric(kind, one)),
  });
}

/** For an InstanceStorage: how many of its teams share a bucket. */
function sharingIn(status: NonNullable<StorageObject['status']>): number | undefined {
  return 'teams' in status ? status.teams.sharing : undefined;
}

/** Seconds since the epoch; 0 if there is no time. */
function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : (Date.parse(time) || 0) / 1000;
}
