/** Objects by a key that they name themselves: what would be a search through all of them is a look. */
export interface ObjectIndex<T> {
  /** Takes out what was there and puts in what takes its place. */
  change(before: T | undefined, after: T | undefined): void;
  /** In no particular order. */
  get(key: string): readonly T[];
}

export function createObjectIndex<T>(keysOf: (object: T) => readonly string[]): ObjectIndex<T> {
  const objects = new Map<string, Set<T>>();

  function take(object: T): void {
    for (const key of keysOf(object)) {
      const set = objects.get(key);
      set?.delete(object);
      if (set?.size === 0) objects.delete(key);
    }
  }

  function put(object: T): void {
    for (const key of keysOf(object)) {
      const set = objects.get(key);
      if (set === undefined) objects.set(key, new Set([object]));
      else set.add(object);
    }
  }

  return {
    change(before, after) {
      if (before !== undefined) take(before);
      if (after !== undefined) put(after);
    },
    get: (key) => [...(objects.get(key) ?? [])],
  };
}
