/** An index of objects by keys that are derived from them, so that a look-up need not search all objects. */
export interface ObjectIndex<T> {
  /** Replaces `before` by `after`; `undefined` for an object that is new or gone. */
  change(before: T | undefined, after: T | undefined): void;
  /** In no particular order; the same list until one of its objects changes. */
  get(key: string): readonly T[];
}

/** Several objects with one key. */
interface Entry<T> {
  readonly objects: Set<T>;
  /** `objects` as an array, made at the first look-up after a change. */
  list?: readonly T[] | undefined;
}

const NONE: readonly never[] = [];

export function createObjectIndex<T>(keysOf: (object: T) => readonly string[]): ObjectIndex<T> {
  /** A list of one object where there is only one: most keys of an index belong to one object. */
  const entries = new Map<string, readonly T[] | Entry<T>>();

  function take(object: T): void {
    for (const key of keysOf(object)) {
      const entry = entries.get(key);
      if (entry === undefined) continue;
      if (isList(entry)) {
        if (entry[0] === object) entries.delete(key);
        continue;
      }
      entry.objects.delete(object);
      entry.list = undefined;
      if (entry.objects.size === 0) entries.delete(key);
    }
  }

  function put(object: T): void {
    for (const key of keysOf(object)) {
      const entry = entries.get(key);
      if (entry === undefined) {
        entries.set(key, [object]);
        continue;
      }
      if (isList(entry)) {
        entries.set(key, { objects: new Set([...entry, object]) });
        continue;
      }
      entry.objects.add(object);
      entry.list = undefined;
    }
  }

  return {
    change(before, after) {
      if (before !== undefined) take(before);
      if (after !== undefined) put(after);
    },
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return NONE;
      if (isList(entry)) return entry;
      entry.list ??= [...entry.objects];
      return entry.list;
    },
  };
}

function isList<T>(entry: readonly T[] | Entry<T>): entry is readonly T[] {
  return Array.isArray(entry);
}
