import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ConditionReason } from './condition-reason.ts';
import type { ConditionDraft } from './conditions.ts';
import type { Problem } from './problem.ts';
import { CONDITION_REASONS } from './reasons.ts';

const REASONS = Object.entries(CONDITION_REASONS).flatMap(([condition, table]) =>
  Object.entries<ConditionReason>(table).map(([name, reason]) => ({ condition, name, reason })),
);

/** All code but the catalogue itself. */
const CODE = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/(reasons|\.test)\.ts$/.test(file))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');

const PAGE = readFileSync('docs/reference/conditions.md', 'utf8');

describe('the reasons of conditions', () => {
  it.each(REASONS)('$condition: $name is one that the operator gives', ({ name }) => {
    expect(CODE).toContain(`'${name}'`);
  });

  it.each(REASONS)('$condition: $name is documented', ({ name, reason }) => {
    expect(PAGE).toContain(`| ${name} |`);
    expect(PAGE).toContain(reason.meaning);
  });

  it.each(REASONS)('$condition: $name has a meaning, and a remedy where it is not True', ({ name, reason }) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(reason.meaning).toMatch(/\.$/);
    if (reason.status !== 'True') expect(reason.remedy).not.toBe('');
  });

  it('are the only ones that compile', () => {
    const draft = { type: 'Ready', status: 'False', message: '' } as const;
    // @ts-expect-error: not in the catalogue
    const bare: ConditionDraft = { ...draft, reason: 'SomethingElse' };
    // @ts-expect-error: not in the catalogue
    const unknown: Problem = { reason: 'SomethingElse', message: '', failureClass: 'spec' };
    // @ts-expect-error: the catalogue gives the class `reference`
    const otherClass: Problem = { reason: 'SecretNotFound', message: '', failureClass: 'spec' };
    expect([bare, unknown, otherClass].map(({ reason }) => reason in CONDITION_REASONS)).toEqual([false, false, false]);
  });
});
