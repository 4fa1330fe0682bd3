import { Secret } from '../../src/base/secret.ts';
import { readCredential } from '../../src/domain/credentials/read-credential.ts';
import { BlankValue } from '../../src/domain/import/blank-value.ts';
import type { Manifest } from '../../src/domain/import/to-manifests.ts';
import { fileStoreEntry, instanceBucketAddress } from '../../src/domain/publication/file-store-address.ts';
import { parseBucket } from '../../src/domain/spec/parse-bucket.ts';

/** What the operator would publish for imported manifests. */
export interface Published {
  readonly instance?: string;
  readonly stores: readonly string[];
}

/** Addresses of the manifests, as the operator writes them; `fill` has the values of blanks by the name of their field. */
export function publishedOf(manifests: readonly Manifest[], fill: Readonly<Record<string, string>> = {}): Published {
  const addresses = manifests
    .filter(({ kind }) => kind !== 'Secret')
    .map(({ kind, spec }) => {
      const { bucket: value } = filled(spec, fill) as { readonly bucket: unknown };
      const bucket = parseBucket(value, 'spec.bucket');
      if (!bucket.ok) throw new Error(bucket.error.message);
      const { credentials } = bucket.value;
      const credential =
        credentials.kind === 'Ambient'
          ? undefined
          : readCredential(dataOf(manifests, credentials.secretName, fill), credentials);
      if (credential?.ok === false) throw new Error(credential.error.message);
      const write = kind === 'InstanceStorage' ? instanceBucketAddress : fileStoreEntry;
      return { kind, address: write(bucket.value, credential?.value) };
    });
  const instance = addresses.find(({ kind }) => kind === 'InstanceStorage')?.address;
  const stores = addresses.filter(({ kind }) => kind === 'TeamStorage').map(({ address }) => address);
  return { ...(instance !== undefined && { instance }), stores };
}

function filled(value: unknown, fill: Readonly<Record<string, string>>, field = ''): unknown {
  if (value instanceof BlankValue) return fill[field] ?? '';
  if (value instanceof Secret) return value.reveal();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, filled(child, fill, key)]));
}

function dataOf(manifests: readonly Manifest[], name: string, fill: Readonly<Record<string, string>>) {
  const secret = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  const data = filled(secret?.['stringData'] ?? {}, fill) as Readonly<Record<string, string>>;
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}
