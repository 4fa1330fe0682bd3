import { randomBytes } from 'node:crypto';
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import { Secret } from '../../src/base/secret.ts';
import type { S3CompatibleStorage } from '../../src/domain/bucket/storage.ts';
import { createBucket, createUser, listEverything, rootClient, startMinio, type Minio } from '../servers/minio.ts';
import { failedChecks, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

const GOOD = { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' };
const KEY = 'wandb-key';

/** Actions of the policy that W&B documents; the setting for object lock is not among them. */
const DOCUMENTED_ACTIONS = [
  ...['s3:GetObject*', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:ListBucketVersions'],
  ...['s3:AbortMultipartUpload', 's3:ListBucketMultipartUploads', 's3:GetBucketVersioning', 's3:GetBucketLocation'],
];

let minio: Minio;
beforeAll(async () => {
  minio = await startMinio({ env: { MINIO_KMS_SECRET_KEY: `${KEY}:${Buffer.alloc(32, 7).toString('base64')}` } });
});
afterAll(() => minio.stop());

interface Case {
  readonly bucket: string;
  readonly kmsKeyId?: string;
  readonly user?: { readonly name: string; readonly secret: string };
}

function probe({ bucket, kmsKeyId, user }: Case): Promise<Outcome> {
  const url = new URL(minio.endpoint);
  const storage: S3CompatibleStorage = {
    provider: 'S3Compatible',
    name: bucket,
    path: 'teams/omega',
    region: 'us-east-1',
    endpoint: { scheme: 'http', host: url.hostname, port: Number(url.port) },
    addressing: 'Path',
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    credentials: { kind: 'AccessKey', secretName: 'omega', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' },
  };
  const accessKeyId = user?.name ?? minio.rootUser;
  const secretAccessKey = new Secret(user?.secret ?? minio.rootPassword);
  const target = { storage, credential: { kind: 'AccessKey', accessKeyId, secretAccessKey } } as const;
  return probeBucket({ target, clouds: PUBLIC_CLOUDS });
}

async function newBucket(options: { readonly locked?: boolean; readonly versioned?: boolean } = {}): Promise<string> {
  const Bucket = `settings-${randomBytes(4).toString('hex')}`;
  await createBucket(minio, Bucket, options.locked ?? false);
  if (options.versioned ?? true) {
    await asRoot((client) =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
    );
  }
  return Bucket;
}

async function asRoot<T>(run: (client: ReturnType<typeof rootClient>) => Promise<T>): Promise<T> {
  const client = rootClient(minio);
  try {
    return await run(client);
  } finally {
    client.destroy();
  }
}

function setRules(Bucket: string, rules: readonly LifecycleRule[]) {
  const LifecycleConfiguration = { Rules: [...rules] };
  return asRoot((client) =>
    client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration })),
  );
}

function encrypt(Bucket: string, KMSMasterKeyID: string) {
  const by = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } } as const;
  const ServerSideEncryptionConfiguration = { Rules: [by] };
  return asRoot((client) => client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration })));
}

describe('a probe of the settings of a real MinIO', () => {
  it('counts what it leaves in a versioned bucket, and says how to have it removed', async () => {
    const bucket = await newBucket();
    const first = await probe({ bucket });
    expect(first.reasons).toEqual(GOOD);
    const again = await probe({ bucket });
    const left = await listEverything(minio, bucket);
    expect(left.filter((line) => !line.includes('teams/omega/.wandb-storage-probe/'))).toEqual([]);
    expect(again.results.find(({ name }) => name === 'VersioningEnabled')).toMatchObject({
      result: 'Pass',
      message: expect.stringContaining(`(${left.length} so far)`),
    });
    expect(textsOf(again)).toContain('mc ilm rule add --prefix "teams/omega/.wandb-storage-probe/"');
    await setRules(bucket, [
      {
        ID: 'probes',
        Status: 'Enabled',
        Filter: { Prefix: 'teams/omega/.wandb-storage-probe/' },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);
    const tidy = await probe({ bucket });
    expect(tidy.reasons).toEqual(GOOD);
    expect(textsOf(tidy)).not.toContain('so far');
  });

  it('warns of a bucket without versions', async () => {
    const outcome = await probe({ bucket: await newBucket({ versioned: false }) });
    expect(outcome.reasons).toEqual({ ...GOOD, VersioningEnabled: 'VersioningDisabled' });
  });

  it.each([
    ['days', { Days: 30 }, 'a default retention of 30 days (COMPLIANCE)'],
    ['years', { Years: 1 }, 'a default retention of 1 years (COMPLIANCE)'],
  ])('writes nothing to a bucket with a default retention of %s', async (_name, time, says) => {
    const bucket = await newBucket({ locked: true });
    const DefaultRetention = { Mode: 'COMPLIANCE', ...time } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
    await asRoot((client) =>
      client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration })),
    );
    const outcome = await probe({ bucket });
    expect(failedChecks(outcome)).toEqual(['ObjectsDeletable']);
    expect(textsOf(outcome)).toContain(says);
    expect(await listEverything(minio, bucket)).toEqual([]);
  });

  it('sees the lock of its own object where the setting is hidden, and leaves one version however often it tries', async () => {
    const bucket = await newBucket({ locked: true });
    const DefaultRetention = { Mode: 'COMPLIANCE', Days: 30 } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
    await asRoot((client) =>
      client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration })),
    );
    const user = { name: 'documented-grant', secret: 'documented-grant-secret' };
    await createUser(minio, { ...user, buckets: [bucket], actions: DOCUMENTED_ACTIONS });
    for (let probes = 0; probes < 3; probes++) {
      const outcome = await probe({ bucket, user });
      expect(failedChecks(outcome)).toEqual(['ObjectsDeletable']);
      expect(textsOf(outcome)).toContain('(COMPLIANCE): objects cannot be deleted');
      expect(await listEverything(minio, bucket)).toHaveLength(1);
    }
  });

  it('uses a bucket with object lock and no default retention', async () => {
    expect((await probe({ bucket: await newBucket({ locked: true }) })).reasons).toEqual(GOOD);
  });

  it.each<[string, Omit<LifecycleRule, 'Status'>, Readonly<Record<string, string>>]>([
    [
      'deletes everything',
      { ID: 'tidy', Filter: { Prefix: '' }, Expiration: { Days: 30 } },
      { LifecycleSafe: 'LifecycleDeletes' },
    ],
    [
      'deletes above the path',
      { Filter: { Prefix: 'teams/' }, Expiration: { Days: 30 } },
      { LifecycleSafe: 'LifecycleDeletes' },
    ],
    ['deletes elsewhere', { Filter: { Prefix: 'teams/kappa/' }, Expiration: { Days: 30 } }, {}],
    ['tidies markers', { Filter: { Prefix: '' }, Expiration: { ExpiredObjectDeleteMarker: true } }, {}],
  ])('judges a rule that %s', async (_name, rule, expected) => {
    const bucket = await newBucket();
    await setRules(bucket, [{ Status: 'Enabled', ...rule }]);
    expect((await probe({ bucket })).reasons).toEqual({ ...GOOD, ...expected });
  });

  it('leaves open what the grant that W&B documents does not tell, and is proven all the same', async () => {
    const bucket = await newBucket();
    const user = { name: `user-${randomBytes(4).toString('hex')}`, secret: 'user-secret-1' };
    const actions = ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetBucketVersioning'];
    await createUser(minio, { ...user, buckets: [bucket], actions });
    const outcome = await probe({ bucket, user });
    expect(outcome.reasons).toEqual({
      ...GOOD,
      ObjectsDeletable: 'SettingNotReadable',
      LifecycleSafe: 'SettingNotReadable',
      GrantComplete: 'GrantIncomplete',
      MultipartUpload: 'AbortDenied',
    });
    expect(failedChecks(outcome)).toEqual([]);
    expect(textsOf(outcome)).toContain(
      'has no s3:GetBucketLocation, s3:GetEncryptionConfiguration, s3:ListBucketMultipartUploads on',
    );
  });
});

describe('a probe of a real MinIO that encrypts with a KMS', () => {
  it('finds the key of the spec in the bucket, and uses it', async () => {
    const bucket = await newBucket();
    await encrypt(bucket, KEY);
    const outcome = await probe({ bucket, kmsKeyId: KEY });
    expect(outcome.reasons).toEqual(GOOD);
    expect(outcome.results.find(({ name }) => name === 'EncryptionMatches')?.result).toBe('Pass');
    expect(outcome.results.find(({ name }) => name === 'KmsUsable')?.message).toContain('with a key of a KMS');
  });

  it('encrypts with the key of the spec, whatever the bucket does by itself', async () => {
    const outcome = await probe({ bucket: await newBucket(), kmsKeyId: KEY });
    expect(outcome.reasons).toEqual(GOOD);
  });

  it('names a key of the spec that the store does not know, and leaves nothing current', async () => {
    const bucket = await newBucket({ versioned: false });
    const outcome = await probe({ bucket, kmsKeyId: 'no-such-key' });
    expect(failedChecks(outcome)).toEqual(['KmsUsable']);
    expect(textsOf(outcome)).toContain('Writing an object failed');
    expect(textsOf(outcome)).toContain('(404 kms:KeyNotFound)');
    expect(textsOf(outcome)).toContain('mc admin kms key create <alias> no-such-key');
    expect(await listEverything(minio, bucket)).toEqual([]);
  });
});
