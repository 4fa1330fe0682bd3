import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
  type CORSRule,
} from '@aws-sdk/client-s3';
import { Secret } from '../../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import type { Endpoint, S3CompatibleStorage } from '../../../src/domain/bucket/storage.ts';
import { APP } from '../../contract/probe-outcome.ts';
import { loopback } from './loopback.ts';
import { appOriginFor } from './origins.ts';
import type { AccessKey, Grant, Place, PlaceOptions, ProxySetting, Store } from './store.ts';

/** What a store that speaks S3 adds to what all of them have in common. */
export interface S3Server extends Pick<
  Store,
  'title' | 'version' | 'origin' | 'lacks' | 'baseline' | 'neverReady' | 'exceptions'
> {
  /** Where the administrator reaches it. */
  readonly adminUrl: string;
  readonly root: AccessKey;
  readonly region: string;
  /** Where the operator reaches it. */
  endpoint(options: Pick<PlaceOptions, 'addressing' | 'through'>): Endpoint;
  readonly caBundle?: string;
  /** A user to whom a bucket policy can give something, by its principal. */
  createUser?(): Promise<{ readonly key: AccessKey; readonly principal: string }>;
  /** Actions that no policy of it may name. */
  readonly refusedActions?: readonly string[];
  /** Buckets take ACLs only after a setting, as on AWS. */
  readonly aclsMustBeAllowed?: true;
  readonly overrides?: Partial<Store>;
  stop(): Promise<void>;
}

/** A store that speaks S3, administered by the requests of S3. */
export function createS3Store(server: S3Server): Store {
  const client = new S3Client({
    endpoint: server.adminUrl,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId: server.root.id, secretAccessKey: server.root.secret },
    // Older stores know no other checksum than MD5.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const { title, version, origin, lacks, baseline, neverReady, exceptions } = server;
  const store: Store = {
    title,
    version,
    origin,
    lacks,
    baseline,
    exceptions,
    ...(neverReady !== undefined && { neverReady }),
    async createBucket({ name = newName(), objectLock = false } = {}) {
      await client.send(
        new CreateBucketCommand({ Bucket: name, ...(objectLock && { ObjectLockEnabledForBucket: true }) }),
      );
      await store.allowOrigins(name, [APP, appOriginFor('http')]);
      return name;
    },
    place: (bucket, options = {}) => placeOf(server, bucket, options),
    async allowOrigins(Bucket, origins) {
      if (origins.length === 0) await client.send(new DeleteBucketCorsCommand({ Bucket }));
      else await store.setCors(Bucket, [corsFor(origins)]);
    },
    async setCors(Bucket, rules) {
      await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [...rules] } }));
    },
    async grant(Bucket, grant) {
      if (server.createUser === undefined) throw new Error(`${title} grants nothing by bucket policy`);
      const { key, principal } = await server.createUser();
      const { refusedActions = [] } = server;
      const bucketActions = grant.bucketActions.filter((action) => !refusedActions.includes(action));
      const Policy = policyOf(Bucket, { ...grant, bucketActions }, principal);
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      return key;
    },
    async publish(Bucket, by) {
      if (by === 'policy') {
        await client.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(Bucket, READ_ONLY, '*') }));
        return;
      }
      if (server.aclsMustBeAllowed === true) {
        const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
        await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
      }
      await client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    },
    async retainObjects(Bucket, Days) {
      const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days } } as const;
      const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
      await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    },
    async expireObjects(Bucket, Days) {
      const rule = { ID: 'tidy', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days } } as const;
      const LifecycleConfiguration = { Rules: [rule] };
      await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    },
    async everything(Bucket) {
      const seen = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const versions = (seen.Versions ?? []).map(({ Key = '', ETag = '' }) => `${Key} ${ETag}`);
      return [...versions, ...(seen.DeleteMarkers ?? []).map(({ Key = '' }) => `${Key} deleted`)].sort();
    },
    async stop() {
      client.destroy();
      await server.stop();
    },
    ...server.overrides,
  };
  return store;
}

/** May list and read. */
export const READ_ONLY: Grant = { bucketActions: ['s3:ListBucket'], objectActions: ['s3:GetObject'] };

/** The policy of a bucket (with a principal) or of a user (without) that makes up a grant. */
export function policyOf(bucket: string, grant: Grant, principal?: string): string {
  const { bucketActions, objectActions, path } = grant;
  const arn = `arn:aws:s3:::${bucket}`;
  const common = { Effect: 'Allow', ...(principal !== undefined && { Principal: { AWS: [principal] } }) };
  const Condition = { StringLike: { 's3:prefix': [`${path ?? ''}/*`] } };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { ...common, Action: bucketActions, Resource: [arn], ...(path !== undefined && { Condition }) },
      { ...common, Action: objectActions, Resource: [path === undefined ? `${arn}/*` : `${arn}/${path}/*`] },
    ],
  });
}

/** The rule that our guides print. */
export function corsFor(AllowedOrigins: readonly string[]): CORSRule {
  return {
    AllowedOrigins: [...AllowedOrigins],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3000,
  };
}

function newName(): string {
  return `omega-${randomBytes(6).toString('hex')}`;
}

/** A name and a secret that no store has ever seen. */
export function newAccessKey(): AccessKey {
  return { id: `BYOB${randomBytes(8).toString('hex').toUpperCase()}`, secret: randomBytes(20).toString('hex') };
}

function placeOf(server: S3Server, name: string, options: PlaceOptions): Place {
  const { path = '', key = server.root, region = server.region, addressing = 'Path', kmsKeyId } = options;
  const through: ProxySetting = options.through ?? 'faithful';
  const endpoint = server.endpoint({ addressing, through });
  const storage: S3CompatibleStorage = {
    provider: 'S3Compatible',
    name,
    path,
    region,
    endpoint,
    addressing,
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(server.caBundle !== undefined && { caBundle: { kind: 'ConfigMap', name: 'store-ca', key: 'ca.crt' } }),
    credentials: {
      kind: 'AccessKey',
      secretName: 'omega',
      accessKeyIdKey: 'ACCESS_KEY',
      secretAccessKeyKey: 'SECRET_KEY',
    },
  };
  const credential = {
    kind: 'AccessKey',
    accessKeyId: key.id,
    secretAccessKey: new Secret(key.secret),
  } as const;
  return {
    target: { storage, credential, ...(server.caBundle !== undefined && { caBundle: server.caBundle }) },
    clouds: PUBLIC_CLOUDS,
    net: loopback,
    appOrigin: appOriginFor(endpoint.scheme),
  };
}
