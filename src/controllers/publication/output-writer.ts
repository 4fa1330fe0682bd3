import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { compare } from '../../domain/publication/ledger.ts';
import type { OutputData } from '../../domain/publication/outputs.ts';
import { SEAL_ANNOTATION } from '../../domain/publication/seal.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { KubeClient, KubeFailure } from '../../ports/kube.ts';
import { keyText } from '../../api/object-key.ts';
import { isOurs, outputMetadata, outputName, type InstanceIdentity } from './output-names.ts';

export const FIELD_MANAGER = 'byob-operator';

export type OutputKind = 'Secret' | 'ConfigMap';

export type OutputFailure =
  { readonly kind: 'NotOurs'; readonly object: string } | { readonly kind: 'Kube'; readonly failure: KubeFailure };

/** An output as read from the API server. */
export interface StandingOutput {
  readonly data: OutputData;
  readonly seal: string | undefined;
  readonly resourceVersion: string | undefined;
}

/**
 * Reads and writes the output Secret and ConfigMap. Never changes an object of another owner. It remembers what it read
 * last and reads again only after the watch showed another version.
 */
export interface OutputWriter {
  /** `undefined`: there is none. */
  read(kind: OutputKind, instance: InstanceIdentity): Promise<Result<StandingOutput | undefined, OutputFailure>>;
  /** Writes the data of the output and removes all other keys. `seal` is for the Secret. */
  write(
    kind: OutputKind,
    instance: InstanceIdentity,
    wanted: { readonly data: OutputData; readonly seal?: string },
  ): Promise<Result<StandingOutput, OutputFailure>>;
  /**
   * To be called with every version that the watch shows, `undefined` for a deletion. A late event only costs a read.
   */
  invalidate(kind: OutputKind, key: ObjectKey, resourceVersion: string | undefined): void;
}

export function createOutputWriter(deps: { readonly kube: KubeClient }): OutputWriter {
  const memory = new Map<string, StandingOutput>();

  async function read(
    kind: OutputKind,
    instance: InstanceIdentity,
  ): Promise<Result<StandingOutput | undefined, OutputFailure>> {
    const key = { namespace: instance.namespace, name: outputName(instance.name) };
    const known = memory.get(idOf(kind, key));
    if (known !== undefined) return ok(known);
    const found = await (kind === 'Secret' ? deps.kube.get(SECRETS, key) : deps.kube.get(CONFIG_MAPS, key));
    if (!found.ok) return found.error.status === 404 ? ok(undefined) : err({ kind: 'Kube', failure: found.error });
    if (!isOurs(found.value, instance.name)) return err({ kind: 'NotOurs', object: `${kind} ${key.name}` });
    return ok(remember(kind, key, found.value));
  }

  async function write(
    kind: OutputKind,
    instance: InstanceIdentity,
    wanted: { readonly data: OutputData; readonly seal?: string },
  ): Promise<Result<StandingOutput, OutputFailure>> {
    const key = { namespace: instance.namespace, name: outputName(instance.name) };
    const applied = await apply(kind, instance, wanted);
    if (!applied.ok) return failed(kind, key, applied.error);
    const extra = Object.keys(applied.value.data ?? {}).filter((name) => !Object.hasOwn(wanted.data, name));
    if (extra.length === 0) return ok(remember(kind, key, applied.value));
    // After a restore from a backup another manager owns the keys as well, so an apply alone does not remove them.
    const { resourceVersion } = applied.value.metadata;
    const patch = {
      metadata: { ...(resourceVersion !== undefined && { resourceVersion }) },
      data: Object.fromEntries(extra.map((name) => [name, null])),
    };
    const patched = await (kind === 'Secret'
      ? deps.kube.mergePatch(SECRETS, key, patch, { fieldManager: FIELD_MANAGER })
      : deps.kube.mergePatch(CONFIG_MAPS, key, patch, { fieldManager: FIELD_MANAGER }));
    return patched.ok ? ok(remember(kind, key, patched.value)) : failed(kind, key, patched.error);
  }

  function apply(
    kind: OutputKind,
    instance: InstanceIdentity,
    { data, seal }: { readonly data: OutputData; readonly seal?: string },
  ) {
    const base = outputMetadata(instance, outputName(instance.name));
    const annotations = { ...base.annotations, ...(seal !== undefined && { [SEAL_ANNOTATION]: seal }) };
    const key = { namespace: instance.namespace, name: base.name };
    const metadata = {
      ...base,
      ...(Object.keys(annotations).length > 0 && { annotations }),
      // A request of a former leader that arrives late must not undo what its successor has written.
      ...defined({ resourceVersion: memory.get(idOf(kind, key))?.resourceVersion }),
    };
    // The object belongs to the operator, so fields that were set manually are overwritten.
    const options = { fieldManager: FIELD_MANAGER, force: true };
    return kind === 'Secret'
      ? deps.kube.apply(SECRETS, { apiVersion: 'v1', kind, metadata, type: 'Opaque', data: toBase64(data) }, options)
      : deps.kube.apply(CONFIG_MAPS, { apiVersion: 'v1', kind, metadata, data }, options);
  }

  /** The write may have succeeded all the same: read before the next try. */
  function failed(kind: OutputKind, key: ObjectKey, failure: KubeFailure): { ok: false; error: OutputFailure } {
    memory.delete(idOf(kind, key));
    return err({ kind: 'Kube', failure });
  }

  function remember(kind: OutputKind, key: ObjectKey, object: SecretObject | ConfigMapObject): StandingOutput {
    const before = memory.get(idOf(kind, key));
    const data = dataOf(object);
    const standing = {
      // Equal data stays the same object, so that results cached for it stay valid.
      data: before !== undefined && isSameData(before.data, data) ? before.data : data,
      seal: object.metadata.annotations?.[SEAL_ANNOTATION],
      resourceVersion: object.metadata.resourceVersion,
    };
    memory.set(idOf(kind, key), standing);
    return standing;
  }

  function invalidate(kind: OutputKind, key: ObjectKey, resourceVersion: string | undefined): void {
    const id = idOf(kind, key);
    if (memory.get(id)?.resourceVersion !== resourceVersion) memory.delete(id);
  }

  return { read, write, invalidate };
}

function idOf(kind: OutputKind, key: ObjectKey): string {
  return `${kind} ${keyText(key)}`;
}

/** Whether two outputs hold the same data in any order. */
export function isSameData(left: OutputData, right: OutputData): boolean {
  return left === right || contentOf(left) === contentOf(right);
}

function dataOf(object: SecretObject | ConfigMapObject): OutputData {
  if (object.kind === 'ConfigMap') return object.data ?? {};
  return Object.fromEntries(
    Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

function toBase64(data: OutputData): OutputData {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

function contentOf(data: OutputData): string {
  return JSON.stringify(Object.entries(data).sort(([left], [right]) => compare(left, right)));
}
