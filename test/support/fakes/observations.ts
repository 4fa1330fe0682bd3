import type { CheckContext, CheckResult } from '../../../src/checks/check.ts';
import { judgeAll } from '../../../src/checks/judge.ts';
import type { BucketFailure } from '../../../src/domain/observations/bucket-failure.ts';
import type { SettingsSeen } from '../../../src/domain/observations/bucket-settings.ts';
import { declaredSignIn } from '../../../src/domain/credentials/identity-ref.ts';
import type {
  CertificateSeen,
  CrossOriginResponseSeen,
  EndpointSeen,
  Observations,
  PreflightSeen,
} from '../../../src/domain/observations/observations.ts';
import { PUBLIC_CLOUDS, storeEndpoint } from '../../../src/domain/bucket/store-endpoint.ts';
import { err, ok } from '../../../src/base/result.ts';
import type {
  AzureBlobStorage,
  GcsStorage,
  S3CompatibleStorage,
  S3Storage,
} from '../../../src/domain/bucket/storage.ts';

export const APP = 'https://wandb.acme.example';

export const credentials = {
  kind: 'AccessKey',
  secretName: 'omega-bucket',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
} as const;

export const s3: S3Storage = {
  provider: 'S3',
  name: 'acme-wandb',
  path: 'teams/omega',
  region: 'eu-central-1',
  credentials,
};

export const minio: S3CompatibleStorage = {
  provider: 'S3Compatible',
  name: 'omega-data',
  path: '',
  region: 'us-east-1',
  endpoint: { scheme: 'https', host: 'minio.acme.example', port: 9000 },
  addressing: 'Path',
  credentials,
};

export const gcs: GcsStorage = {
  provider: 'GCS',
  name: 'acme-wandb',
  path: 'teams/omega',
  credentials: { kind: 'ServiceAccountKey', secretName: 'omega-bucket', key: 'key.json' },
};

export const azureBlob: AzureBlobStorage = {
  provider: 'AzureBlob',
  name: 'omega-data',
  path: '',
  storageAccount: 'acmewandb',
  credentials: { kind: 'AccountKey', secretName: 'omega-bucket', key: 'AZURE_STORAGE_KEY' },
};

export function contextOf(changes: Partial<CheckContext> = {}): CheckContext {
  return {
    storage: s3,
    namespace: 'wandb',
    signIn: declaredSignIn(changes.storage ?? s3),
    principal: 'access key AKIA***MPLE',
    endpointUrl: storeEndpoint(changes.storage ?? s3, PUBLIC_CLOUDS),
    appOrigin: APP,
    proxiesFileStore: false,
    ...changes,
  };
}

/** What stores answer to those without a right. */
/** The verdicts on what a probe saw of the bucket `s3`. */
export function verdictsOn(seen: Observations): readonly CheckResult[] {
  return judgeAll(seen, contextOf(), { ignore: [] });
}

export const denied: BucketFailure = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' };

/** An S3-compatible store, a bucket of GCS and a container of Azure as checks see them. */
export const onMinio = contextOf({ storage: minio });
export const onGcs = contextOf({ storage: gcs, principal: 'service account omega@acme.iam.gserviceaccount.com' });
export const onAzureBlob = contextOf({ storage: azureBlob, principal: 'the account key' });
export const onCoreWeave = contextOf({
  storage: {
    provider: 'CoreWeave',
    name: 'acme-wandb',
    path: 'teams/omega',
    region: 'US-EAST-04A',
    credentials: s3.credentials,
  },
});
export const withPlainHttp = contextOf({
  storage: { ...minio, endpoint: { ...minio.endpoint, scheme: 'http' } },
});

export function preflight(changes: Partial<PreflightSeen> = {}): PreflightSeen {
  return {
    httpStatus: 200,
    allowOrigin: APP,
    allowMethods: ['GET', 'HEAD', 'PUT'],
    requestedHeaders: ['content-type', 'content-md5'],
    allowHeaders: ['*'],
    ...changes,
  };
}

export function preflights(seen: PreflightSeen): NonNullable<Observations['preflight']> {
  return { GET: ok(seen), HEAD: ok(seen), PUT: ok(seen) };
}

export const goodCertificate: CertificateSeen = { validTo: '2027-12-31', daysLeft: 400, systemCa: true };

/** Settings of a bucket with which nothing is wrong, of whatever provider. */
export const goodSettings: SettingsSeen = {
  retention: ok({ keeps: [] }),
  versioning: ok({ enabled: true }),
  softDelete: ok({ enabled: true }),
  lifecycle: ok([]),
  probeVersions: ok({ count: 0, truncated: false }),
  location: ok({ region: 'eu-central-1' }),
  requesterPays: ok({ enabled: false }),
  storageClass: ok({ name: 'STANDARD' }),
  missingPermissions: ok([]),
  encryption: ok(true),
  cors: ok(true),
};

/** What a full probe sees of a bucket with which nothing is wrong. */
export function goodObservations(changes: Partial<Observations> = {}): Observations {
  const status = ok({ httpStatus: 200 });
  const refused = ok({ httpStatus: 403, disclosed: false });
  return {
    mode: 'Full',
    endpoint: ok({ tls: true, clockSkewSeconds: 0, route: 'direct', isPublic: true, certificate: goodCertificate }),
    list: ok({ keys: 0 }),
    settings: goodSettings,
    region: ok({ region: 'eu-central-1' }),
    write: ok({ conditional: true }),
    read: ok({ intact: true }),
    delete: ok({ gone: true }),
    presigned: { PUT: status, GET: status, HEAD: status, DELETE: ok({ httpStatus: 204 }) },
    multipart: {
      list: ok(undefined),
      start: ok(undefined),
      part: status,
      complete: ok(undefined),
      read: ok({ intact: true }),
      abort: ok(undefined),
    },
    preflight: preflights(preflight()),
    crossOrigin: crossOrigin({ allowOrigin: APP, exposeHeaders: ['etag'] }),
    anonymous: { get: refused, list: refused },
    requests: 20,
    ...changes,
  };
}

/** The same answer to each method. */
export function crossOrigin(seen: CrossOriginResponseSeen): Observations['crossOrigin'] & object {
  return { GET: ok(seen), HEAD: ok(seen), PUT: ok(seen) };
}

/** What a full probe sees that cannot get past its first signed request. */
export function listFails(error: BucketFailure, changes: Partial<Observations> = {}): Observations {
  return {
    mode: 'Full',
    endpoint: ok({ tls: true, clockSkewSeconds: 0, route: 'direct' }),
    list: err(error),
    requests: 2,
    ...changes,
  };
}

/** What a full probe sees that finds no one at the endpoint. */
export function endpointFails(error: BucketFailure): Observations {
  return { mode: 'Full', endpoint: err(error), requests: 1 };
}

/** A bucket whose settings differ from good ones. */
export function withSettings(changes: SettingsSeen): Observations {
  return goodObservations({ settings: { ...goodSettings, ...changes } });
}

/** A store that answers otherwise at first contact. */
export function withEndpoint(changes: Partial<EndpointSeen>): Observations {
  const good: EndpointSeen = { tls: true, route: 'direct', isPublic: true, certificate: goodCertificate };
  return goodObservations({ endpoint: ok({ ...good, ...changes }) });
}
