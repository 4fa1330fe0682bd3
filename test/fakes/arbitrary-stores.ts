import fc from 'fast-check';
import type { LedgerStore } from '../../src/domain/publication/ledger.ts';
import { parsePath } from '../../src/domain/parse-bucket.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { BucketStorage, Credential } from '../../src/domain/storage.ts';

/** Any text, in whatever characters a key or name could hold. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.stringMatching(/^[/@:?+%=,& $()#\n\\"{}ab]{1,30}$/),
  )
  .filter((value) => value.isWellFormed());
/** Names are looked at by a check, not by the encoder: it must bear any but a slash. */
const name = text.map((value) => value.replaceAll('/', '-'));
const path = fc
  .array(text, { maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((value) => parsePath(value, 'path').ok);
const region = fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1', 'auto');

const accessKey = fc.record({ id: text, secret: text });
const accessKeyRef = {
  kind: 'AccessKey',
  secretName: 's',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
} as const;
function accessKeyCredential({ id, secret }: { readonly id: string; readonly secret: string }): Credential {
  return { kind: 'AccessKey', accessKeyId: id, secretAccessKey: new Secret(secret) };
}

interface Bucket {
  readonly storage: BucketStorage;
  readonly credential?: Credential;
}

const s3 = fc.record({ name, path, region, key: accessKey }).map(({ key, ...place }): Bucket => ({
  storage: { provider: 'S3', ...place, credentials: accessKeyRef },
  credential: accessKeyCredential(key),
}));
const s3Compatible = fc
  .record({
    name,
    path,
    region,
    key: accessKey,
    scheme: fc.constantFrom('http' as const, 'https' as const),
    host: fc.constantFrom('minio.acme.example', '10.0.0.7', 'fd00::7'),
    port: fc.constantFrom(80, 443, 9000),
    addressing: fc.constantFrom('Path' as const, 'VirtualHosted' as const),
  })
  .map(({ key, scheme, host, port, ...place }): Bucket => ({
    storage: { provider: 'S3Compatible', ...place, endpoint: { scheme, host, port }, credentials: accessKeyRef },
    credential: accessKeyCredential(key),
  }));
const coreWeave = fc
  .record({ name, path, region: fc.option(region, { nil: undefined }), key: accessKey })
  .map(({ key, region: named, ...place }): Bucket => ({
    storage: {
      provider: 'CoreWeave',
      ...place,
      ...(named !== undefined && { region: named }),
      credentials: accessKeyRef,
    },
    credential: accessKeyCredential(key),
  }));
const gcs = fc
  .record({ name, path, clientEmail: text, privateKey: text })
  .map(({ clientEmail, privateKey, ...place }): Bucket => ({
    storage: {
      provider: 'GCS',
      ...place,
      credentials: { kind: 'ServiceAccountKey', secretName: 's', key: 'key.json' },
    },
    credential: { kind: 'ServiceAccountKey', clientEmail, privateKey: new Secret(privateKey) },
  }));
const azureBlob = fc
  .record({ name, path, accountKey: text, storageAccount: fc.constantFrom('acmewandb', 'a1b') })
  .map(({ accountKey, ...place }): Bucket => ({
    storage: {
      provider: 'AzureBlob',
      ...place,
      credentials: { kind: 'AccountKey', secretName: 's', key: 'AZURE_STORAGE_KEY' },
    },
    credential: { kind: 'AccountKey', accountKey: new Secret(accountKey) },
  }));

/** A bucket of any provider with any credential. */
export const anyBucket: fc.Arbitrary<Bucket> = fc.oneof(s3, s3Compatible, coreWeave, gcs, azureBlob);

/** A bucket of any provider that W&B reaches by its own identity: nothing of it is published. */
export const anyAmbientBucket: fc.Arbitrary<Bucket> = anyBucket.map(({ storage }) => ({
  storage: { ...storage, credentials: { kind: 'Ambient' } },
}));

/** What the ledger holds of a claim on such a bucket. */
export function ledgerStore(bucket: Bucket, kind: LedgerStore['claim']['kind'], index = 0): LedgerStore {
  const suffix = String(index).padStart(3, '0');
  return {
    claim: { kind, name: `claim-${suffix}`, uid: `uid-${suffix}`, team: `team-${suffix}` },
    ...bucket,
    credentialDigest: `digest-${suffix}`,
    provenAt: '2026-01-01T00:00:00Z',
    deletionPolicy: 'Retain',
    retained: false,
  };
}
