import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../src/domain/bucket/store-endpoint.ts';
import type { AccessKeyRef } from '../../src/domain/credentials/refs.ts';
import type { S3KindStorage } from '../../src/domain/bucket/storage.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';
import { createBucket, startMinio, type Minio } from '../servers/minio.ts';
import { describeDriver, type DriverBed, type DriverShapes, type Place } from './driver-contract.ts';

/** The clouds as they are addressed: the bucket stands in the host name. MinIO answers for these names. */
const DOMAINS = { aws: 's3.us-east-1.aws.example', coreWeave: 'cw.example' };

let minio: Minio;
beforeAll(async () => {
  minio = await startMinio({
    env: { MINIO_DOMAIN: Object.values(DOMAINS).join(',') },
  });
});
afterAll(() => minio.stop());

const net = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
  resolve: () => Promise.resolve(['127.0.0.1']),
});

const credentials: AccessKeyRef = {
  kind: 'AccessKey',
  secretName: 's',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
};

function cloudsAt(port: string): CloudEndpoints {
  return {
    ...PUBLIC_CLOUDS,
    aws: `http://${DOMAINS.aws.replace('us-east-1', '{region}')}:${port}`,
    coreWeave: `http://${DOMAINS.coreWeave}:${port}`,
  };
}

function bedOf(storageOf: (name: string) => S3KindStorage): DriverBed {
  const place = (name: string, options: { readonly port?: string; readonly secret?: string } = {}): Place => ({
    target: {
      storage: storageOf(name),
      credential: {
        kind: 'AccessKey',
        accessKeyId: minio.rootUser,
        secretAccessKey: new Secret(options.secret ?? minio.rootPassword),
      },
    },
    clouds: cloudsAt(options.port ?? new URL(minio.endpoint).port),
  });
  return {
    net,
    async bucket() {
      const name = `virtual-${randomBytes(4).toString('hex')}`;
      await createBucket(minio, name);
      return place(name);
    },
    elsewhere: ({ target }, url) => place(target.storage.name, { port: new URL(url).port }),
    stranger: ({ target }) => place(target.storage.name, { secret: 'not-the-secret' }),
    missing: () => place('no-such-bucket'),
    secretsOf: () => [minio.rootPassword],
  };
}

const shapes: DriverShapes = {
  stranger: { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' },
  missing: { kind: 'BucketNotFound', httpStatus: 404, providerCode: 'NoSuchBucket' },
  existing: { kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'PreconditionFailed' },
  absent: { kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' },
  tampered: { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' },
  expired: { kind: 'ClockSkewed', httpStatus: 403, providerCode: 'AccessDenied' },
  anonymous: { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' },
};

describeDriver(
  'S3 with the bucket in the host name, on a real MinIO',
  bedOf((name) => ({ provider: 'S3', name, path: '', region: 'us-east-1', credentials })),
  shapes,
);

describeDriver(
  'CoreWeave with the bucket in the host name, on a real MinIO',
  bedOf((name) => ({ provider: 'CoreWeave', name, path: '', region: 'us-east-1', credentials })),
  shapes,
);
