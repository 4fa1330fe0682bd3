import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { CONDITIONS, inOrder, isSummary } from '../../domain/conditions/condition-table.ts';
import { findCondition, type Condition } from '../../domain/conditions/conditions.ts';

/** A check or a condition that is not as it should be. */
export interface StorageProblem {
  readonly name: string;
  readonly result: 'Fail' | 'Warn' | 'Unknown';
  readonly reason: string;
  readonly message?: string;
  readonly remedy?: string;
}

type Checks = NonNullable<NonNullable<TeamStorage['status']>['checks']>;

/** Reasons of a condition that is True, and of which an administrator should know. */
const NOTEWORTHY = new Set(['LastKnownGood', 'RotationHeld', 'PassedWithIgnoredChecks']);
/** Shown elsewhere: what the server runs with, and who reaches whose files. */
const ELSEWHERE = new Set(['Delivered', 'RolledOut', 'Isolated']);

/** What is not as it should be with a storage, in the order in which it should be fixed; nothing is listed twice. */
export function problemsOf({ kind, status }: InstanceStorage | TeamStorage): readonly StorageProblem[] {
  const { conditions = [], checks = [] } = status ?? {};
  const ready = findCondition(conditions, 'Ready');
  const ofChecks = checkProblems(checks, ready);
  const explained = new Set(ofChecks.map(({ reason }) => reason));
  const ofConditions = inOrder(kind, conditions)
    .filter((one) => !isSummary(one) && !ELSEWHERE.has(one.type) && !explained.has(one.reason))
    .flatMap((one) => conditionProblem(kind, one));
  // What a check explains comes before what follows from it, such as Published.
  const isEarlier = ({ name }: StorageProblem): boolean => name === 'Accepted' || name === 'CredentialsResolved';
  const found = [...ofConditions.filter(isEarlier), ...ofChecks, ...ofConditions.filter((one) => !isEarlier(one))];
  if (ready === undefined || ready.status === 'True' || found.some(({ reason }) => reason === ready.reason)) {
    return found;
  }
  return [problem(ready, ready.status === 'False' ? 'Fail' : 'Unknown'), ...found];
}

function checkProblems(checks: Checks, ready: Condition | undefined): readonly StorageProblem[] {
  return checks.flatMap(({ name, result, reason, message, remedy }) => {
    // What could not be decided and keeps nothing from being Ready is common: a setting that may not be read.
    if (result === 'Pass' || result === 'Skip' || (result === 'Unknown' && ready?.status === 'True')) return [];
    return [defined({ name, result, reason, message, remedy })];
  });
}

function conditionProblem(kind: keyof typeof CONDITIONS, condition: Condition): readonly StorageProblem[] {
  const { type, status, reason } = condition;
  const isNegative = CONDITIONS[kind].find((row) => row.type === type)?.polarity === 'Negative';
  if (isNegative) return status === 'True' ? [problem(condition, 'Warn')] : [];
  if (status === 'True') return NOTEWORTHY.has(reason) ? [problem(condition, 'Warn')] : [];
  if (reason === 'NotReached') return [];
  return [problem(condition, status === 'False' ? 'Fail' : 'Unknown')];
}

function problem({ type, reason, message }: Condition, result: StorageProblem['result']): StorageProblem {
  return { name: type, result, reason, ...(message !== '' && { message }) };
}
