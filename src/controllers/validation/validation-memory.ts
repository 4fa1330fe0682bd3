import type { CheckResult } from '../../checks/check.ts';
import { failureClass, firstFault, isProven } from '../../checks/roll-up.ts';
import { defined } from '../../base/defined.ts';
import { recordedTime } from '../../base/recorded-time.ts';
import type { FailureClass } from '../../domain/conditions/failure-class.ts';
import type { ProbeMode } from '../../domain/observations/observations.ts';
import type { ProbeHistory, ProbePolicy } from '../../domain/validation/probe-schedule.ts';
import { TOLERATED_TRIES, tolerateFault } from '../../domain/validation/transient-fault.ts';

/** What is known of one object from its probes. */
export interface Memory {
  readonly history: ProbeHistory;
  /** Wall time of the last full validation, for display; 0: never. */
  readonly lastFullTime: number;
  readonly results: readonly CheckResult[];
  readonly lastGood?: readonly CheckResult[];
  readonly faults: number;
  /** Token of the last request that a probe has answered. */
  readonly answered?: string;
  /** When the path was last tried with these inputs, whatever came of it. */
  readonly tried?: Moment;
  /** The survey by which the results were judged last. */
  readonly survey?: SurveyUsed;
}

/** Identifies a survey; `beganAt` is monotonic. */
export interface SurveyUsed {
  readonly revision: number;
  readonly beganAt: number;
}

/** One moment on both clocks. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The results of a probe, or of a survey that another claim's probe made. */
export interface Seen {
  readonly inputs: string;
  readonly mode: ProbeMode;
  readonly results: readonly CheckResult[];
  readonly survey?: SurveyUsed;
  /** It was this object's own probe. */
  readonly isOwn: boolean;
}

/** The validation in the status of a Ready object. */
export interface RecordedValidation {
  readonly fingerprint: string;
  readonly lastFullAt: number;
  readonly checks: readonly CheckResult[];
}

/** The time of a probe that never ran: everything that is measured from it is due. */
const NEVER = Number.NEGATIVE_INFINITY;

/** No survey has this number: the next one is news. */
const NO_SURVEY: SurveyUsed = { revision: 0, beganAt: NEVER };

/** The memory after new results. `known`: what was known with the same inputs; results of other inputs do not count. */
export function remember(seen: Seen, known: Memory | undefined, now: Moment): Memory {
  const tried = seen.mode === 'Full' ? now : known?.tried;
  // A survey of its own that brought no facts is followed by a full probe, which shows why.
  const survey = seen.survey ?? (seen.mode === 'Light' ? known?.survey : undefined);
  return { ...after(seen, known, now), ...defined({ tried, survey }) };
}

function after(seen: Seen, known: Memory | undefined, now: Moment): Base {
  if (!isProven(seen.results)) return afterFailure(seen, known, now);
  // The fault of a probe at the path is not undone by what a survey sees.
  if (seen.mode === 'Survey' && known !== undefined && isTolerating(known)) return { ...known, results: seen.results };
  return afterSuccess(seen, known, now);
}

/** The last probe met a passing fault, which does not count yet. */
function isTolerating({ history, results }: Memory): boolean {
  return history.failing !== undefined && isProven(results);
}

type Base = Omit<Memory, 'tried' | 'survey' | 'answered'>;

function afterSuccess(seen: Seen, known: Memory | undefined, now: Moment): Base {
  const full = fullMoment(seen.mode, known, now);
  const { lastProbeAt } = known?.history ?? { lastProbeAt: now.monotonic };
  const history = {
    inputs: seen.inputs,
    lastFullAt: full.monotonic,
    lastProbeAt: seen.isOwn ? now.monotonic : lastProbeAt,
  };
  return { history, lastFullTime: full.wall, results: seen.results, lastGood: seen.results, faults: 0 };
}

/** The time of the last full validation; where a survey completes an earlier trial, the older of both counts. */
function fullMoment(mode: ProbeMode, known: Memory | undefined, now: Moment): Moment {
  if (mode === 'Full') return now;
  const trial = mode === 'Survey' ? laterOf(known) : undefined;
  return trial ?? lastFullOf(known);
}

function lastFullOf(known: Memory | undefined): Moment {
  return { monotonic: known?.history.lastFullAt ?? NEVER, wall: known?.lastFullTime ?? 0 };
}

/** When the path was last tried, if that was after the last full validation. */
function laterOf(known: Memory | undefined): Moment | undefined {
  if (known?.tried === undefined) return undefined;
  return known.tried.monotonic > known.history.lastFullAt ? known.tried : undefined;
}

function afterFailure(seen: Seen, known: Memory | undefined, now: Moment): Base {
  const { lastGood, faults = 0 } = known ?? {};
  const failing = failingClass(seen.results);
  const history = failingHistory(seen, known?.history, { failing, now: now.monotonic });
  const base = { history, lastFullTime: lastFullOf(known).wall, faults: faults + 1 };
  if (lastGood === undefined) return { ...base, results: seen.results };
  // Passing faults of a survey are tolerated once for all of its claims.
  const isTolerated = seen.mode !== 'Survey' && faults < TOLERATED_TRIES && failing === 'transient';
  const fault = isTolerated ? firstFault(seen.results) : undefined;
  return { ...base, results: fault === undefined ? seen.results : tolerateFault(fault, lastGood), lastGood };
}

function failingHistory(
  { inputs, isOwn }: Seen,
  before: ProbeHistory | undefined,
  { failing, now }: { readonly failing: FailureClass; readonly now: number },
): ProbeHistory {
  const since = before?.failing?.since;
  return {
    inputs,
    lastFullAt: before?.lastFullAt ?? NEVER,
    lastProbeAt: isOwn || since === undefined ? now : (before?.lastProbeAt ?? now),
    failing: { failureClass: failing, since: since ?? now },
  };
}

/** The validation in the status of a Ready object counts as a probe, so that a restart does not repeat fresh ones. */
export function restore(
  recorded: RecordedValidation,
  inputs: string,
  policy: ProbePolicy,
  clock: { readonly now: Moment; readonly lightProbeAt: number },
): Memory | undefined {
  // The recorded results lack checks of this version: probe again, as soon as the policy allows.
  const isComplete = isProven(recorded.checks);
  if (!isComplete && policy.mode === 'Full') return undefined;
  const { lastFullAt: lastFullTime, checks } = recorded;
  const { now } = clock;
  // From here on it is measured by the monotonic clock.
  const lastFullAt = now.monotonic - (now.wall - recordedTime(lastFullTime, now.wall));
  const history = { inputs, lastFullAt, lastProbeAt: isComplete ? clock.lightProbeAt : NEVER };
  const tried = { monotonic: lastFullAt, wall: lastFullTime };
  return { history, lastFullTime, results: checks, lastGood: checks, faults: 0, tried, survey: NO_SURVEY };
}

function failingClass(results: readonly CheckResult[]): FailureClass {
  const failure = failureClass(results);
  // Nothing failed, but a required check is undecided: probe again soon.
  return failure === 'none' ? 'transient' : failure;
}
