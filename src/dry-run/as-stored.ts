import { without } from '../base/defined.ts';
import { sha256 } from '../base/digest.ts';
import type { KubeObject } from '../api/object.ts';

type Stored = KubeObject & { readonly status?: unknown };

/**
 * The object as an API server would store it when it is applied: in a namespace, with a UID, with `stringData` of a
 * Secret among its data, and with the status of the object that it replaces instead of one of its own.
 */
export function asStored(object: KubeObject, namespace: string, former?: Stored): KubeObject {
  const metadata = { ...object.metadata, namespace: object.metadata.namespace ?? namespace };
  const { uid = uidOf([object.kind, metadata.namespace, metadata.name]), creationTimestamp } = former?.metadata ?? {};
  return {
    ...without(object as Stored, 'status'),
    metadata: {
      ...metadata,
      ...{ uid, generation: (former?.metadata.generation ?? 0) + 1, resourceVersion: 'file' },
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    ...(object.kind === 'Secret' && { data: secretData(object) }),
    ...(former?.status !== undefined && { status: former.status }),
  };
}

/** The same name gives the same UID. */
function uidOf(identity: readonly string[]): string {
  const digits = sha256(JSON.stringify(identity));
  const ends = [0, 8, 12, 16, 20, 32];
  return ends
    .slice(1)
    .map((end, index) => digits.slice(ends[index], end))
    .join('-');
}

function secretData(object: KubeObject): Readonly<Record<string, string>> {
  const { data, stringData } = object as { readonly data?: unknown; readonly stringData?: unknown };
  const plain = Object.entries(textsOf(stringData)).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return { ...textsOf(data), ...Object.fromEntries(plain) };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries: readonly (readonly [string, unknown])[] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
