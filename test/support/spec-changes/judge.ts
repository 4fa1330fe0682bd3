import { CHECK_REASONS } from '../../../src/checks/catalogue.ts';
import { findCondition } from '../../../src/domain/conditions/conditions.ts';
import { CONDITION_REASONS } from '../../../src/domain/conditions/reasons.ts';
import type { Storage } from './world.ts';

const REASONS = new Set([
  ...Object.values(CONDITION_REASONS).flatMap((table) => Object.keys(table)),
  ...Object.keys(CHECK_REASONS),
]);

/** What is wrong with the conditions of an object that has come to its end. */
export function conditionFlaws({ metadata, status }: Storage): readonly string[] {
  const conditions = status?.conditions ?? [];
  const isSuspended = findCondition(conditions, 'Ready')?.reason === 'Suspended';
  const unknown = conditions.filter(({ reason }) => !REASONS.has(reason));
  const old = conditions.filter(({ observedGeneration }) => observedGeneration !== metadata.generation);
  const checks = (status?.checks ?? []).filter(({ reason }) => !REASONS.has(reason));
  return [
    ...(findCondition(conditions, 'Ready') === undefined ? ['it has no condition Ready'] : []),
    ...unknown.map(({ type, reason }) => `the reason ${reason} of ${type} is not in the catalogue`),
    ...checks.map(({ name, reason }) => `the reason ${reason} of ${name} is not in the catalogue`),
    // Without a validation the others stay those of the spec that was validated.
    ...(isSuspended ? [] : old.map(({ type }) => `${type} is about a former generation`)),
  ];
}
