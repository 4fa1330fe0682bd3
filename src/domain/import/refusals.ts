import { Secret } from '../../base/secret.ts';
import type { KeyRef } from '../credentials/refs.ts';
import { readCredential } from '../credentials/read-credential.ts';
import { asJsonObject, own } from '../spec/json.ts';
import { parseBucket } from '../spec/parse-bucket.ts';
import { BlankValue } from './blank-value.ts';
import type { Finding } from './finding.ts';
import type { Manifest } from './to-manifests.ts';

/** What the operator would say of the manifests once it sees them: values that were found, and that it refuses. */
export function refusalsOf(manifests: readonly Manifest[]): readonly Finding[] {
  return manifests.filter(({ kind }) => kind !== 'Secret').flatMap((storage) => refusalOf(storage, manifests));
}

function refusalOf(storage: Manifest, manifests: readonly Manifest[]): readonly Finding[] {
  const value = own(asJsonObject(storage['spec']), 'bucket');
  // What is blank would be refused first.
  if (hasBlank(value)) return [];
  const bucket = parseBucket(value, 'spec.bucket');
  const at = `${storage.kind}/${String(storage.metadata.name)}`;
  if (!bucket.ok) return [{ code: 'ValueRefused', at, detail: bucket.error.message }];
  const { credentials } = bucket.value;
  const data = credentials.kind === 'Ambient' ? undefined : dataOf(credentials, manifests);
  if (data === undefined || credentials.kind === 'Ambient') return [];
  const credential = readCredential(data, credentials);
  return credential.ok ? [] : [{ code: 'ValueRefused', at, detail: credential.error.message }];
}

/** The data of a Secret among the manifests, as the API server returns it; absent if something in it is blank. */
function dataOf({ secretName }: KeyRef, manifests: readonly Manifest[]): Readonly<Record<string, string>> | undefined {
  const secret = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === secretName);
  const entries = Object.entries(asJsonObject(secret?.['stringData']) ?? {});
  if (secret === undefined || entries.some(([, value]) => !(value instanceof Secret))) return undefined;
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from((value as Secret<string>).reveal()).toString('base64')]),
  );
}

function hasBlank(value: unknown): boolean {
  if (value instanceof BlankValue) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasBlank);
}
