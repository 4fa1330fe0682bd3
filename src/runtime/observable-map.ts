/** Told which keys changed, after the change. */
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

  /** Writes values; `undefined` removes one. Listeners hear of the keys that really changed. */
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

  onChange(listener: ObservableMapListener<K>): void {
    this.#listeners.push(listener);
  }
}
