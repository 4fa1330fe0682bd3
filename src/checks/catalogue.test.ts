import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CATALOGUE, CHECK_REASONS, checksThatGive, type CheckReasonName } from './catalogue.ts';
import { canList } from './bucket-usable/can-list.ts';
import { defineCheck } from './check.ts';
import { failed } from './judgement.ts';
import type { CheckReason } from './check-reason.ts';
import { COMMON_REASONS } from './common-reasons.ts';
import { FAILURE_REASONS } from './failures/failure-reasons.ts';
import { SHARED_REASONS } from './shared-reasons.ts';

it('has each check once, after those that must pass before it', () => {
  const names = CATALOGUE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const [index, { name, prerequisites }] of CATALOGUE.entries()) {
    const late = prerequisites.filter((one) => names.slice(0, index).every((before) => before !== one.name));
    expect([name, late.map((one) => one.name)]).toEqual([name, []]);
  }
});

it('explains each reason once, however many checks give it', () => {
  for (const { name, reasons } of CATALOGUE) {
    for (const [reason, explained] of Object.entries<CheckReason>(reasons)) {
      expect([name, reason, CHECK_REASONS[reason as CheckReasonName] === explained]).toEqual([name, reason, true]);
      expect(COMMON_REASONS).not.toHaveProperty(reason);
    }
  }
});

it('keeps for several checks only what several checks give', () => {
  for (const reason of Object.keys(SHARED_REASONS) as (keyof typeof SHARED_REASONS)[]) {
    expect([reason, checksThatGive(reason).length > 1]).toEqual([reason, true]);
  }
});

it('keeps for any check only verdicts of the judge and faults of a single request', () => {
  const faults: readonly string[] = Object.values(FAILURE_REASONS);
  expect(Object.keys(COMMON_REASONS).filter((reason) => !faults.includes(reason))).toEqual([
    'Passed',
    'NotApplicable',
    'Ignored',
    'PrerequisiteFailed',
    'NotObserved',
  ]);
});

it('gives a class to what failed, and to nothing else', () => {
  for (const [name, reason] of Object.entries<CheckReason>(CHECK_REASONS)) {
    expect([name, reason.class !== undefined]).toEqual([name, reason.result === 'Fail']);
  }
});

it('has every check and reason in the reference', () => {
  const page = readFileSync('docs/reference/checks.md', 'utf8');
  for (const name of [...CATALOGUE.map((check) => check.name), ...Object.keys(CHECK_REASONS)]) {
    expect(page).toContain(`| ${name} |`);
  }
});

it('takes no reason that a check does not carry', () => {
  const bare = defineCheck({
    ...canList,
    // @ts-expect-error: neither one of its own nor one that every check can give
    judge: () => failed('WriteDenied', 'Not mine.', 'Name it in reasons.'),
  });
  expect(Object.keys(bare.reasons)).not.toContain('WriteDenied');
});
