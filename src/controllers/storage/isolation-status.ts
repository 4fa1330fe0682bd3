import type { TeamStorage, TeamStorageStatus } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { filesLeftIn } from '../../domain/admission/files-left.ts';
import type { Findings } from './findings.ts';

/** `Isolated`, where it is known who else reaches the files of the team. */
export function isolated({ resolved: { isolation } }: Findings<TeamStorage>): readonly GateVerdict[] {
  return isolation === undefined ? [] : [{ ...isolation.condition, failureClass: 'reference' }];
}

/** `status.isolation`; of an object that is not accepted it stays, with the fact that cannot be seen twice. */
export function isolationStatus(findings: Findings<TeamStorage>, isReady: boolean): Partial<TeamStorageStatus> {
  const { object, isolation } = findings.resolved;
  const { sharedWith = [] } = isolation ?? object.status?.isolation ?? {};
  const left = filesIn(findings, isReady);
  if (sharedWith.length === 0 && left === undefined) return {};
  const named = sharedWith.length === 0 ? undefined : [...sharedWith];
  return { isolation: defined({ sharedWith: named, filesLeftIn: left }) };
}

/** Recorded while the team works on the instance bucket: once it has another one nobody could tell any more. */
function filesIn({ resolved }: Findings<TeamStorage>, isReady: boolean): string | undefined {
  const { object, isolation, instance } = resolved;
  const isAtWork = isReady && isolation?.condition.reason === 'UsesInstanceBucket';
  return isAtWork ? instance?.metadata.name : (isolation?.filesLeftIn ?? filesLeftIn(object));
}
