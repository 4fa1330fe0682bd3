import type { TeamStorage, TeamStorageStatus } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import type { ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { filesLeftIn } from '../../domain/admission/files-left.ts';
import type { Findings } from './findings.ts';

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
export function isolationStatus(findings: Findings<TeamStorage>, isReady: boolean): Partial<TeamStorageStatus> {
  const { object, isolation } = findings.subject;
  const { sharedWith = [] } = isolation ?? object.status?.isolation ?? {};
  const left = filesIn(findings, isReady);
  if (sharedWith.length === 0 && left === undefined) return {};
  const named = sharedWith.length === 0 ? undefined : [...sharedWith];
  return { isolation: defined({ sharedWith: named, filesLeftIn: left }) };
}

/** Recorded while the team works on the instance bucket: once it has another one nobody could tell any more. */
function filesIn({ subject }: Findings<TeamStorage>, isReady: boolean): string | undefined {
  const { object, isolation, instance } = subject;
  const isAtWork = isReady && isolation?.condition.reason === 'UsesInstanceBucket';
  return isAtWork ? instance?.metadata.name : (isolation?.filesLeftIn ?? filesLeftIn(object));
}
