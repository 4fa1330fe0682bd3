import { foreignReason, type ForeignReason } from '../domain/conditions/conditions.ts';
import type { BUCKET_GATE_REASONS } from '../domain/validation/reasons.ts';
import { explainProblem } from '../domain/conditions/problem.ts';
import { CATALOGUE, checkReason } from './catalogue.ts';
import { GATES, type Check, type CheckResult, type Gate } from './check.ts';

export type { Gate } from './check.ts';

/** The combined result of the checks of one gate. */
export interface GateRollUp {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: keyof typeof BUCKET_GATE_REASONS | ForeignReason;
  readonly message: string;
  /** A required check was left out by `spec.validation.ignore`. */
  readonly ignored: boolean;
}

/**
 * The three gates: a gate is True only if each of its required
 * checks is Pass, Warn, Skip/NotApplicable or Skip/Ignored (or Unknown, where
 * it is required only when the result is known). A Fail makes it
 * False, with the message of the first in the catalogue's order; anything else
 * makes it Unknown.
 */
export function rollUp(results: readonly CheckResult[]): Readonly<Record<Gate, GateRollUp>> {
  const named = byName(results);
  const entries = GATES.map((gate) => [gate, rollUpGate(gate, named)] as const);
  return Object.fromEntries(entries) as Record<Gate, GateRollUp>;
}

/** Whether every required check of every gate is satisfied. */
export function isProven(results: readonly CheckResult[]): boolean {
  return openChecks(results).length === 0;
}

/** The required checks that keep a bucket from being proven. */
export function openChecks(results: readonly CheckResult[]): readonly Check[] {
  return openAmong(byName(results));
}

/** The first required check that keeps a bucket from being proven; failed checks come before undecided ones. */
export function firstFault(results: readonly CheckResult[]): CheckResult | undefined {
  const named = byName(results);
  const open = openAmong(named).map(({ name }) => named.get(name));
  return open.find((result) => result?.result === 'Fail') ?? open.find((result) => result !== undefined);
}

/** Who must act on the first required check that failed; `none` when none did. */
export function failureClass(results: readonly CheckResult[]): 'none' | 'spec' | 'external' | 'transient' {
  const named = byName(results);
  const failure = REQUIRED.map(({ name }) => named.get(name)).find((result) => result?.result === 'Fail');
  if (failure === undefined) return 'none';
  // Unknown reasons, read from a status of another version, are retried soon.
  return checkReason(failure.reason)?.class ?? 'transient';
}

function rollUpGate(gate: Gate, results: Results): GateRollUp {
  const checks = REQUIRED_OF.get(gate) ?? [];
  const found = checks.map(({ name }) => results.get(name));
  const ignored = found.some((result) => result?.reason === 'Ignored');
  const failure = found.find((result) => result?.result === 'Fail');
  if (failure !== undefined) return { ...messageOf(failure), status: 'False', ignored };
  const open = checks.find((check) => !isSatisfied(check, results));
  if (open !== undefined) {
    const result = results.get(open.name);
    return { ...messageOf(result ?? notJudged(open)), status: 'Unknown', ignored };
  }
  return { status: 'True', reason: ignored ? 'PassedWithIgnoredChecks' : 'Passed', message: summary(found), ignored };
}

const REQUIRED: readonly Check[] = CATALOGUE.filter((check) => check.required !== false);

const REQUIRED_OF: ReadonlyMap<Gate | undefined, readonly Check[]> = Map.groupBy(REQUIRED, ({ gate }) => gate);

/** By the name of the check, which has one result. */
type Results = ReadonlyMap<string, CheckResult>;

function byName(results: readonly CheckResult[]): Results {
  return new Map(results.map((result) => [result.name, result] as const));
}

function openAmong(results: Results): readonly Check[] {
  return REQUIRED.filter((check) => !isSatisfied(check, results));
}

function isSatisfied(check: Check, results: Results): boolean {
  const result = results.get(check.name);
  if (result === undefined) return false;
  if (check.required === 'WhenKnown' && result.result === 'Unknown') return true;
  if (result.result === 'Pass' || result.result === 'Warn') return true;
  return result.result === 'Skip' && (result.reason === 'NotApplicable' || result.reason === 'Ignored');
}

function messageOf(result: CheckResult): Pick<GateRollUp, 'reason' | 'message'> {
  const { message = `${result.name} is ${result.result}.`, remedy } = result;
  return {
    reason: foreignReason(result.reason),
    message: explainProblem({ message, ...(remedy !== undefined && { remedy }) }),
  };
}

function notJudged(check: Check): CheckResult {
  return {
    name: check.name,
    result: 'Unknown',
    reason: 'NotObserved',
    message: `${check.name} has not been checked yet.`,
  };
}

function summary(found: readonly (CheckResult | undefined)[]): string {
  const named = (wanted: (result: CheckResult) => boolean): string =>
    found
      .filter((result) => result !== undefined)
      .filter(wanted)
      .map((result) => result.name)
      .join(', ');
  const parts = [
    ['Passed', named((result) => result.result === 'Pass')],
    ['With a warning', named((result) => result.result === 'Warn')],
    ['Not known', named((result) => result.result === 'Unknown')],
    ['Not applicable', named((result) => result.reason === 'NotApplicable')],
    ['Ignored', named((result) => result.reason === 'Ignored')],
  ];
  return parts.flatMap(([title, names]) => (names === '' ? [] : [`${title ?? ''}: ${names ?? ''}.`])).join(' ');
}
