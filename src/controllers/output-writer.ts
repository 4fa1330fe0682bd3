import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../api/resources.ts';
import { compare } from '../domain/ledger.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { KubeClient, KubeFailure, ObjectKey } from '../ports/kube.ts';
import { keyText } from './keys.ts';
import type { InstanceIdentity } from './ledger-store.ts';
import { isOurs, outputMetadata, outputName } from './output-names.ts';

export const FIELD_MANAGER = 'byob-operator';

export type OutputFailure =
  { readonly kind: 'NotOurs'; readonly object: string } | { readonly kind: 'Kube'; readonly failure: KubeFailure };

type Data = Readonly<Record<string, string>>;

interface Written {
  readonly content: string;
  readonly resourceVersion: string | undefined;
}

/**
 * Brings the output Secret and ConfigMap to the given data. Writes nothing when
 * they hold it already, never touches an object that is not ours, and mends
 * what somebody else changed or deleted.
 */
export function createOutputWriter(deps: { readonly kube: KubeClient }) {
  const memory = new Map<string, Written>();

  /** To be told of every version that the watch shows, `undefined` for a deletion. A late event only costs a read. */
  function noticed(kind: 'Secret' | 'ConfigMap', key: ObjectKey, resourceVersion: string | undefined): void {
    const id = `${kind} ${keyText(key)}`;
    if (memory.get(id)?.resourceVersion !== resourceVersion) memory.delete(id);
  }

  async function write(
    kind: 'Secret' | 'ConfigMap',
    instance: InstanceIdentity,
    data: Data,
  ): Promise<Result<void, OutputFailure>> {
    const key = { namespace: instance.namespace, name: outputName(instance.name) };
    const id = `${kind} ${keyText(key)}`;
    const wanted = contentOf(data);
    if (memory.get(id)?.content === wanted) return ok(undefined);

    const found = await (kind === 'Secret' ? deps.kube.get(SECRETS, key) : deps.kube.get(CONFIG_MAPS, key));
    if (!found.ok && found.error.status !== 404) return err({ kind: 'Kube', failure: found.error });
    if (found.ok && !isOurs(found.value, instance.name)) return err({ kind: 'NotOurs', object: `${kind} ${key.name}` });
    if (found.ok && contentOf(dataOf(found.value)) === wanted) {
      memory.set(id, { content: wanted, resourceVersion: found.value.metadata.resourceVersion });
      return ok(undefined);
    }
    const applied = await apply(kind, instance, data);
    if (!applied.ok) return err({ kind: 'Kube', failure: applied.error });
    memory.set(id, { content: wanted, resourceVersion: applied.value.metadata.resourceVersion });
    return ok(undefined);
  }

  function apply(kind: 'Secret' | 'ConfigMap', instance: InstanceIdentity, data: Data) {
    const metadata = outputMetadata(instance, outputName(instance.name));
    // The object is ours, so whoever set one of these fields by hand is overruled.
    const options = { fieldManager: FIELD_MANAGER, force: true };
    return kind === 'Secret'
      ? deps.kube.apply(SECRETS, { apiVersion: 'v1', kind, metadata, type: 'Opaque', data: toBase64(data) }, options)
      : deps.kube.apply(CONFIG_MAPS, { apiVersion: 'v1', kind, metadata, data }, options);
  }

  return { write, noticed };
}

export type OutputWriter = ReturnType<typeof createOutputWriter>;

function dataOf(object: SecretObject | ConfigMapObject): Data {
  if (object.kind === 'ConfigMap') return object.data ?? {};
  return Object.fromEntries(
    Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

function toBase64(data: Data): Data {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

function contentOf(data: Data): string {
  return JSON.stringify(Object.entries(data).sort(([left], [right]) => compare(left, right)));
}
