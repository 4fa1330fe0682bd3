import type { CheckContext, CheckResult } from '../../checks/check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** Version of the form of a record. */
const FORMAT = 'byob-record/1';

/** What was asked of one bucket and what it answered, without a secret and with every name and id replaced. */
export interface RecordedProbe {
  readonly context: CheckContext;
  readonly ignore: readonly string[];
  readonly observations: Observations;
  /** How it was judged when it was recorded. */
  readonly results: readonly Pick<CheckResult, 'name' | 'result' | 'reason'>[];
}

/** The probes of one run, for a bug report. */
export interface ProbeRecord {
  readonly format: typeof FORMAT;
  /** The version that recorded it. */
  readonly version: string;
  readonly probes: readonly RecordedProbe[];
}

export function recordOf(version: string, probes: readonly RecordedProbe[]): ProbeRecord {
  return { format: FORMAT, version, probes };
}

/** The record in a text, or why it is none. */
export function parseRecord(text: string): Result<ProbeRecord, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is no JSON');
  }
  const { format, probes } = (value ?? {}) as Partial<ProbeRecord>;
  if (format !== FORMAT || !Array.isArray(probes)) return err(`it is no record of this version (${FORMAT})`);
  return probes.every(isProbe) ? ok(value as ProbeRecord) : err('one of its probes is incomplete');
}

function isProbe(value: unknown): boolean {
  const { context, observations, ignore, results } = (value ?? {}) as Partial<RecordedProbe>;
  return (
    typeof context?.storage === 'object' &&
    typeof observations?.mode === 'string' &&
    Array.isArray(ignore) &&
    Array.isArray(results)
  );
}
