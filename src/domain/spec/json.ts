import type { Problem } from '../conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** Untrusted JSON: admission may have been bypassed, or be older than this code. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object; not a list and not null. */
export function asJsonObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A property of the object itself, not of its prototype, if it is a text. */
export function text(bag: JsonObject | undefined, key: string): string | undefined {
  const value = own(bag, key);
  return typeof value === 'string' ? value : undefined;
}

/** The form of a text; `expected` completes "must be". */
export interface TextForm {
  readonly pattern: RegExp;
  readonly expected: string;
}

/** The name of an object that a spec refers to. */
export const OBJECT_NAME: TextForm = {
  pattern: /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
  expected: 'the name of an object of this namespace',
};

/** An own text property that may be absent. A value of another form is a problem, and does not count as absent. */
export function optionalText(
  bag: JsonObject | undefined,
  key: string,
  field: string,
  { pattern, expected }: TextForm,
): Result<string | undefined, Problem> {
  const value = own(bag, key);
  if (value === undefined) return ok(undefined);
  return typeof value === 'string' && pattern.test(value)
    ? ok(value)
    : invalidSpec(`${field}.${key} must be ${expected}.`);
}

/** An own property of any type. */
export function own(bag: JsonObject | undefined, key: string): unknown {
  return bag !== undefined && Object.hasOwn(bag, key) ? bag[key] : undefined;
}

/** A problem with a spec that admission should have refused. */
export function invalidSpec(message: string): { ok: false; error: Problem } {
  return err({
    reason: 'InvalidSpec',
    message,
    remedy: 'Correct the object; admission would have refused it, so check that the CRDs are up to date.',
    failureClass: 'spec',
  });
}
