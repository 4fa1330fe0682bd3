import type { Problem } from '../conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** JSON that somebody else wrote: admission may have been bypassed, or be older than this code. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object that is neither a list nor null. */
export function asJsonObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Own text property: what a prototype offers is not what the user wrote. */
export function text(bag: JsonObject | undefined, key: string): string | undefined {
  const value = own(bag, key);
  return typeof value === 'string' ? value : undefined;
}

/** A form of texts; `says` completes "must be". */
export interface TextForm {
  readonly pattern: RegExp;
  readonly says: string;
}

/** Own text property that may be absent: of another form it is a problem, never as if it were not there. */
export function optionalText(
  bag: JsonObject | undefined,
  key: string,
  field: string,
  { pattern, says }: TextForm,
): Result<string | undefined, Problem> {
  const value = own(bag, key);
  if (value === undefined) return ok(undefined);
  return typeof value === 'string' && pattern.test(value) ? ok(value) : invalidSpec(`${field}.${key} must be ${says}.`);
}

/** Own property of any kind. */
export function own(bag: JsonObject | undefined, key: string): unknown {
  return bag !== undefined && Object.hasOwn(bag, key) ? bag[key] : undefined;
}

/** The refusal of a spec that admission should have refused. */
export function invalidSpec(message: string): { ok: false; error: Problem } {
  return err({
    reason: 'InvalidSpec',
    message,
    remedy: 'Correct the object; admission would have refused it, so check that the CRDs are up to date.',
    failureClass: 'spec',
  });
}
