import { judgeAll } from '../../checks/judge.ts';
import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { CheckReport, Finding, ObjectReport } from '../findings/check-report.ts';
import { checkFinding } from '../findings/status-findings.ts';
import type { ProbeRecord, RecordedProbe } from './record.ts';

/** Judges a record again, by the checks of this version. A result that is another one than then is marked. */
export function replay(record: ProbeRecord, file: string): CheckReport {
  const objects = record.probes.map((probe, index): ObjectReport => ({
    kind: 'Probe',
    namespace: probe.context.namespace,
    name: String(index + 1),
    bucket: displayBucket(probe.context.storage),
    at: { file, line: 1, column: 1 },
    findings: findingsOf(probe, file),
  }));
  return { isLive: true, objects, files: [] };
}

function findingsOf({ observations, context, ignore, results }: RecordedProbe, file: string): readonly Finding[] {
  return judgeAll(observations, context, { ignore }).map((result) => {
    const then = results.find(({ name }) => name === result.name);
    const isSame = then?.result === result.result && then.reason === result.reason;
    const before = then === undefined ? 'did not exist' : `was ${then.result} (${then.reason})`;
    const finding = checkFinding(result);
    return {
      ...finding,
      message: isSame ? finding.message : `${finding.message} [When it was recorded, this check ${before}.]`.trim(),
      at: { file, line: 1, column: 1 },
    };
  });
}
