import { keyOf, keyText } from '../api/object-key.ts';
import type { KubeObject, ObjectKey, ResourceType } from '../api/object.ts';
import { err, ok } from '../base/result.ts';
import type { Applied, KubeCall, KubeClient, KubeFailure, MergePatch } from '../ports/kube.ts';

/** The reads of a cluster that stands behind the objects in memory. */
export type KubeReads = Pick<KubeClient, 'get' | 'requestToken'>;

export interface MemoryKube extends KubeClient {
  /** Increased by each write. */
  readonly writes: number;
}

/**
 * A client of an API server that is only memory: it holds the given objects, and what is written to it is sent nowhere.
 * What it does not hold is read from `behind`, if there is a cluster.
 */
export function createMemoryKube(objects: readonly KubeObject[], behind?: KubeReads): MemoryKube {
  const held = new Map<string, KubeObject>(objects.map((object) => [idOf(object.kind, keyOf(object)), object]));

  let writes = 0;

  async function get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): KubeCall<T> {
    const object = held.get(idOf(type.kind, key));
    if (object !== undefined) return ok(object as T);
    return behind === undefined ? err(notFound(type, key)) : behind.get(type, key);
  }

  function put<T extends KubeObject>(type: ResourceType<T>, object: KubeObject): T {
    const resourceVersion = `memory-${(writes += 1)}`;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    held.set(idOf(type.kind, keyOf(object)), stored);
    return stored as T;
  }

  async function apply<T extends KubeObject>(type: ResourceType<T>, object: Applied<T>): KubeCall<T> {
    const found = await get(type, keyOf(object));
    const before = found.ok ? found.value.metadata : undefined;
    return ok(put(type, { ...object, metadata: { ...before, ...object.metadata } }));
  }

  async function mergePatch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: MergePatch,
  ): KubeCall<T> {
    const found = await get(type, key);
    if (!found.ok) return found;
    const { data } = found.value as { readonly data?: Readonly<Record<string, string>> };
    const merged = Object.entries({ ...data, ...patch.data }).filter(([, value]) => value !== null);
    return ok(put(type, { ...found.value, data: Object.fromEntries(merged) }));
  }

  return {
    get writes() {
      return writes;
    },
    get,
    apply,
    mergePatch,
    applyStatus: (type, object) => apply(type, object),
    create: (type, object) => Promise.resolve(ok(put(type, object as KubeObject))),
    replace: (type, object) => Promise.resolve(ok(put(type, object as KubeObject))),
    delete: (type, key) =>
      Promise.resolve(held.delete(idOf(type.kind, key)) ? ok(undefined) : err(notFound(type, key))),
    list: () => Promise.resolve(err(unsupported('list'))),
    servedVersions: () => Promise.resolve(ok([])),
    servedVerbs: () => Promise.resolve(ok([])),
    requestToken: (account, wanted) =>
      behind === undefined ? Promise.resolve(err(unsupported('create a token'))) : behind.requestToken(account, wanted),
  };
}

function idOf(kind: string, key: ObjectKey): string {
  return `${kind}/${keyText(key)}`;
}

function notFound(type: ResourceType<KubeObject>, { name }: ObjectKey): KubeFailure {
  return { status: 404, reason: 'NotFound', message: `${type.plural} "${name}" not found` };
}

function unsupported(what: string): KubeFailure {
  return { status: 405, reason: 'MethodNotAllowed', message: `cannot ${what} without a cluster` };
}
