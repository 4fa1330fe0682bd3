/** Called with the keys that changed, after the change. */
export type ObservableMapListener<K> = (keys: readonly K[]) => void;

/**
 * State that one controller shares with others: a map with one writer and many
 * readers, which are notified of changes and read the current value (level-based,
 * like a watch). In memory only; what must survive a restart is in the ledger.
 */
export class ObservableMap<K, V> {
  readonly #values = new Map<K, V>();
  readonly #listeners: ObservableMapListener<K>[] = [];
  readonly #equal: (left: V, right: V) => boolean;

  /** `equal`: whether a written value is the same as the former one. */
  constructor(equal: (left: V, right: V) => boolean) {
    this.#equal = equal;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Writes values; `undefined` removes one. Listeners are called once, with the keys whose values changed. */
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

  /** Replaces the whole content: keys that are not in `entries` are removed. */
  replace(entries: Iterable<readonly [K, V]>): void {
    const next = new Map(entries);
    const gone = [...this.#values.keys()].filter((key) => !next.has(key));
    this.set([...gone.map((key) => [key, undefined] as const), ...next]);
  }

  onChange(listener: ObservableMapListener<K>): void {
    this.#listeners.push(listener);
  }
}
