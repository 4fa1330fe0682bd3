/** Objects by a key that they name themselves: what would be a search through all of them is a look. */
export interface ObjectIndex<T> {
  /** Takes out what was there and puts in what takes its place. */
  change(before: T | undefined, after: T | undefined): void;
  /** In no particular order; the same list until one of its objects changes. */
  get(key: string): readonly T[];
}

interface Entry<T> {
  readonly objects: Set<T>;
  /** Absent after a change, until somebody asks. */
  list?: readonly T[] | undefined;
}

const NONE: readonly never[] = [];

export function createObjectIndex<T>(keysOf: (object: T) => readonly string[]): ObjectIndex<T> {
  const entries = new Map<string, Entry<T>>();

  function take(object: T): void {
    for (const key of keysOf(object)) {
      const entry = entries.get(key);
      if (entry === undefined) continue;
      entry.objects.delete(object);
      entry.list = undefined;
      if (entry.objects.size === 0) entries.delete(key);
    }
  }

  function put(object: T): void {
    for (const key of keysOf(object)) {
      const entry = entries.get(key);
      if (entry === undefined) {
        entries.set(key, { objects: new Set([object]) });
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
      entry.list ??= [...entry.objects];
      return entry.list;
    },
  };
}
