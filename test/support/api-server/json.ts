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

/** Whether both are the same JSON, whatever the order of the fields; what is `undefined` is not there. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (isFields(left) && isFields(right)) {
    const isThere = (fields: Fields, name: string): boolean => fields[name] !== undefined;
    return (
      Object.keys(left).every((name) => sameJson(left[name], right[name])) &&
      Object.keys(right).every((name) => !isThere(right, name) || isThere(left, name))
    );
  }
  return (left ?? null) === (right ?? null);
}

/** What `frozenCopy` gave: nobody can change it, so it needs no other copy. */
const frozen = new WeakSet();

/** A copy that nobody can change, without what is `undefined`: as if it came over the wire. */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map((item: unknown) => frozenCopy(item ?? null))
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
          item === undefined ? [] : [[name, frozenCopy(item)]],
        ),
      );
  Object.freeze(copy);
  frozen.add(copy as object);
  return copy as T;
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
