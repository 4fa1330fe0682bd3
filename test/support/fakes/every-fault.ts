import { err, ok } from '../../../src/base/result.ts';
import type { CheckContext, CheckResult } from '../../../src/checks/check.ts';
import { judgeAll } from '../../../src/checks/judge.ts';
import type { CoreWeaveStorage } from '../../../src/domain/bucket/storage.ts';
import type { BucketFailure, BucketFailureKind } from '../../../src/domain/observations/bucket-failure.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import {
  azureBlob,
  contextOf,
  crossOrigin,
  gcs,
  goodObservations,
  minio,
  preflight,
  preflights,
  s3,
} from './observations.ts';
import { asBucketRole, asRole, EMAIL, onAzure, onGcp } from './sign-ins.ts';

const coreWeave: CoreWeaveStorage = {
  provider: 'CoreWeave',
  name: 'acme-wandb',
  path: 'teams/omega',
  region: 'US-EAST-04A',
  credentials: s3.credentials,
};

const KMS_KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1';

const AWS_SIGN_IN: readonly BucketFailureKind[] = ['WebIdentityNotTrusted', 'IssuerNotTrusted', 'RoleNotAssumable'];
const GCP_SIGN_IN: readonly BucketFailureKind[] = [
  'IdentityPoolMisconfigured',
  'ImpersonationDenied',
  'IdentityApiDisabled',
  'UrlSigningDenied',
];
const AZURE_SIGN_IN: readonly BucketFailureKind[] = [
  'FederatedCredentialMissing',
  'IdentityNotFound',
  'UrlSigningDenied',
];
const ANY_SIGN_IN: readonly BucketFailureKind[] = ['TokenUnavailable', 'IdentityServiceUnavailable', 'IdentityRefused'];

/** Each provider with each way to sign in, and what can befall that. */
export const CONTEXTS: readonly (readonly [
  what: string,
  context: CheckContext,
  signIn: readonly BucketFailureKind[],
])[] = [
  ['AWS with a key', contextOf(), []],
  [
    'AWS with all settings',
    contextOf({ storage: { ...s3, kmsKeyArn: KMS_KEY, expectedBucketOwner: '123456789012' } }),
    [],
  ],
  ['AWS as a role', asRole, AWS_SIGN_IN],
  ['AWS as a role in another account', asBucketRole, AWS_SIGN_IN],
  ['an S3-compatible store', contextOf({ storage: minio }), []],
  ['an S3-compatible store with a key of its KMS', contextOf({ storage: { ...minio, kmsKeyId: 'key-1' } }), []],
  ['CoreWeave', contextOf({ storage: coreWeave }), []],
  ['Google Cloud with a key', contextOf({ storage: gcs }), []],
  ['Google Cloud as a service account', onGcp(EMAIL), GCP_SIGN_IN],
  ['Google Cloud as a pool', onGcp(), GCP_SIGN_IN],
  ['Azure with a key', contextOf({ storage: azureBlob }), []],
  ['Azure as an identity', onAzure, AZURE_SIGN_IN],
];

const KINDS: readonly BucketFailureKind[] = [
  ...['EndpointForbidden', 'NameNotResolved', 'ResolverUnavailable', 'ConnectionRefused', 'ConnectionTimedOut'],
  ...[
    'ConnectionReset',
    'NetworkUnreachable',
    'OutOfSockets',
    'TlsUntrusted',
    'TlsIssuerUnknown',
    'TlsCertificateInvalid',
    'TlsExpired',
  ],
  ...['TlsNameMismatch', 'TlsHandshakeFailed', 'ProxyRefused', 'DeadlineExceeded', 'ResponseTooLarge'],
  ...['NotAnObjectStore', 'AccessKeyUnknown', 'SignatureMismatch', 'SharedKeyDisabled', 'CredentialsInvalid'],
  ...['CredentialsExpired', 'AccessDenied', 'NetworkDenied', 'ApiDisabled', 'AccountSuspended', 'ClockSkewed'],
  ...['BucketNotFound', 'BucketNameInvalid', 'AddressingRefused', 'WrongRegion', 'ObjectNotFound', 'ObjectArchived'],
  ...['RequesterPays', 'PreconditionFailed', 'CorsRuleMismatch', 'BodyTooLarge', 'NotImplemented', 'RequestRefused'],
  ...['KmsKeyNotFound', 'KmsKeyDisabled', 'KmsAccessDenied', 'KmsNotConfigured', 'Throttled', 'QuotaExceeded'],
  'ServiceUnavailable',
] as BucketFailureKind[];

type Step = (failure: BucketFailure) => Partial<Observations>;

const good = goodObservations();
/** Each request of a probe that can fail. */
const STEPS: readonly Step[] = [
  (failure) => ({ endpoint: err(failure) }),
  ...(['list', 'region', 'owner', 'write', 'read', 'delete', 'bodyLimit'] as const).map((step): Step => (failure) => ({
    [step]: err(failure),
  })),
  ...(['PUT', 'GET', 'HEAD', 'DELETE'] as const).map((method): Step => (failure) => ({
    presigned: { ...good.presigned, [method]: err(failure) },
  })),
  ...(['list', 'start', 'part', 'complete', 'read', 'abort'] as const).map((step): Step => (failure) => ({
    multipart: { ...good.multipart, [step]: err(failure) },
  })),
  ...(
    ['retention', 'versioning', 'softDelete', 'lifecycle', 'probeVersions', 'location', 'requesterPays'] as const
  ).map((name): Step => (failure) => ({ settings: { ...good.settings, [name]: err(failure) } })),
  ...(['storageClass', 'missingPermissions', 'encryption', 'cors'] as const).map((name): Step => (failure) => ({
    settings: { ...good.settings, [name]: err(failure) },
  })),
  (failure) => ({ settings: Object.fromEntries(Object.keys(good.settings ?? {}).map((name) => [name, err(failure)])) }),
  (failure) => ({ crossOrigin: { GET: err(failure), HEAD: err(failure), PUT: err(failure) } }),
  (failure) => ({ preflight: { GET: err(failure), HEAD: err(failure), PUT: err(failure) } }),
];

const rule = { name: 'old', prefixes: [], deletes: true, expiresVersions: false };
const lock = { mode: 'COMPLIANCE', until: '2027-01-31T00:00:00.000Z', legalHold: true };
const open = ok({ httpStatus: 200, disclosed: true });
const setting = (settings: Observations['settings']): Partial<Observations> => ({
  settings: { ...good.settings, ...settings },
});

/** What else can be wrong, though every request succeeds. */
const FAULTS: readonly Partial<Observations>[] = [
  { endpoint: ok({ tls: true, route: 'direct', clockSkewSeconds: 3600 }) },
  { endpoint: ok({ tls: false, route: 'direct', isPublic: false }) },
  { list: ok({ keys: 1, archived: 'GLACIER' }) },
  { region: ok({ region: 'ap-south-1' }) },
  { write: ok({ conditional: false }) },
  { read: ok({ intact: false }) },
  { read: ok({ intact: true, lock }) },
  { read: ok({ intact: true, encryption: { algorithm: 'AES256' } }) },
  { delete: ok({ gone: false }) },
  { presigned: { ...good.presigned, DELETE: ok({ httpStatus: 204, gone: false }) } },
  { multipart: { ...good.multipart, read: ok({ intact: false }) } },
  { multipart: { ...good.multipart, read: ok({ intact: true, rangeIgnored: true }) } },
  { anonymous: { get: open, list: open } },
  { anonymous: { get: open, list: open, rules: ok({ isPublic: false }) } },
  { preflight: preflights(preflight({ httpStatus: 403, refusedAs: 'AccessDenied' })) },
  { preflight: preflights(preflight({ httpStatus: 403, refusedAs: 'SignatureMismatch' })) },
  { preflight: preflights(preflight({ allowOrigin: 'https://other.example' })) },
  { preflight: preflights(preflight({ allowMethods: [] })) },
  { preflight: preflights(preflight({ allowHeaders: [] })) },
  { crossOrigin: crossOrigin({ exposeHeaders: [] }) },
  { credentialExpiresAt: '2026-01-01T00:15:00Z' },
  setting({ retention: ok({ keeps: ['a default retention of 30 days (COMPLIANCE)'] }) }),
  setting({ versioning: ok({ enabled: false }) }),
  setting({ softDelete: ok({ enabled: false }) }),
  setting({ lifecycle: ok([rule]) }),
  setting({ lifecycle: ok([{ ...rule, deletes: false, archivesTo: 'GLACIER' }]) }),
  setting({ probeVersions: ok({ count: 50, truncated: true }) }),
  setting({ requesterPays: ok({ enabled: true }) }),
  setting({ storageClass: ok({ name: 'NEARLINE' }) }),
  setting({ missingPermissions: ok(['storage.buckets.get']) }),
];

function failureOf(kind: BucketFailureKind): BucketFailure {
  return { kind, httpStatus: 403, providerCode: 'Code', region: 'ap-south-1', endpoint: 'https://other.example' };
}

/** All that can be seen of a bucket with one fault. */
function* observations(signIn: readonly BucketFailureKind[]): Generator<Observations> {
  for (const kind of [...KINDS, ...signIn, ...(signIn.length > 0 ? ANY_SIGN_IN : [])]) {
    for (const step of STEPS) yield goodObservations(step(failureOf(kind)));
  }
  for (const fault of FAULTS) yield goodObservations(fault);
}

/** The results of every check for all that can be seen of a bucket with one fault. */
export function statuses(
  context: CheckContext,
  signIn: readonly BucketFailureKind[],
): readonly (readonly CheckResult[])[] {
  return [...observations(signIn)].map((seen) => judgeAll(seen, context, { ignore: [] }));
}

export const textOf = ({ message = '', remedy = '' }: CheckResult): string => `${message} ${remedy}`;
