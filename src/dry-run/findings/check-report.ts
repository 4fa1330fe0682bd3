import type { Location } from '../../manifests/manifest.ts';

/** As results of checks, from the best to the worst that decides. */
export type FindingResult = 'Pass' | 'Warn' | 'Skip' | 'Unknown' | 'Fail';

/** One thing that was checked about an object. */
export interface Finding {
  /** A check of a bucket, a condition, or `Manifest`. */
  readonly check: string;
  readonly result: FindingResult;
  readonly reason: string;
  readonly message: string;
  /** The exact action that fixes it. */
  readonly remedy?: string;
  /** Reported only: it does not keep the storage from being used. */
  readonly advisory?: true;
  readonly at: Location;
}

/** A finding without its place. */
export type UnplacedFinding = Omit<Finding, 'at'>;

/** A storage with everything that was found about it. */
export interface ObjectReport {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The bucket as the status shows it; absent if the spec names none. */
  readonly bucket?: string;
  readonly at: Location;
  readonly findings: readonly Finding[];
}

export interface CheckReport {
  /** Whether the buckets were asked. */
  readonly isLive: boolean;
  readonly objects: readonly ObjectReport[];
  /** Parts of files that are no manifests. */
  readonly files: readonly Finding[];
}

/** Storages whose credentials are not given, so that only the rest was checked. */
export function withoutCredentials({ objects }: CheckReport): readonly ObjectReport[] {
  return objects.filter(({ findings }) =>
    findings.some(({ check, result }) => check === 'CredentialsResolved' && result === 'Skip'),
  );
}

/** Conditions that some storage asks for, and that only a running operator decides. */
export function leftToOperator({ objects }: CheckReport): readonly string[] {
  const findings = objects.flatMap((object) => object.findings);
  return [...new Set(findings.filter(({ reason }) => reason === 'NotJudged').map(({ check }) => check))];
}

/** The worst result: what fails comes before what could not be decided. Advisory findings are at most warnings. */
export function worstOf(findings: readonly Finding[]): 'Pass' | 'Warn' | 'Unknown' | 'Fail' {
  const results = new Set(findings.map(countedResult));
  return (['Fail', 'Unknown', 'Warn'] as const).find((result) => results.has(result)) ?? 'Pass';
}

/** The result as it counts. */
export function countedResult({ result, advisory }: Pick<Finding, 'result' | 'advisory'>): FindingResult {
  if (advisory !== true || result === 'Pass' || result === 'Skip') return result;
  return result === 'Unknown' ? 'Skip' : 'Warn';
}

/** All findings of a report. */
export function allFindings({ files, objects }: CheckReport): readonly Finding[] {
  return [...files, ...objects.flatMap(({ findings }) => findings)];
}
