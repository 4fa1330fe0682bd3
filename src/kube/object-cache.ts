import type { KubeObject } from '../api/object.ts';
import { keyOf, keyText } from '../api/object-key.ts';
import { without } from '../base/defined.ts';
import type { ObjectChange, WatchedCache } from '../ports/kube.ts';
import { createObjectIndex, type ObjectIndex } from './object-index.ts';

/** The one writer of a cache: its reflector. */
export interface CacheWriter<T extends KubeObject> {
  /** The complete list: an object that is missing in it was deleted while there was no watch. */
  replace(objects: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
}

export interface ObjectCache<T extends KubeObject, I extends string = never> extends WatchedCache<T, I> {
  readonly writer: CacheWriter<T>;
  /** Resolves once the first list is complete. */
  readonly whenSynced: Promise<void>;
}

/** Other ways to find objects than by name: for each index, the keys of an object. */
export type Indexes<T extends KubeObject, I extends string> = Readonly<Record<I, (object: T) => readonly string[]>>;

export interface ObjectCacheOptions<T extends KubeObject, I extends string> {
  readonly indexes?: Indexes<T, I>;
  /** What is kept of an object, beside its former version; it must not throw. */
  readonly transform?: (object: T, previous: T | undefined) => T;
}

/** An empty cache. It drops `managedFields`, which are almost half of an object's bytes. */
export function createObjectCache<T extends KubeObject, I extends string = never>(
  options: ObjectCacheOptions<T, I> = {},
): ObjectCache<T, I> {
  const indexes = options.indexes ?? ({} as Indexes<T, I>);
  const transform = options.transform ?? ((object: T): T => object);
  const objects = new Map<string, T>();
  const byNamespace = createObjectIndex<T>((object) => [object.metadata.namespace ?? '']);
  const byIndex = new Map<string, ObjectIndex<T>>(
    Object.entries<Indexes<T, I>[I]>(indexes).map(([name, keysOf]) => [name, createObjectIndex(keysOf)]),
  );
  const handlers: ((change: ObjectChange<T>) => void)[] = [];
  let synced = false;
  let announceSync: () => void = () => undefined;
  const whenSynced = new Promise<void>((resolve) => {
    announceSync = resolve;
  });

  function emit(change: ObjectChange<T>): void {
    for (const handler of handlers) handler(change);
  }

  /** Must run before `emit`: handlers look the object up in the indexes. */
  function index(before: T | undefined, after: T | undefined): void {
    byNamespace.change(before, after);
    for (const each of byIndex.values()) each.change(before, after);
  }

  function put(incoming: T): void {
    const id = idOf(incoming);
    const previous = objects.get(id);
    // A new list contains every object again, most of them unchanged.
    if (previous?.metadata.resourceVersion === incoming.metadata.resourceVersion && previous !== undefined) return;
    const object = transform(withoutOwners(incoming), previous);
    objects.set(id, object);
    index(previous, object);
    if (previous === undefined) {
      emit({ type: 'added', object });
    } else if (previous.metadata.uid === object.metadata.uid) {
      emit({ type: 'updated', object, previous });
    } else {
      // Deleted and created again while there was no watch.
      emit({ type: 'deleted', object: previous, isLastVersion: false });
      emit({ type: 'added', object });
    }
  }

  function remove(object: KubeObject, isLastVersion: boolean): void {
    const previous = objects.get(idOf(object));
    if (previous === undefined) return;
    objects.delete(idOf(object));
    index(previous, undefined);
    emit({ type: 'deleted', object: previous, isLastVersion });
  }

  return {
    writer: {
      replace(list) {
        const present = new Set(list.map(idOf));
        for (const [id, object] of [...objects]) if (!present.has(id)) remove(object, false);
        for (const object of list) put(object);
        synced = true;
        announceSync();
      },
      put,
      remove: (object) => remove(object, true),
    },
    reader: {
      get synced() {
        return synced;
      },
      get: (key) => objects.get(keyText(key)),
      list: (namespace) => (namespace === undefined ? [...objects.values()] : byNamespace.get(namespace)),
      by: (name, key) => byIndex.get(name)?.get(key) ?? [],
    },
    onChange(handler) {
      handlers.push(handler);
    },
    whenSynced,
  };
}

function idOf(object: KubeObject): string {
  return keyText(keyOf(object));
}

/** Copies only where needed: objects from a watch have no managedFields any more. */
function withoutOwners<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  return { ...object, metadata: without(object.metadata, 'managedFields') };
}
