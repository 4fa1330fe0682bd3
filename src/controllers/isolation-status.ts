import type { TeamStorage, TeamStorageStatus } from '../api/resources.ts';
import { defined } from '../domain/defined.ts';
import type { ConditionDraft } from '../domain/conditions.ts';
import type { GateVerdict } from '../domain/readiness.ts';
import { filesLeftIn } from '../domain/admission/admit.ts';
import type { Findings } from './storage-reconciler.ts';

/** `Isolated` decides only where the spec requires it. */
export function isolationGate({ subject }: Findings<TeamStorage>): readonly GateVerdict[] {
  const { object, isolation } = subject;
  if (isolation === undefined || object.spec.isolation !== 'Required') return [];
  return [{ ...isolation.condition, failureClass: 'reference' }];
}

export function isolationReport({ subject }: Findings<TeamStorage>): readonly ConditionDraft[] {
  const { object, isolation } = subject;
  return isolation === undefined || object.spec.isolation === 'Required' ? [] : [isolation.condition];
}

/** `status.isolation`; of an object that is not accepted it stays, with the fact that cannot be seen twice. */
export function isolationStatus({ subject }: Findings<TeamStorage>): Partial<TeamStorageStatus> {
  const { object, isolation } = subject;
  const before = object.status?.isolation;
  const sharedWith = isolation === undefined ? before?.sharedWith : isolation.sharedWith;
  const isOnInstance = isolation?.condition.reason === 'UsesInstanceBucket';
  // On the instance bucket its files are not left there: they are where it works.
  const left = isOnInstance ? before?.filesLeftIn : (isolation?.filesLeftIn ?? filesLeftIn(object));
  const told = defined({ sharedWith: isEmpty(sharedWith) ? undefined : [...sharedWith], filesLeftIn: left });
  return Object.keys(told).length === 0 ? {} : { isolation: told };
}

function isEmpty(names: readonly string[] | undefined): names is undefined {
  return names === undefined || names.length === 0;
}
