import { moduleVersion } from '../../../scripts/tools/module-version.ts';
import { minioAdmin, startMinio, type Minio } from '../../servers/minio.ts';
import { createS3Store, newAccessKey, policyOf, type S3Server } from './s3-store.ts';
import type { Store } from './store.ts';

/** Under it buckets are names of hosts. */
const DOMAIN = 'minio.test';

/** MinIO as its own module has it, reached without TLS. */
export async function startMinioStore(): Promise<Store> {
  const minio = await startMinioServer();
  return createS3Store({
    ...minioServer(minio),
    title: 'MinIO',
    lacks: { ...MINIO_LACKS, 'a proxy': 'nothing stands before it' },
    endpoint: ({ addressing }) => ({
      scheme: 'http',
      host: addressing === 'Path' ? '127.0.0.1' : DOMAIN,
      port: Number(new URL(minio.endpoint).port),
    }),
  });
}

/** Starts MinIO with a KMS and a domain; `hosts` are further domains. */
export function startMinioServer(hosts: readonly string[] = []): Promise<Minio> {
  return startMinio({
    env: {
      MINIO_KMS_SECRET_KEY: `wandb-key:${Buffer.alloc(32, 7).toString('base64')}`,
      MINIO_DOMAIN: [DOMAIN, ...hosts].join(','),
    },
  });
}

/** What MinIO cannot do, whatever stands before it. */
export const MINIO_LACKS = {
  'CORS off': 'its one CORS setting for all buckets always allows an origin',
  'CORS rules': 'its one CORS setting for all buckets knows only origins',
  'public by ACL': 'it takes no ACL but private',
} as const satisfies Store['lacks'];

/** MinIO for an administrator who reaches it directly. */
export function minioServer(minio: Minio): Omit<S3Server, 'title' | 'lacks' | 'endpoint'> {
  let allowed = '*';
  return {
    version: moduleVersion('minio', 'github.com/minio/minio'),
    origin: 'Go module',
    adminUrl: minio.endpoint,
    root: { id: minio.rootUser, secret: minio.rootPassword },
    region: 'us-east-1',
    baseline: {
      TlsTrusted: 'PlainHttp',
      VersioningEnabled: 'VersioningDisabled',
      EndpointPublic: 'EndpointNotPublic',
    },
    exceptions: {},
    overrides: {
      // CORS is a setting of the server, and not of the bucket.
      async allowOrigins(_bucket, origins) {
        const wanted = origins.join(',');
        if (wanted === allowed) return;
        await minioAdmin(minio, ['set', 'api', `cors_allow_origin=${wanted}`]);
        allowed = wanted;
      },
      // Policies belong to users.
      async grant(bucket, grant) {
        const key = newAccessKey();
        await minioAdmin(minio, ['user', key.id, key.secret]);
        await minioAdmin(minio, ['policy', key.id], policyOf(bucket, grant));
        return key;
      },
    },
    stop: () => minio.stop(),
  };
}
