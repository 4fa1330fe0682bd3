import type { ObjectKey } from '../../../src/api/object.ts';
import { fieldsIn, frozenCopy, omit, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';

/** One write, as watches hear of it. */
export interface StoredChange {
  readonly kind: Kind;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
  /** The object at the version of the change; of a deleted one the last state. */
  readonly object: Fields;
}

/** What etcd is to the API server: objects by kind and key, with one version that rises with every write. */
export function createStorage(deps: { readonly clock: { now(): number } }) {
  const objects = new Map<string, { readonly kind: Kind; readonly key: ObjectKey; readonly object: Fields }>();
  const listeners: ((change: StoredChange) => void)[] = [];
  /** A cluster has a past. */
  let version = 1000;
  let uids = 0;

  function idOf({ group, kind }: Kind, { namespace, name }: ObjectKey): string {
    return [group, kind, namespace, name].join('/');
  }

  function get(kind: Kind, key: ObjectKey): Fields | undefined {
    return objects.get(idOf(kind, key))?.object;
  }

  /** Sorted by key, as the server lists. */
  function list(kind: Kind, namespace?: string): readonly Fields[] {
    return [...objects.entries()]
      .filter(([, stored]) => stored.kind === kind && (namespace === undefined || stored.key.namespace === namespace))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { object }]) => object);
  }

  function put(kind: Kind, key: ObjectKey, object: Fields): Fields {
    version += 1;
    const before = get(kind, key);
    const after = frozenCopy(atVersion(object, version));
    objects.set(idOf(kind, key), { kind, key, object: after });
    tell({ kind, before, after, object: after });
    return after;
  }

  function remove(kind: Kind, key: ObjectKey): void {
    const before = get(kind, key);
    if (before === undefined) return;
    version += 1;
    objects.delete(idOf(kind, key));
    tell({ kind, before, after: undefined, object: frozenCopy(atVersion(before, version)) });
  }

  function removeAll(kind: Kind): void {
    for (const stored of [...objects.values()]) if (stored.kind === kind) remove(kind, stored.key);
  }

  function tell(change: StoredChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    get,
    list,
    put,
    remove,
    removeAll,
    /** RFC 3339 with whole seconds. */
    time: () => `${new Date(deps.clock.now()).toISOString().slice(0, 19)}Z`,
    newUid: () => `00000000-0000-4000-8000-${String(++uids).padStart(12, '0')}`,
    onChange: (listener: (change: StoredChange) => void) => void listeners.push(listener),
    get version() {
      return String(version);
    },
  };
}

export type Storage = ReturnType<typeof createStorage>;

function atVersion(object: Fields, version: number): Fields {
  const metadata = { ...omit(fieldsIn(object['metadata']), 'resourceVersion'), resourceVersion: String(version) };
  return { ...object, metadata };
}
