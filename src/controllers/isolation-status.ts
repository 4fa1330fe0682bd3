import type { TeamStorage, TeamStorageStatus } from '../api/resources.ts';
import type { ConditionDraft } from '../domain/conditions.ts';
import type { GateVerdict } from '../domain/readiness.ts';
import { filesLeftIn } from './neighbourhood.ts';
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

/** As many as the CRD takes. */
const MAX_SHARED_WITH = 100;

/** `status.isolation`; of an object that is not accepted it stays as it was. */
export function isolationStatus({ subject }: Findings<TeamStorage>): Partial<TeamStorageStatus> {
  const { object, isolation, storage } = subject;
  if (isolation === undefined)
    return object.status?.isolation === undefined ? {} : { isolation: object.status.isolation };
  const left = storage === undefined ? undefined : filesLeftIn(object);
  const sharedWith = isolation.sharedWith.slice(0, MAX_SHARED_WITH);
  if (sharedWith.length === 0 && left === undefined) return {};
  return {
    isolation: {
      ...(sharedWith.length > 0 && { sharedWith: [...sharedWith] }),
      ...(left !== undefined && { filesLeftIn: left }),
    },
  };
}
