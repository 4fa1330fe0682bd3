/**
 * What was read or written last, by key, until the watch shows another version. A version that the watch shows while a
 * request is on its way counts too: the answer may be older than that version, and no later event would show it.
 */
export class WatchedMemory<V extends { readonly resourceVersion: string | undefined }> {
  readonly #values = new Map<string, V>();
  /** By key of a request that is on its way: the version that the watch showed last since it began. */
  readonly #shown = new Map<string, { readonly version: string | undefined } | undefined>();

  get(id: string): V | undefined {
    return this.#values.get(id);
  }

  /** Runs a request. Requests for one key must follow each other. `keep` is for its answer. */
  async during<T>(id: string, request: (keep: (value: V) => void) => Promise<T>): Promise<T> {
    this.#shown.set(id, undefined);
    try {
      return await request((value) => this.#keep(id, value));
    } finally {
      this.#shown.delete(id);
    }
  }

  forget(id: string): void {
    this.#values.delete(id);
  }

  /**
   * To be called with every version that the watch shows, `undefined` for a deletion. A late event only costs a read.
   * Returns whether the version is news: not the one that was read or written last.
   */
  invalidate(id: string, version: string | undefined): boolean {
    if (this.#shown.has(id)) this.#shown.set(id, { version });
    if (version !== undefined && this.#values.get(id)?.resourceVersion === version) return false;
    this.#values.delete(id);
    return true;
  }

  #keep(id: string, value: V): void {
    const shown = this.#shown.get(id);
    if (shown === undefined || shown.version === value.resourceVersion) this.#values.set(id, value);
    else this.#values.delete(id);
  }
}
