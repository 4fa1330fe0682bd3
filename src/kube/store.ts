import type { KubeObject, ObjectCache, ObjectKey } from '../ports/kube.ts';

/** A change of a cached object. Handlers only queue keys: they must not throw and must not block. */
export type StoreChange<T extends KubeObject> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly object: T };

export type StoreHandler<T extends KubeObject> = (change: StoreChange<T>) => void;

/** The one writer of a store: its reflector. */
export interface StoreWriter<T extends KubeObject> {
  /** The complete list: what is not in it was deleted while we did not look. */
  replace(objects: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
}

export interface Store<T extends KubeObject> {
  readonly writer: StoreWriter<T>;
  readonly reader: ObjectCache<T>;
  /** Handlers hear of all later changes; what is cached already is in the reader. */
  onChange(handler: StoreHandler<T>): void;
  /** Resolves once the first list is complete. */
  readonly whenSynced: Promise<void>;
}

/**
 * An empty store. `managedFields` are dropped on the way in: they are most of an
 * object's bytes. `transform` says what is kept of the rest; it must not throw.
 */
export function createStore<T extends KubeObject>(transform: (object: T) => T = (object) => object): Store<T> {
  const objects = new Map<string, T>();
  const handlers: StoreHandler<T>[] = [];
  let synced = false;
  let announceSync: () => void = () => undefined;
  const whenSynced = new Promise<void>((resolve) => {
    announceSync = resolve;
  });

  function emit(change: StoreChange<T>): void {
    for (const handler of handlers) handler(change);
  }

  function put(incoming: T): void {
    const object = transform(withoutManagedFields(incoming));
    const id = idOf(object);
    const previous = objects.get(id);
    // A relist brings everything again: what has not changed is no change.
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion && previous !== undefined) return;
    objects.set(id, object);
    if (previous === undefined) {
      emit({ type: 'added', object });
    } else if (previous.metadata.uid === object.metadata.uid) {
      emit({ type: 'updated', object, previous });
    } else {
      // Deleted and made again while we did not look.
      emit({ type: 'deleted', object: previous });
      emit({ type: 'added', object });
    }
  }

  function remove(object: KubeObject): void {
    const previous = objects.get(idOf(object));
    if (previous === undefined) return;
    objects.delete(idOf(object));
    emit({ type: 'deleted', object: previous });
  }

  return {
    writer: {
      replace(list) {
        const present = new Set(list.map(idOf));
        for (const [id, object] of [...objects]) if (!present.has(id)) remove(object);
        for (const object of list) put(object);
        synced = true;
        announceSync();
      },
      put,
      remove,
    },
    reader: {
      get synced() {
        return synced;
      },
      get: (key) => objects.get(keyId(key)),
      list: (namespace) =>
        [...objects.values()].filter((object) => namespace === undefined || object.metadata.namespace === namespace),
    },
    onChange(handler) {
      handlers.push(handler);
    },
    whenSynced,
  };
}

function idOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function keyId(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}

function withoutManagedFields<T extends KubeObject>(object: T): T {
  const metadata: T['metadata'] & { managedFields?: unknown } = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
}
