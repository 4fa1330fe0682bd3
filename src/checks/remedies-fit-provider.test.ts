import { describe, expect, it } from '@jest/globals';
import { schemaOf, type Schema } from '../../test/crds/crd-files.ts';
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
} from '../../test/support/fakes/observations.ts';
import { asBucketRole, asRole, EMAIL, onAzure, onGcp } from '../../test/support/fakes/sign-ins.ts';
import { err, ok } from '../base/result.ts';
import { PROVIDERS } from '../domain/bucket/providers.ts';
import type { BucketStorage, CoreWeaveStorage } from '../domain/bucket/storage.ts';
import type { BucketFailure, BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { CheckContext, CheckResult } from './check.ts';
import { judgeAll } from './judge.ts';

/** Every text that a storage of one provider can be given, held against what that provider has. */
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
const CONTEXTS: readonly (readonly [what: string, context: CheckContext, signIn: readonly BucketFailureKind[]])[] = [
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
  ...(['list', 'region', 'owner', 'write', 'read', 'delete', 'bodyLimit', 'crossOriginResponse'] as const).map(
    (step): Step =>
      (failure) => ({ [step]: err(failure) }),
  ),
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

function statuses(context: CheckContext, signIn: readonly BucketFailureKind[]): readonly (readonly CheckResult[])[] {
  return [...observations(signIn)].map((seen) => judgeAll(seen, context, { ignore: [] }));
}

const textOf = ({ message = '', remedy = '' }: CheckResult): string => `${message} ${remedy}`;

/** Whether the CRD has a field. */
function hasField(schema: Schema | undefined, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  return schema !== undefined && (first === undefined || hasField(schema.properties?.[first], rest));
}

/** What belongs to one provider, or to some: nobody else is told of it. */
const OWN_WORDS: readonly (readonly [RegExp, readonly BucketStorage['provider'][]])[] = [
  [/\baws (s3api|s3|iam|kms|sts)\b/, ['S3', 'CoreWeave']],
  [/\bmc [a-z]+ /, ['S3Compatible']],
  [/\b(gcloud|gsutil)\b/, ['GCS']],
  [/\baz (storage|role|identity|keyvault|ad)\b/, ['AzureBlob']],
  [/\b(s3|kms):[A-Z][A-Za-z]+/, ['S3', 'S3Compatible', 'CoreWeave']],
  [/\bstorage\.(objects|buckets)\.[a-z]+|\broles\/storage\./, ['GCS']],
  [/\bStorage Blob /, ['AzureBlob']],
  [/--aws(-sts)?-endpoint/, ['S3']],
  [/--gc[sp](-sts|-iam)?-endpoint/, ['GCS']],
  [/--azure(-login)?-endpoint/, ['AzureBlob']],
  [/--coreweave-endpoint/, ['CoreWeave']],
];

describe.each(CONTEXTS)('all texts for %s', (_, context, signIn) => {
  const { provider } = context.storage;
  const all = statuses(context, signIn);
  const texts = [...new Set(all.flat().map(textOf))];

  it('name only fields that the spec of this provider has', () => {
    const { member } = PROVIDERS[provider];
    const others = Object.values(PROVIDERS).flatMap((one) => (one.member === member ? [] : [one.member]));
    const fields = texts.flatMap((text) => text.match(/\bspec(\.[a-z][A-Za-z0-9]*)+/g) ?? []);
    expect(fields.length).toBeGreaterThan(0);
    const schema = schemaOf('TeamStorage');
    const instance = schemaOf('InstanceStorage');
    const wrong = fields.filter((field) => {
      const path = field.split('.');
      const isKnown = hasField(schema, path) || hasField(instance, path);
      return !isKnown || (path[1] === 'bucket' && others.includes(path[2] as never));
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('name only commands, permissions and flags of this provider', () => {
    const foreign = texts.flatMap((text) =>
      OWN_WORDS.filter(([words, of]) => words.test(text) && !of.includes(provider)).map(([words]) => [
        words.source,
        text,
      ]),
    );
    expect(foreign).toEqual([]);
  });

  it('never call a permission one that W&B does not need, and one that it needs', () => {
    for (const results of all) {
      const spare = results.flatMap(({ message = '' }) =>
        [...message.matchAll(/([\w.:-]+), which W&B does not need/g)].map(([, permission]) => permission),
      );
      const needed = results.filter(({ reason }) => reason === 'GrantIncomplete').map(textOf);
      const contradicted = spare.filter((permission) => needed.some((text) => text.includes(permission ?? '')));
      expect(contradicted).toEqual([]);
    }
  });

  it('never call a deletion good and objects retained, nor a bucket both unreachable and usable', () => {
    for (const results of all) {
      const of = (name: string): string => results.find((result) => result.name === name)?.result ?? '';
      if (of('ObjectsDeletable') === 'Fail') expect(of('CanDelete')).not.toBe('Pass');
      if (of('Authenticated') === 'Fail') expect([of('CanWrite'), of('CanRead')]).not.toContain('Pass');
    }
  });
});
