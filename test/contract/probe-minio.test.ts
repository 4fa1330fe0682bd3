import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../../src/net/guarded-http.ts';
import { isProven } from '../../src/checks/roll-up.ts';
import { Secret } from '../../src/base/secret.ts';
import type { S3CompatibleStorage } from '../../src/domain/bucket/storage.ts';
import {
  createBucket,
  createUser,
  keepVersions,
  listEverything,
  listLive,
  rootClient,
  setActions,
  setPublic,
  startMinio,
  type Minio,
} from '../servers/minio.ts';
import { freePorts } from '../servers/process.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { PutObjectCommand } from '@aws-sdk/client-s3';

import { APP, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

/** The grant that W&B documents, as far as MinIO knows its actions. */
const ALL = [
  's3:GetObject',
  's3:GetEncryptionConfiguration',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:PutObject',
  's3:GetBucketLocation',
  's3:GetBucketVersioning',
];

/** What that grant lets nobody read. */
const UNTOLD = { ObjectsDeletable: 'SettingNotReadable', LifecycleSafe: 'SettingNotReadable' };

interface Case {
  readonly endpoint?: string;
  readonly bucket: string;
  readonly path?: string;
  readonly region?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly mode?: 'Full' | 'Light';
  readonly net?: GuardedHttp;
}

function probe(situation: Case): Promise<Outcome> {
  const minio = sharedServers().minio;
  const url = new URL(situation.endpoint ?? minio.endpoint);
  const storage: S3CompatibleStorage = {
    provider: 'S3Compatible',
    name: situation.bucket,
    path: situation.path ?? '',
    region: situation.region ?? 'us-east-1',
    endpoint: { scheme: 'http', host: url.hostname, port: Number(url.port) },
    addressing: 'Path',
    credentials: {
      kind: 'AccessKey',
      secretName: 'omega',
      accessKeyIdKey: 'ACCESS_KEY',
      secretAccessKeyKey: 'SECRET_KEY',
    },
  };
  const accessKeyId = situation.key ?? minio.rootUser;
  const secretAccessKey = new Secret(situation.secret ?? minio.rootPassword);
  const target = { storage, credential: { kind: 'AccessKey', accessKeyId, secretAccessKey } } as const;
  const { mode, net } = situation;
  return probeBucket(
    { target, clouds: PUBLIC_CLOUDS },
    { ...(mode !== undefined && { mode }), ...(net !== undefined && { net }) },
  );
}

/** MinIO on loopback has no TLS, and a new bucket no versions: all that a good bucket there is warned of. */
const GOOD = {
  TlsTrusted: 'PlainHttp',
  VersioningEnabled: 'VersioningDisabled',
  EndpointPublic: 'EndpointNotPublic',
};

describe('a probe of a real MinIO', () => {
  it('passes every check on a good bucket and leaves it as it was', async () => {
    const bucket = await newBucket('good');
    const { minio } = sharedServers();
    const client = rootClient(minio);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'teams/omega/model.bin', Body: 'a model' }));
    client.destroy();
    const before = await listEverything(minio, bucket);
    const full = await probe({ bucket, path: 'teams/omega' });
    expect(full.reasons).toEqual(GOOD);
    expect(full.seen.requests).toBe(27);
    expect(await listEverything(minio, bucket)).toEqual(before);
  });

  it('sends two requests for a light probe', async () => {
    const bucket = await newBucket('light');
    const { seen } = await probe({ bucket, mode: 'Light' });
    expect(seen).toMatchObject({
      mode: 'Light',
      list: { ok: true, value: { keys: 0 } },
      presigned: { GET: { ok: true, value: { httpStatus: 404 } } },
      crossOrigin: { GET: { ok: true } },
      requests: 2,
    });
  });

  it.each<[string, Partial<Case>, Readonly<Record<string, string>>]>([
    ['a bucket that is not there', { bucket: 'nobody-made-this' }, { BucketExists: 'BucketNotFound' }],
    ['a wrong secret key', { secret: 'not-the-secret-key' }, { Authenticated: 'SecretKeyWrong' }],
    ['an unknown access key', { key: 'AKIANOBODYKNOWS' }, { Authenticated: 'AccessKeyUnknown' }],
  ])('names %s', async (_name, change, expected) => {
    const bucket = await newBucket('named');
    const outcome = await probe({ bucket, ...change });
    expect(outcome.reasons).toMatchObject(expected);
    const failed = outcome.results.filter(({ result }) => result === 'Fail').map(({ name }) => name);
    expect(failed).toEqual(Object.keys(expected));
    expect(textsOf(outcome)).not.toContain(change.secret ?? sharedServers().minio.rootPassword);
    expect(await listEverything(sharedServers().minio, bucket)).toEqual([]);
  });

  it('tells in which region the bucket is', async () => {
    const bucket = await newBucket('region');
    const outcome = await probe({ bucket, region: 'eu-west-1' });
    expect(outcome.results.filter(({ result }) => result === 'Fail')).toEqual([
      {
        name: 'RegionMatches',
        result: 'Fail',
        reason: 'RegionMismatch',
        message: `Bucket ${bucket} is in us-east-1, and the spec says eu-west-1.`,
        remedy: 'Set spec.bucket.s3Compatible.region to us-east-1.',
      },
    ]);
    expect(await listEverything(sharedServers().minio, bucket)).toEqual([]);
  });

  it('names a port at which nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const { reasons } = await probe({ bucket: 'any-bucket', endpoint: `http://127.0.0.1:${String(port)}` });
    expect(reasons).toEqual({ EndpointReachable: 'ConnectionRefused' });
  });

  it('finds a bucket that anybody can read', async () => {
    const bucket = await newBucket('public');
    const { minio } = sharedServers();
    await setPublic(minio, bucket, true);
    const outcome = await probe({ bucket });
    expect(outcome.reasons).toEqual({ ...GOOD, NotPublic: 'BucketPublic' });
    expect(textsOf(outcome)).toContain('Everyone can read objects of and list');
    await setPublic(minio, bucket, false);
    expect((await probe({ bucket, path: 'again' })).reasons).toEqual(GOOD);
    expect(await listEverything(minio, bucket)).toEqual([]);
  });

  describe('with the grant that W&B documents', () => {
    const versioned = { TlsTrusted: GOOD.TlsTrusted, EndpointPublic: GOOD.EndpointPublic };

    async function probeWith(actions: readonly string[]): Promise<Outcome> {
      const bucket = await newBucket('granted');
      const { minio } = sharedServers();
      await keepVersions(minio, bucket);
      const user = { name: `user-${randomBytes(4).toString('hex')}`, secret: 'user-secret-1', buckets: [bucket] };
      await createUser(minio, { ...user, actions });
      const outcome = await probe({ bucket, key: user.name, secret: user.secret });
      const left = (await listLive(minio, bucket)).length;
      expect(left).toBe(actions.includes('s3:DeleteObject') ? 0 : 1);
      return outcome;
    }

    const complaints = ({ results }: Outcome): Readonly<Record<string, string>> =>
      Object.fromEntries(
        results
          .filter(({ result }) => result === 'Fail' || result === 'Warn')
          .map(({ name, reason }) => [name, reason]),
      );

    it('is proven, and leaves open only what that grant lets nobody read', async () => {
      const outcome = await probeWith(ALL);
      expect(isProven(outcome.results)).toBe(true);
      expect(outcome.reasons).toEqual({ ...versioned, ...UNTOLD });
    });

    // MinIO takes s3:ListBucket for s3:ListBucketVersions as well: scripted answers show what is said without it.
    it.each<[string, boolean, Readonly<Record<string, string>>]>([
      ['s3:ListBucket', false, { CanList: 'ListDenied' }],
      ['s3:PutObject', false, { CanWrite: 'WriteDenied' }],
      ['s3:GetObject', false, { CanRead: 'ReadDenied' }],
      ['s3:DeleteObject', false, { CanDelete: 'DeleteDenied' }],
      ['s3:AbortMultipartUpload', true, { MultipartUpload: 'AbortDenied' }],
      ['s3:ListBucketMultipartUploads', true, { GrantComplete: 'GrantIncomplete' }],
      ['s3:GetBucketLocation', true, { GrantComplete: 'GrantIncomplete' }],
      ['s3:GetEncryptionConfiguration', true, { GrantComplete: 'GrantIncomplete' }],
      ['s3:GetBucketVersioning', true, { GrantComplete: 'GrantIncomplete' }],
    ])(
      'less %s: exactly the check that stands for it complains; still proven: %s',
      async (action, proven, expected) => {
        const outcome = await probeWith(ALL.filter((one) => one !== action));
        expect(isProven(outcome.results)).toBe(proven);
        expect(complaints(outcome)).toEqual({ ...versioned, ...expected });
        expect(textsOf(outcome)).toContain(action);
      },
    );
  });

  it('keeps to one object where deletion is not granted, and removes it once it is', async () => {
    const bucket = await newBucket('undeletable');
    const { minio } = sharedServers();
    const user = { name: `user-${randomBytes(4).toString('hex')}`, secret: 'user-secret-1', buckets: [bucket] };
    await createUser(minio, { ...user, actions: ALL.filter((one) => one !== 's3:DeleteObject') });
    const situation = { bucket, key: user.name, secret: user.secret };
    const expected = { ...GOOD, ...UNTOLD, CanDelete: 'DeleteDenied' };
    expect((await probe(situation)).reasons).toEqual(expected);
    expect((await probe(situation)).reasons).toEqual(expected);
    expect(await listEverything(minio, bucket)).toHaveLength(1);
    // The object that is there already must not pass for a granted write.
    await setActions(minio, { ...user, actions: ['s3:ListBucket', 's3:GetObject'] });
    expect((await probe(situation)).reasons).toMatchObject({ CanWrite: 'WriteDenied' });
    await setActions(minio, { ...user, actions: ALL });
    expect((await probe(situation)).reasons).toEqual({ ...GOOD, ...UNTOLD });
    expect(await listEverything(minio, bucket)).toEqual([]);
  });
});

describe('a probe of a MinIO that browsers know by a name', () => {
  const net = createGuardedHttp({
    policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
    proxy: {},
    resolve: () => Promise.resolve(['127.0.0.1']),
  });
  afterAll(() => net.close());

  it('names mixed content, and an address that only its own network knows', async () => {
    const bucket = await newBucket('mixed');
    const { port } = new URL(sharedServers().minio.endpoint);
    const outcome = await probe({ bucket, endpoint: `http://minio.acme.example:${port}`, net });
    expect(outcome.reasons).toEqual({ ...GOOD, MixedContent: 'MixedContentBlocked' });
    expect(textsOf(outcome)).toContain(
      `The front end ${APP} uses https and http://minio.acme.example:${port} does not`,
    );
  });
});

describe('a probe of a MinIO with settings of its own', () => {
  let minio: Minio | undefined;
  beforeAll(async () => {
    minio = await startMinio({
      env: { MINIO_API_CORS_ALLOW_ORIGIN: 'https://other.example', MINIO_SITE_REGION: '' },
    });
    await createBucket(minio, 'omega-data');
  }, 120_000);
  afterAll(() => minio?.stop());

  async function probeOwn(change: Partial<Case> = {}): Promise<Outcome> {
    if (minio === undefined) throw new Error('not started');
    const outcome = await probe({ bucket: 'omega-data', endpoint: minio.endpoint, ...change });
    expect(await listEverything(minio, 'omega-data')).toEqual([]);
    return outcome;
  }

  it('finds that it allows another front end only, and says where MinIO has its one setting', async () => {
    const outcome = await probeOwn();
    expect(outcome.reasons).toEqual({ ...GOOD, CorsAllowsApp: 'CorsOriginNotAllowed' });
    expect(textsOf(outcome)).toContain(`api cors_allow_origin=<origins that are there>,${APP}`);
  });

  it('takes any region from a store that has none', async () => {
    const outcome = await probeOwn({ region: 'eu-west-1' });
    expect(outcome.results.find(({ name }) => name === 'RegionMatches')).toEqual({
      name: 'RegionMatches',
      result: 'Pass',
      reason: 'Passed',
      message: 'Requests signed for eu-west-1 are accepted.',
    });
  });
});
