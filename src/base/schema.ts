/**
 * The form that a value must have. Gives the violation as a sentence that begins with
 * `at`, such as `spec.validation.interval`; never repeats the value.
 */
export type Schema = (value: unknown, at: string) => string | undefined;

export const anything: Schema = () => undefined;

export const flag: Schema = (value, at) => (typeof value === 'boolean' ? undefined : `${at} must be true or false.`);

/** A text; `expected` completes "must be". */
export function textOf(pattern: RegExp, expected: string, longest: number): Schema {
  return (value, at) =>
    typeof value === 'string' && value.length <= longest && pattern.test(value)
      ? undefined
      : `${at} must be ${expected}.`;
}

export function oneOf(...values: readonly string[]): Schema {
  return (value, at) =>
    typeof value === 'string' && values.includes(value) ? undefined : `${at} must be one of ${values.join(', ')}.`;
}

/** A list of `fewest` to `most` values of one form. */
export function listOf(item: Schema, most: number, fewest = 0): Schema {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be a list.`;
    if (value.length < fewest || value.length > most) return `${at} must have ${fewest} to ${most} items.`;
    // Loops, because a ledger has thousands of items.
    for (const [index, one] of value.entries()) {
      const violation = item(one, `${at}[${index}]`);
      if (violation !== undefined) return violation;
    }
    return undefined;
  };
}

/** An object; fields that are not listed are not checked. */
export function objectOf(fields: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} must be an object.`;
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return `${at}.${missing} is required.`;
    for (const name of Object.keys(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const violation = field?.((value as Readonly<Record<string, unknown>>)[name], `${at}.${name}`);
      if (violation !== undefined) return violation;
    }
    return undefined;
  };
}

/** Both forms at once. */
export function both(first: Schema, second: Schema): Schema {
  return (value, at) => first(value, at) ?? second(value, at);
}
