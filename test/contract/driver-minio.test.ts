import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import type { S3CompatibleStorage } from '../../src/domain/bucket/storage.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { describeDriver, type Place } from './driver-contract.ts';

function at(url: string, name: string, secret: string): Place {
  const { hostname, port } = new URL(url);
  const storage: S3CompatibleStorage = {
    provider: 'S3Compatible',
    name,
    path: '',
    region: 'us-east-1',
    endpoint: { scheme: 'http', host: hostname, port: Number(port) },
    addressing: 'Path',
    credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'ACCESS_KEY', secretAccessKeyKey: 'SECRET_KEY' },
  };
  const accessKeyId = sharedServers().minio.rootUser;
  const target: BucketTarget = {
    storage,
    credential: { kind: 'AccessKey', accessKeyId, secretAccessKey: new Secret(secret) },
  };
  return { target, clouds: PUBLIC_CLOUDS };
}

const secret = (): string => sharedServers().minio.rootPassword;
const endpoint = (): string => sharedServers().minio.endpoint;

describeDriver(
  'S3Compatible on a real MinIO',
  {
    bucket: async () => at(endpoint(), await newBucket('contract'), secret()),
    elsewhere: ({ target }, url) => at(url, target.storage.name, secret()),
    stranger: ({ target }) => at(endpoint(), target.storage.name, 'not-the-secret'),
    missing: () => at(endpoint(), 'no-such-bucket', secret()),
    secretsOf: () => [secret()],
  },
  {
    stranger: { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' },
    missing: { kind: 'BucketNotFound', httpStatus: 404, providerCode: 'NoSuchBucket' },
    existing: { kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'PreconditionFailed' },
    absent: { kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' },
    tampered: { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' },
    expired: { kind: 'ClockSkewed', httpStatus: 403, providerCode: 'AccessDenied' },
    anonymous: { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' },
  },
);
