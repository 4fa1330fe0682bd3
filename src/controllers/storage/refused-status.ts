import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import { STATUS_REASONS } from '../../domain/status/reasons.ts';
import { isSummary } from '../../domain/conditions/condition-table.ts';
import { kubeTime, stampConditions, type Condition, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { KubeFailure } from '../../ports/kube.ts';
import type { CommonStatus } from './storage-status.ts';
import type { StorageObject } from './resolved-storage.ts';

/**
 * Whether the API server refuses the content of the status, so that the same content would be refused again.
 * Server-side apply answers 500 if it does not match the schema, such as for a field that an older CRD lacks.
 */
export function isRefusedStatus({ status, message }: KubeFailure): boolean {
  return (
    [400, 413, 422].includes(status) || (status === 500 && message.includes('failed to create typed patch object'))
  );
}

/**
 * Statuses to write in place of a refused one, the fullest first: the recorded status, or an empty one, with the
 * present generation.
 */
export function insteadOfRefused(
  object: StorageObject,
  failure: KubeFailure,
  now: number,
): readonly [CommonStatus, ...CommonStatus[]] {
  const { conditions = [], ...rest } = object.status ?? {};
  const generation = object.metadata.generation ?? 0;
  const summary = stampConditions(drafts(failure), conditions, { generation, now: kubeTime(now) });
  const least = { observedGeneration: generation, conditions: [...summary] };
  const kept: readonly Condition[] = conditions.filter((one) => !isSummary(one));
  const full = { ...rest, observedGeneration: generation, conditions: [...summary, ...kept] };
  return isDeepStrictEqual(full, least) ? [least] : [full, least];
}

function drafts({ status, reason, fields = [] }: KubeFailure): readonly ConditionDraft[] {
  const about = fields.length === 0 ? '' : ` because of ${fields.join(', ')}`;
  const message = `The API server refused the full status of this object (${status} ${reason})${about}, so the status does not show what was found. ${STATUS_REASONS.StatusRefused.remedy}`;
  return [
    { type: 'Ready', status: 'Unknown', reason: 'StatusRefused', message },
    { type: 'Stalled', status: 'True', reason: 'StatusRefused', message },
  ];
}
