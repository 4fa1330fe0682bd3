/** Called with the keys that changed, after the change. */
export type ObservableMapListener<K> = (keys: readonly K[]) => void;

/**
 * What one controller knows and another needs: a map with one writer and many
 * readers, who are woken by changes and read the present value (level-based,
 * like a watch). It lives in memory; what must survive a restart is in the ledger.
 */
export class ObservableMap<K, V> {
  readonly #values = new Map<K, V>();
  readonly #listeners: ObservableMapListener<K>[] = [];
  readonly #equal: (left: V, right: V) => boolean;

  /** `equal`: when a written value is no change. */
  constructor(equal: (left: V, right: V) => boolean) {
    this.#equal = equal;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Writes values; `undefined` removes one. Listeners are called once, with the keys that really changed. */
  set(entries: Iterable<readonly [K, V | undefined]>): void {
    const changed: K[] = [];
    for (const [key, value] of entries) {
      const before = this.#values.get(key);
      if (value === undefined) {
        if (this.#values.delete(key)) changed.push(key);
      } else if (before === undefined || !this.#equal(before, value)) {
        this.#values.set(key, value);
        changed.push(key);
      }
    }
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
  }

  /** Writes the whole content: keys that are not among the entries are removed. */
  replace(entries: Iterable<readonly [K, V]>): void {
    const next = new Map(entries);
    const gone = [...this.#values.keys()].filter((key) => !next.has(key));
    this.set([...gone.map((key) => [key, undefined] as const), ...next]);
  }

  onChange(listener: ObservableMapListener<K>): void {
    this.#listeners.push(listener);
  }
}
