import type { TeamStorage, TeamStorageStatus } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { filesLeftByStatus } from '../../domain/admission/files-left.ts';
import type { Findings } from './findings.ts';

/** `Isolated`, if it is known who else can reach the files of the team. */
export function isolated({ resolved: { isolation } }: Findings<TeamStorage>): readonly GateVerdict[] {
  return isolation === undefined ? [] : [{ ...isolation.condition, failureClass: 'reference' }];
}

/**
 * `status.isolation`. For an object that is not accepted the recorded one is kept, because part of it cannot be
 * observed again.
 */
export function isolationStatus(findings: Findings<TeamStorage>, isReady: boolean): Partial<TeamStorageStatus> {
  const { object, isolation } = findings.resolved;
  const { sharedWith = [] } = isolation ?? object.status?.isolation ?? {};
  const left = filesIn(findings, isReady);
  if (sharedWith.length === 0 && left === undefined) return {};
  const named = sharedWith.length === 0 ? undefined : [...sharedWith];
  return { isolation: defined({ sharedWith: named, filesLeftIn: left }) };
}

/** Recorded while the team uses the instance bucket: after a change of bucket it cannot be observed any more. */
function filesIn({ resolved }: Findings<TeamStorage>, isReady: boolean): string | undefined {
  const { object, isolation, instance } = resolved;
  const isAtWork = isReady && isolation?.condition.reason === 'UsesInstanceBucket';
  return isAtWork ? instance?.metadata.name : (isolation?.filesLeftIn ?? filesLeftByStatus(object));
}
