import { createHash } from 'node:crypto';

export interface StoredObject {
  readonly body: Buffer;
  /** Counts up with each write: what providers make their revision of. */
  readonly generation: number;
  readonly etag: string;
}

/** The objects of one bucket, in memory. */
export interface Objects {
  get(key: string): StoredObject | undefined;
  put(key: string, body: Buffer): StoredObject;
  remove(key: string): void;
  /** Keys below a prefix, in order. */
  keys(prefix: string): readonly string[];
  /** One that is as this is now, and lets this be. */
  copy(): Objects;
}

export function createObjects(from: ReadonlyMap<string, StoredObject> = new Map()): Objects {
  const stored = new Map(from);
  let generation = 1000 + stored.size;
  return {
    get: (key) => stored.get(key),
    put(key, body) {
      const etag = createHash('md5').update(body).digest('hex');
      const object = { body, generation: ++generation, etag };
      stored.set(key, object);
      return object;
    },
    remove: (key) => void stored.delete(key),
    keys: (prefix) => [...stored.keys()].filter((key) => key.startsWith(prefix)).sort(),
    copy: () => createObjects(stored),
  };
}
