import fc from 'fast-check';
import { bucketId } from '../../../src/domain/bucket/bucket-id.ts';
import { credentialDigest } from '../../../src/domain/credentials/credential.ts';
import { parsePath } from '../../../src/domain/spec/parse-bucket.ts';
import {
  rowAddress,
  slotAddress,
  type ClaimKind,
  type ClaimRecord,
  type FileStoresFormat,
  type Ledger,
  type Row,
} from '../../../src/domain/publication/ledger.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { Credential } from '../../../src/domain/credentials/credential-types.ts';
import type { BucketStorage } from '../../../src/domain/bucket/storage.ts';

export const SALT = new Secret('0123456789abcdef0123456789abcdef');

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

export interface Bucket {
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

/** A row for such a bucket: of the whole bucket among the file stores, of the place as the instance bucket. */
export function rowOf({ storage, credential }: Bucket, as: 'Row' | 'Slot' = 'Row', salt = SALT): Row {
  return {
    address: as === 'Row' ? rowAddress(storage) : slotAddress(storage),
    ...(credential !== undefined && { credential }),
    digest: credential === undefined ? '' : credentialDigest(salt, credential),
    source: storage.credentials,
    provenAt: '2026-01-01T00:00:00Z',
  };
}

/** The record of a claim that was proven with exactly that. */
export function recordOf(bucket: Bucket, kind: ClaimKind, index = 0, changes: Partial<ClaimRecord> = {}): ClaimRecord {
  const suffix = String(index).padStart(3, '0');
  const { storage } = bucket;
  return {
    kind,
    name: `claim-${suffix}`,
    ...(kind === 'TeamStorage' && { team: `team-${suffix}` }),
    uid: `uid-${suffix}`,
    address: kind === 'InstanceStorage' ? slotAddress(storage) : { ...rowAddress(storage), path: storage.path },
    mode: storage.credentials.kind,
    hasRow: kind === 'TeamStorage',
    digest: rowOf(bucket).digest,
    boundRevision: index + 1,
    boundAt: '2026-01-01T00:00:00Z',
    provenAt: '2026-01-01T00:00:00Z',
    policy: 'Retain',
    ...changes,
  };
}

/** A ledger of teams on these buckets, one for each, and of the instance on its own. */
export function ledgerOf(
  teams: readonly Bucket[],
  { instance, written = WRITTEN }: { readonly instance?: Bucket; readonly written?: FileStoresFormat } = {},
): Ledger {
  return {
    salt: SALT,
    revision: 7,
    written,
    rows: [...new Map(teams.map((team) => [bucketId(team.storage), rowOf(team)] as const)).values()],
    ...(instance !== undefined && { slot: rowOf(instance, 'Slot') }),
    claims: [
      ...teams.map((team, index) => recordOf(team, 'TeamStorage', index)),
      ...(instance === undefined ? [] : [recordOf(instance, 'InstanceStorage', 999)]),
    ],
  };
}

const WRITTEN: FileStoresFormat = {
  separator: ',',
  variables: ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'],
};

/** Every way in which the file stores can be written; the outputs do not tell in which order variables were named. */
export const anyFormat: fc.Arbitrary<FileStoresFormat> = fc.record({
  separator: fc.constantFrom(',', ';', ' ', '|'),
  variables: fc.subarray(['OTHER', 'REGION', 'STORES', 'SUPPORTED_FILE_STORES'], { minLength: 1 }),
});

const kmsKey = fc.constantFrom(undefined, 'arn:aws:kms:eu-central-1:123456789012:key/1a2b', 'my key');
const withKmsKey = fc.tuple(fc.oneof(anyBucket, anyAmbientBucket), kmsKey).map(([bucket, key]): Bucket => {
  const { storage } = bucket;
  if (key === undefined) return bucket;
  if (storage.provider === 'S3') return { ...bucket, storage: { ...storage, kmsKeyArn: key } };
  return storage.provider === 'S3Compatible' ? { ...bucket, storage: { ...storage, kmsKeyId: key } } : bucket;
});

const facts = fc.record({
  hasRow: fc.boolean(),
  policy: fc.constantFrom('Retain' as const, 'Remove' as const),
  isMarked: fc.boolean(),
  // As the CRD takes it.
  team: fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/),
  day: fc.integer({ min: 1, max: 9 }),
  path: fc.constantFrom('', 'p', 'p/q'),
});

/** Ledgers of any buckets with any credentials, in any format, as they can come about. */
export const anyLedger: fc.Arbitrary<Ledger> = fc
  .record({
    buckets: fc.array(fc.oneof(anyBucket, anyAmbientBucket), { maxLength: 4 }),
    members: fc.array(fc.record({ at: fc.nat(), facts }), { maxLength: 6 }),
    instance: fc.option(withKmsKey, { nil: undefined }),
    hasLeft: fc.boolean(),
    written: anyFormat,
    revision: fc.nat({ max: 1_000_000 }),
  })
  .map(({ buckets, members, instance, hasLeft, written, revision }): Ledger => {
    const identity = buckets.filter((bucket) => isCoreWeaveIdentity(bucket));
    // CoreWeave by identity stands alone.
    const usable = identity.length > 0 ? identity : buckets;
    const records = members.flatMap(({ at, facts: each }, index): ClaimRecord[] => {
      const bucket = usable[at % Math.max(1, usable.length)];
      if (bucket === undefined) return [];
      const { hasRow, policy, isMarked, team, day, path: where } = each;
      const record = recordOf(bucket, 'TeamStorage', index, { hasRow, policy, team });
      const provenAt = `2026-02-0${String(day)}T00:00:00Z`;
      const address = { ...record.address, path: where };
      return [{ ...record, address, provenAt, ...(isMarked && { markedRetained: true as const }) }];
    });
    const served = new Set(records.filter(({ hasRow }) => hasRow).map(({ address }) => bucketId(address)));
    const rows = new Map(
      usable
        .filter(({ storage }) => served.has(bucketId(storage)))
        .map((bucket) => [bucketId(bucket.storage), rowOf(bucket)] as const),
    );
    const left = buckets[0] !== undefined && hasLeft ? [recordOf(buckets[0], 'InstanceStorage', 998)] : [];
    return {
      salt: SALT,
      revision,
      written,
      rows: [...rows.values()],
      ...(instance !== undefined && { slot: rowOf(instance, 'Slot') }),
      claims: [...records, ...left, ...(instance === undefined ? [] : [recordOf(instance, 'InstanceStorage', 999)])],
    };
  });

function isCoreWeaveIdentity({ storage }: Bucket): boolean {
  return storage.provider === 'CoreWeave' && storage.credentials.kind === 'Ambient';
}
