import type { Observations } from '../domain/observations/observations.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Check, CheckContext, CheckResult, Judgement } from './check.ts';
import { skipped, unknown } from './judgement.ts';
import { shareResult } from './share-result.ts';
import { isRetained } from './bucket-usable/objects-deletable.ts';

export interface JudgeOptions {
  /** Results of the previous validation, for checks that a light probe or a survey does not cover. */
  readonly previous?: readonly CheckResult[];
  /** Names of `spec.validation.ignore` that are allowed; checks that can never be ignored are not affected. */
  readonly ignore: readonly string[];
}

/**
 * Decides all checks from the observations of a probe, in the order of the catalogue.
 *
 * A check is skipped when it is ignored, does not apply, or a prerequisite failed.
 * A check that a light probe or a survey does not cover keeps its previous result.
 */
export function judgeAll(
  observations: Observations,
  context: CheckContext,
  options: JudgeOptions,
): readonly CheckResult[] {
  const results = new Map<string, CheckResult>();
  for (const check of CATALOGUE) {
    const verdict = judgeOne(check, { observations, context, options, results });
    results.set(check.name, shareResult({ name: check.name, ...verdict }));
  }
  return [...results.values()];
}

interface Bench {
  readonly observations: Observations;
  readonly context: CheckContext;
  readonly options: JudgeOptions;
  readonly results: ReadonlyMap<string, CheckResult>;
}

function judgeOne(check: Check, bench: Bench): Omit<CheckResult, 'name'> {
  const { observations, context, options } = bench;
  if (check.ignorable !== false && options.ignore.includes(check.name)) {
    return skipped('Ignored', 'Left out by spec.validation.ignore.');
  }
  const why = check.notApplicable?.(context);
  if (why !== undefined) return skipped('NotApplicable', why);
  const kept = keptResult(check, bench);
  if (kept !== undefined) return kept;
  const blocker = blockerOf(check, bench.results);
  if (blocker !== undefined) return skipped('PrerequisiteFailed', `Not checked: ${blocker} must pass first.`);
  if (check.needs.some((observation) => observations[observation] === undefined)) {
    return isRetained(observations) ? notWritten() : notObserved();
  }
  return check.judge(observations, context);
}

/** The previous result, unless the observations of this light probe or survey decide the check. */
function keptResult(check: Check, bench: Bench): Omit<CheckResult, 'name'> | undefined {
  const { observations, options } = bench;
  if (observations.mode === 'Full') return undefined;
  const previous = options.previous?.find((result) => result.name === check.name);
  if (previous === undefined || isDecided(check, bench)) return undefined;
  const { result, reason, message, remedy } = previous;
  // A check that was ignored or did not apply before has no result to keep.
  if (result === 'Skip' && (reason === 'Ignored' || reason === 'NotApplicable')) return notObserved();
  return { result, reason, ...(message !== undefined && { message }), ...(remedy !== undefined && { remedy }) };
}

/** Whether a light probe or a survey has seen enough for the check. */
function isDecided(check: Check, { observations, context }: Bench): boolean {
  if (observations.mode === 'Survey' && check.decidedBy !== 'Survey') return false;
  if (check.needs.some((observation) => observations[observation] === undefined)) return false;
  // The one pre-signed GET of a light probe can fail the check but not prove all methods.
  return check.judge(observations, context).reason !== 'NotObserved';
}

function notObserved(): Judgement {
  return unknown(
    'NotObserved',
    'The probe ended before it had an observation for this check; the next full probe decides it.',
  );
}

function notWritten(): Judgement {
  return unknown('NotObserved', 'Nothing was written, because the bucket would not allow its deletion.');
}

/** The failed check that must be fixed first, if a prerequisite failed. */
function blockerOf(check: Check, results: ReadonlyMap<string, CheckResult>): string | undefined {
  for (const prerequisite of check.prerequisites) {
    const { name } = prerequisite;
    const before = results.get(name);
    if (before?.result === 'Fail') return name;
    if (before?.reason === 'PrerequisiteFailed') return blockerOf(prerequisite, results) ?? name;
  }
  return undefined;
}
