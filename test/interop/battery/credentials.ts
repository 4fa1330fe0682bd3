import { newAccessKey, READ_ONLY } from '../stores/s3-store.ts';
import type { AccessKey, Grant, Reasons, Store, Verdict } from '../stores/store.ts';
import type { Attempt, Situation } from './situation.ts';

/** The grant that W&B documents, without what only AWS knows (s3:GetBucketCORS). */
const DOCUMENTED: Grant = {
  bucketActions: [
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:ListBucketVersions',
    's3:GetBucketLocation',
    's3:GetBucketVersioning',
    's3:GetEncryptionConfiguration',
  ],
  objectActions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
};

/** What that grant lets nobody read. */
const UNREAD: Reasons = { ObjectsDeletable: 'SettingNotReadable', LifecycleSafe: 'SettingNotReadable' };

const PATH = 'teams/omega';
const OF_A_PATH: Grant = { ...DOCUMENTED, bucketActions: ['s3:ListBucket'], path: PATH };
const UNREAD_OF_A_PATH: Reasons = {
  ...UNREAD,
  VersioningEnabled: 'SettingNotReadable',
  GrantComplete: 'GrantIncomplete',
};

/** Who asks, and what that key may do. */
export const CREDENTIAL_SITUATIONS: readonly Situation[] = [
  {
    ...row("W&B's grant", 'Ready', UNREAD),
    needs: ['grants'],
    prepare: (store, bucket) => granted(store, bucket, DOCUMENTED),
  },
  {
    ...row('a key for one path', 'Ready', UNREAD_OF_A_PATH),
    needs: ['grants', 'grants for a path'],
    prepare: (store, bucket) => granted(store, bucket, OF_A_PATH),
  },
  {
    ...row('a key for one path, by a light probe', 'Ready'),
    needs: ['grants', 'grants for a path'],
    prepare: async (store, bucket) => ({ ...(await granted(store, bucket, OF_A_PATH)), mode: 'Light' }),
  },
  {
    ...row('a read-only key', ['CanWrite', 'WriteDenied']),
    needs: ['grants'],
    prepare: (store, bucket) => granted(store, bucket, READ_ONLY),
  },
  {
    ...row('a wrong secret key', ['Authenticated', 'SecretKeyWrong']),
    needs: ['access keys'],
    prepare: (store, bucket) => {
      const { id } = keyOf(store, bucket);
      return Promise.resolve({ place: store.place(bucket, { key: { id, secret: newAccessKey().secret } }) });
    },
  },
  {
    ...row('an unknown access key', ['Authenticated', 'AccessKeyUnknown']),
    needs: ['access keys'],
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket, { key: newAccessKey() }) }),
  },
  {
    ...row('a bucket that does not exist', ['BucketExists', 'BucketNotFound']),
    prepare: (store) => Promise.resolve({ place: store.place('no-such-bucket') }),
  },
  {
    ...row('another region', ['RegionMatches', 'RegionMismatch']),
    needs: ['regions'],
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket, { region: 'eu-west-1' }) }),
  },
];

function row(id: string, verdict: Verdict, warnings: Reasons = {}): Omit<Situation, 'prepare'> {
  return { id, group: 'Credentials and grants', needs: [], verdict, warnings };
}

async function granted(store: Store, bucket: string, grant: Grant): Promise<Attempt> {
  const key = await store.grant(bucket, grant);
  return { place: store.place(bucket, { key, path: PATH }) };
}

function keyOf(store: Store, bucket: string): AccessKey {
  const { credential } = store.place(bucket).target;
  if (credential.kind !== 'AccessKey') throw new Error(`${store.title} has no access keys`);
  return { id: credential.accessKeyId, secret: credential.secretAccessKey.reveal() };
}
