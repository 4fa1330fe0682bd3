/** JSON as objects are stored: fields by name. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value; none where it has none. */
export function fieldsIn(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** A text that is equal for equal JSON, whatever the order of the fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isFields(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

export function sameJson(left: unknown, right: unknown): boolean {
  return canonical(left ?? null) === canonical(right ?? null);
}

/** A copy that nobody can change, without what is `undefined`: as if it came over the wire. */
export function frozenCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) => Object.freeze(item)) as T;
}

/** A JSON merge patch (RFC 7396). */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Record<string, unknown> = { ...fieldsIn(target) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, name);
    else merged[name] = mergePatched(merged[name], value);
  }
  return merged;
}

/** The fields without some of them. */
export function omit(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
