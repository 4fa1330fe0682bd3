import type { TeamStorage, TeamStorageStatus } from '../api/resources.ts';
import { defined } from '../domain/defined.ts';
import type { ConditionDraft } from '../domain/conditions.ts';
import type { GateVerdict } from '../domain/readiness.ts';
import { filesLeftIn } from '../domain/admission/files-left.ts';
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
export function isolationStatus({ subject }: Findings<TeamStorage>, isReady: boolean): Partial<TeamStorageStatus> {
  const { object, isolation, instance } = subject;
  const { sharedWith } = isolation ?? object.status?.isolation ?? {};
  // Recorded while it works there: once it has another bucket nobody could tell any more.
  const worksIn = isReady && isolation?.condition.reason === 'UsesInstanceBucket' ? instance?.metadata.name : undefined;
  const left = worksIn ?? isolation?.filesLeftIn ?? filesLeftIn(object);
  const told = defined({ sharedWith: isEmpty(sharedWith) ? undefined : [...sharedWith], filesLeftIn: left });
  return Object.keys(told).length === 0 ? {} : { isolation: told };
}

function isEmpty(names: readonly string[] | undefined): names is undefined {
  return names === undefined || names.length === 0;
}
