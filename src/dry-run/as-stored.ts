import { without } from '../base/defined.ts';
import { sha256 } from '../base/digest.ts';
import type { KubeObject } from '../api/object.ts';

/**
 * The object as an API server would store it when it is created: in a namespace, with a UID, without the status of
 * another cluster, and with `stringData` of a Secret among its data.
 */
export function asStored(object: KubeObject, namespace: string): KubeObject {
  const metadata = { ...object.metadata, namespace: object.metadata.namespace ?? namespace };
  const identity = [object.kind, metadata.namespace, metadata.name];
  return {
    ...without(object as KubeObject & { readonly status?: unknown }, 'status'),
    // Derived from the name, so that probes of the same object find the leftovers of each other.
    metadata: { ...metadata, uid: uidOf(identity), generation: 1, resourceVersion: 'file' },
    ...(object.kind === 'Secret' && { data: secretData(object) }),
  };
}

function uidOf(identity: readonly string[]): string {
  const digits = sha256(JSON.stringify(identity));
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

function secretData(object: KubeObject): Readonly<Record<string, string>> {
  const { data, stringData } = object as { readonly data?: unknown; readonly stringData?: unknown };
  const plain = Object.entries(textsOf(stringData)).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return { ...textsOf(data), ...Object.fromEntries(plain) };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, text]) => typeof text === 'string')) as Record<string, string>;
}
