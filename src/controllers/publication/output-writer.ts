import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../../api/resources.ts';
import type { OutputData } from '../../domain/publication/outputs.ts';
import { SEAL_ANNOTATION } from '../../domain/publication/seal.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { KubeCall, KubeClient, KubeFailure } from '../../ports/kube.ts';
import { keyText } from '../../api/object-key.ts';
import { isOurs, outputMetadata, outputName, type InstanceIdentity } from './output-names.ts';
import { WatchedMemory } from './watched-memory.ts';

export const FIELD_MANAGER = 'byob-operator';

/**
 * An apply that names a version creates a missing object, and changes an existing one only at exactly that version. No
 * object has this one: it is the version of an empty etcd. So such an apply only creates.
 */
const VERSION_OF_NO_OBJECT = '1';

export type OutputKind = 'Secret' | 'ConfigMap';

export type OutputFailure =
  { readonly kind: 'NotOurs'; readonly object: string } | { readonly kind: 'Kube'; readonly failure: KubeFailure };

/** An output as read from the API server. */
export interface StandingOutput {
  readonly data: OutputData;
  readonly seal: string | undefined;
  readonly resourceVersion: string | undefined;
}

/** The content of an output. */
export interface WantedOutput {
  readonly data: OutputData;
  /** Of the Secret. */
  readonly seal?: string;
  /**
   * The output for which the content was planned, `undefined` if there was none. The write fails with 409 if the output
   * was created or changed since; a deleted one is created.
   */
  readonly over: StandingOutput | undefined;
}

/**
 * Reads and writes the output Secret and ConfigMap. Never changes an object of another owner. It remembers what it read
 * last and reads again only after the watch showed another version.
 */
export interface OutputWriter {
  /** `undefined`: there is none. */
  read(kind: OutputKind, instance: InstanceIdentity): Promise<Result<StandingOutput | undefined, OutputFailure>>;
  /** Writes the data of the output and removes all other keys. */
  write(
    kind: OutputKind,
    instance: InstanceIdentity,
    wanted: WantedOutput,
  ): Promise<Result<StandingOutput, OutputFailure>>;
  /**
   * To be called with every version that the watch shows, `undefined` for a deletion. A late event only costs a read.
   * Returns whether the version is news: not the one that was read or written last.
   */
  invalidate(kind: OutputKind, key: ObjectKey, resourceVersion: string | undefined): boolean;
}

export function createOutputWriter(deps: { readonly kube: KubeClient }): OutputWriter {
  const memory = new WatchedMemory<StandingOutput>();

  function read(
    kind: OutputKind,
    instance: InstanceIdentity,
  ): Promise<Result<StandingOutput | undefined, OutputFailure>> {
    const key = { namespace: instance.namespace, name: outputName(instance.name) };
    const known = memory.get(idOf(kind, key));
    if (known !== undefined) return Promise.resolve(ok(known));
    return memory.during(idOf(kind, key), async (keep) => {
      const found = await (kind === 'Secret' ? deps.kube.get(SECRETS, key) : deps.kube.get(CONFIG_MAPS, key));
      if (!found.ok) return found.error.status === 404 ? ok(undefined) : err({ kind: 'Kube', failure: found.error });
      if (!isOurs(found.value, instance.name)) return err({ kind: 'NotOurs', object: `${kind} ${key.name}` });
      const standing = standingOf(found.value, undefined);
      keep(standing);
      return ok(standing);
    });
  }

  function write(
    kind: OutputKind,
    instance: InstanceIdentity,
    wanted: WantedOutput,
  ): Promise<Result<StandingOutput, OutputFailure>> {
    const id = idOf(kind, { namespace: instance.namespace, name: outputName(instance.name) });
    return memory.during(id, async (keep) => {
      const written = await applyOnly(kind, instance, wanted);
      if (!written.ok) {
        // The write may have succeeded all the same: read before the next try.
        memory.forget(id);
        return err({ kind: 'Kube', failure: written.error });
      }
      const standing = standingOf(written.value, wanted.over);
      keep(standing);
      return ok(standing);
    });
  }

  /** Applies the content, and removes what the apply leaves. */
  async function applyOnly(
    kind: OutputKind,
    instance: InstanceIdentity,
    wanted: WantedOutput,
  ): KubeCall<SecretObject | ConfigMapObject> {
    const applied = await apply(kind, instance, wanted);
    if (!applied.ok) return applied;
    const extra = Object.keys(applied.value.data ?? {}).filter((name) => !Object.hasOwn(wanted.data, name));
    if (extra.length === 0) return applied;
    // After a restore from a backup another manager owns the keys as well, so an apply alone does not remove them.
    const key = { namespace: instance.namespace, name: outputName(instance.name) };
    const { resourceVersion } = applied.value.metadata;
    const patch = {
      metadata: { ...(resourceVersion !== undefined && { resourceVersion }) },
      data: Object.fromEntries(extra.map((name) => [name, null])),
    };
    return kind === 'Secret'
      ? deps.kube.mergePatch(SECRETS, key, patch, { fieldManager: FIELD_MANAGER })
      : deps.kube.mergePatch(CONFIG_MAPS, key, patch, { fieldManager: FIELD_MANAGER });
  }

  function apply(
    kind: OutputKind,
    instance: InstanceIdentity,
    { data, seal, over }: WantedOutput,
  ): KubeCall<SecretObject | ConfigMapObject> {
    const base = outputMetadata(instance, outputName(instance.name));
    const annotations = { ...base.annotations, ...(seal !== undefined && { [SEAL_ANNOTATION]: seal }) };
    const metadata = {
      ...base,
      ...(Object.keys(annotations).length > 0 && { annotations }),
      // A request of a former leader that arrives late must not undo what its successor has written.
      resourceVersion: over?.resourceVersion ?? VERSION_OF_NO_OBJECT,
    };
    // The object belongs to the operator, so fields that were set manually are overwritten.
    const options = { fieldManager: FIELD_MANAGER, force: true };
    return kind === 'Secret'
      ? deps.kube.apply(SECRETS, { apiVersion: 'v1', kind, metadata, type: 'Opaque', data: toBase64(data) }, options)
      : deps.kube.apply(CONFIG_MAPS, { apiVersion: 'v1', kind, metadata, data }, options);
  }

  function invalidate(kind: OutputKind, key: ObjectKey, resourceVersion: string | undefined): boolean {
    return memory.invalidate(idOf(kind, key), resourceVersion);
  }

  return { read, write, invalidate };
}

function idOf(kind: OutputKind, key: ObjectKey): string {
  return `${kind} ${keyText(key)}`;
}

/** Whether two outputs hold the same data in any order. */
export function isSameData(left: OutputData, right: OutputData): boolean {
  if (left === right) return true;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/** Data that is the same as before stays the same object, so that results cached for it stay valid. */
function standingOf(object: SecretObject | ConfigMapObject, before: StandingOutput | undefined): StandingOutput {
  const data = dataOf(object);
  return {
    data: before !== undefined && isSameData(before.data, data) ? before.data : data,
    seal: object.metadata.annotations?.[SEAL_ANNOTATION],
    resourceVersion: object.metadata.resourceVersion,
  };
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
