import type { BucketFailure } from '../../src/domain/observations/bucket-failure.ts';
import type { CheckContext } from '../../src/checks/check.ts';
import type { AwsIdentityRef } from '../../src/domain/credentials/refs.ts';
import type { LifecycleRule, SettingsSeen } from '../../src/domain/observations/bucket-settings.ts';
import type { EndpointSeen, Observations } from '../../src/domain/observations/observations.ts';
import { err, ok } from '../../src/base/result.ts';
import {
  APP,
  azureBlob,
  contextOf,
  gcs,
  goodCertificate,
  goodObservations,
  goodSettings,
  listFails,
  minio,
  s3,
} from '../fakes/observations.ts';
import type { Row } from './row.ts';

const denied: BucketFailure = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444455556666';
const PROBES = 'teams/omega/.wandb-storage-probe/';

const compat = contextOf({ storage: minio });
const google = contextOf({ storage: gcs, principal: 'service account omega@acme.iam.gserviceaccount.com' });
const azure = contextOf({ storage: azureBlob, principal: 'the account key' });
const withKey = contextOf({ storage: { ...s3, kmsKeyArn: KEY } });
const plainStore = contextOf({
  storage: { ...minio, endpoint: { ...minio.endpoint, scheme: 'http' } },
});
const withCa = contextOf({ storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } } });

const webIdentity = { kind: 'WebIdentity', serviceAccount: 'wandb-app', roleArn: 'arn:aws:iam::1:role/a' } as const;

function actingAs(actAs: AwsIdentityRef): CheckContext {
  return contextOf({ storage: { ...s3, credentials: { kind: 'Ambient' }, actAs } });
}

function settings(changes: SettingsSeen): Observations {
  return goodObservations({ settings: { ...goodSettings, ...changes } });
}

function endpoint(changes: Partial<EndpointSeen>): Observations {
  const good: EndpointSeen = { tls: true, route: 'direct', isPublic: true, certificate: goodCertificate };
  return goodObservations({ endpoint: ok({ ...good, ...changes }) });
}

function rule(changes: Partial<LifecycleRule>): SettingsSeen {
  return {
    lifecycle: ok([{ name: '"tidy"', prefixes: [], deletes: false, expiresVersions: false, ...changes }]),
  };
}

function readBack(encryption: { readonly algorithm: string; readonly keyId?: string }): Observations {
  return goodObservations({ read: ok({ intact: true, encryption }) });
}

const kms: readonly Row[] = [
  {
    check: 'KmsUsable',
    reason: 'KmsKeyNotFound',
    seen: goodObservations({ write: err({ kind: 'KmsKeyNotFound', providerCode: 'KMS.NotFoundException' }) }),
    says: ['Writing an object failed', 'KMS.NotFoundException', 'spec.bucket.s3.kmsKeyArn', 'aws kms list-keys'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsKeyNotFound',
    seen: goodObservations({ write: err({ kind: 'KmsKeyNotFound', providerCode: 'KMS.NotFoundException' }) }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: ['mc admin kms key create <alias> wandb', 'spec.bucket.s3Compatible.kmsKeyId'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsKeyNotFound',
    seen: goodObservations({
      presigned: { PUT: err({ kind: 'KmsKeyNotFound', httpStatus: 400, providerCode: 'KMS.NotFoundException' }) },
    }),
    context: withKey,
    says: ['A pre-signed PUT failed', '(400 KMS.NotFoundException)'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsKeyDisabled',
    seen: goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
    says: ['aws kms enable-key'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsKeyDisabled',
    seen: goodObservations({ write: err({ kind: 'KmsKeyDisabled', providerCode: 'cloudKmsDisabledKey' }) }),
    context: google,
    says: ['gcloud kms keys versions enable'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsAccessDenied',
    seen: goodObservations({ read: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    says: ['Reading an object back failed', 'kms:GenerateDataKey*', 'key policy'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsAccessDenied',
    seen: goodObservations({ write: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    context: google,
    says: ['gcloud storage service-agent --authorize-cmek'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsAccessDenied',
    seen: goodObservations({ write: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    context: azure,
    says: ['Key Vault Crypto Service Encryption User'],
  },
  {
    check: 'KmsUsable',
    reason: 'KmsNotConfigured',
    seen: goodObservations({ write: err({ kind: 'KmsNotConfigured' }) }),
    context: compat,
    says: ['no KMS', 'spec.bucket.s3Compatible.kmsKeyId'],
  },
  {
    check: 'KmsUsable',
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    says: ['with a key of a KMS'],
  },
  {
    check: 'EncryptionMatches',
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    context: withKey,
    says: [],
  },
  {
    check: 'EncryptionMatches',
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: 'arn:aws:kms:wandb' }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: [],
  },
  {
    check: 'EncryptionMatches',
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    context: contextOf({ storage: { ...s3, kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/wandb' } }),
    says: ['alias'],
  },
  {
    check: 'EncryptionMatches',
    reason: 'KmsKeyMismatch',
    seen: readBack({ algorithm: 'aws:kms', keyId: `${KEY.slice(0, -1)}7` }),
    context: withKey,
    says: [`with key ${KEY.slice(0, -1)}7`, `names key ${KEY}`, 'put-bucket-encryption --bucket acme-wandb'],
  },
  {
    check: 'EncryptionMatches',
    reason: 'KmsKeyMismatch',
    seen: readBack({ algorithm: 'AES256' }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: ['by AES256', 'mc encrypt set sse-kms wandb <alias>/omega-data'],
  },
  {
    check: 'EncryptionMatches',
    reason: 'KmsKeyMismatch',
    seen: goodObservations(),
    context: withKey,
    says: ['with no key'],
  },
];

const deletion: readonly Row[] = [
  {
    check: 'ObjectsDeletable',
    reason: 'ObjectsRetained',
    seen: settings({ retention: ok({ keeps: ['a default retention of 30 days (COMPLIANCE)'] }) }),
    says: ['30 days (COMPLIANCE)', 'the probe wrote nothing', 'put-object-lock-configuration --bucket acme-wandb'],
  },
  {
    check: 'ObjectsDeletable',
    reason: 'ObjectsRetained',
    seen: settings({ retention: ok({ keeps: ['a retention policy of 7 days', 'a default event-based hold'] }) }),
    context: google,
    says: ['7 days and a default event-based hold', '--clear-retention-period --no-default-event-based-hold'],
  },
  {
    check: 'ObjectsDeletable',
    reason: 'ObjectsRetained',
    seen: settings({ retention: ok({ keeps: ['a legal hold'] }) }),
    context: azure,
    says: ['legal-hold clear --account-name acmewandb --container-name omega-data'],
  },
  {
    check: 'ObjectsDeletable',
    reason: 'SettingNotReadable',
    seen: settings({ retention: err(denied) }),
    says: ['(403 AccessDenied)', 's3:GetBucketObjectLockConfiguration, which W&B does not need, would tell'],
  },
  {
    check: 'ObjectsDeletable',
    reason: 'SettingNotOffered',
    seen: settings({ retention: err({ kind: 'NotImplemented', httpStatus: 501 }) }),
    context: compat,
    says: ['does not tell', '(501)'],
  },
  {
    check: 'ObjectsDeletable',
    reason: 'NotObserved',
    seen: settings({ retention: err({ kind: 'ServiceUnavailable', httpStatus: 500 }) }),
    says: ['(500)'],
  },
  {
    check: 'CanDelete',
    reason: 'ObjectsRetained',
    seen: goodObservations({
      delete: err({ kind: 'AccessDenied', httpStatus: 409, providerCode: 'BlobImmutableDueToPolicy' }),
    }),
    context: azure,
    says: ['(409 BlobImmutableDueToPolicy)', 'immutability-policy delete --account-name acmewandb'],
  },
  {
    check: 'CanDelete',
    reason: 'ObjectsRetained',
    seen: goodObservations({
      delete: err({ kind: 'AccessDenied', httpStatus: 403, providerCode: 'retentionPolicyNotMet' }),
    }),
    context: google,
    says: ['(403 retentionPolicyNotMet)', 'Retention or a hold', '--clear-retention-period'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'VersioningDisabled',
    seen: settings({ versioning: ok({ enabled: false }) }),
    says: ['GORILLA_ARTIFACT_GC_ENABLED', 'put-bucket-versioning --bucket acme-wandb'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'VersioningDisabled',
    seen: settings({ versioning: ok({ enabled: false }) }),
    context: compat,
    says: ['mc version enable <alias>/omega-data'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'VersioningDisabled',
    seen: settings({ softDelete: ok({ enabled: false }) }),
    context: azure,
    says: ['no soft delete', '--enable-delete-retention true'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'Passed',
    seen: goodObservations({
      settings: { ...goodSettings, softDelete: ok({ enabled: false }) },
      write: ok({ conditional: true, versionId: '2026-11-25T07:00:00Z' }),
    }),
    context: azure,
    says: [],
  },
  {
    check: 'VersioningEnabled',
    reason: 'Passed',
    seen: settings({ lifecycle: err(denied), probeVersions: ok({ count: 12, truncated: false }) }),
    says: ['(12 so far)', `"Filter":{"Prefix":"${PROBES}"}`, 'put-bucket-lifecycle-configuration'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'Passed',
    seen: settings({ probeVersions: ok({ count: 50, truncated: true }) }),
    context: compat,
    says: ['(50 or more so far)', 'mc ilm rule add --prefix ".wandb-storage-probe/" --noncurrent-expire-days 1'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'SoftDeleteDisabled',
    seen: settings({ softDelete: ok({ enabled: false }) }),
    context: google,
    says: ['"Bucket does not have soft deletion enabled"', 'gs://acme-wandb --soft-delete-duration=7d'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'BucketSettingsDenied',
    seen: settings({ softDelete: err({ ...denied, providerCode: 'forbidden' }) }),
    context: google,
    says: ['(403 forbidden)', 'storage.buckets.get', '--role=roles/storage.admin'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'StoreUnavailable',
    seen: settings({ softDelete: err({ kind: 'ServiceUnavailable', httpStatus: 503 }) }),
    context: google,
    says: ['Reading the settings failed', '(503)'],
  },
  {
    check: 'VersioningEnabled',
    reason: 'SettingNotReadable',
    seen: settings({ versioning: err(denied) }),
    says: ['s3:GetBucketVersioning', 'aws s3api get-bucket-versioning --bucket acme-wandb'],
  },
];

const keeping: readonly Row[] = [
  {
    check: 'LifecycleSafe',
    reason: 'LifecycleDeletes',
    seen: settings(rule({ deletes: true })),
    says: ['lifecycle rule "tidy" that deletes', 'get-bucket-lifecycle-configuration --bucket acme-wandb'],
  },
  {
    check: 'LifecycleSafe',
    reason: 'LifecycleDeletes',
    seen: settings(rule({ deletes: true, prefixes: ['teams/'] })),
    context: google,
    says: ['"tidy"', 'gcloud storage buckets describe gs://acme-wandb'],
  },
  {
    check: 'LifecycleSafe',
    reason: 'LifecycleDeletes',
    seen: settings(rule({ deletes: true, prefixes: ['teams/omega/media/'] })),
    says: ['"tidy"'],
  },
  {
    check: 'LifecycleSafe',
    reason: 'Passed',
    seen: settings(rule({ deletes: true, prefixes: ['teams/kappa/', 'tmp/'] })),
    says: [],
  },
  {
    // The rule that we ask for ourselves.
    check: 'LifecycleSafe',
    reason: 'Passed',
    seen: settings(rule({ deletes: true, prefixes: [PROBES] })),
    says: [],
  },
  {
    check: 'LifecycleSafe',
    reason: 'LifecycleArchives',
    seen: settings(rule({ archivesTo: 'GLACIER' })),
    context: compat,
    says: ['moves objects there to GLACIER', 'mc ilm rule ls <alias>/omega-data'],
  },
  {
    check: 'LifecycleSafe',
    reason: 'SettingNotReadable',
    seen: settings({ lifecycle: err(denied) }),
    says: ['s3:GetLifecycleConfiguration, which W&B does not need, would tell'],
  },
  {
    check: 'LifecycleSafe',
    reason: 'SettingNotReadable',
    seen: goodObservations({ settings: { retention: ok({ keeps: [] }) } }),
    context: azure,
    says: ['Microsoft.Storage/storageAccounts/managementPolicies/read', 'management-policy show'],
  },
  {
    check: 'StorageClassReadable',
    reason: 'ObjectsArchived',
    seen: goodObservations({ list: ok({ keys: 10, archived: 'DEEP_ARCHIVE' }) }),
    says: ['Objects in bucket acme-wandb/teams/omega', 'DEEP_ARCHIVE', 'restore'],
  },
  {
    check: 'StorageClassReadable',
    reason: 'ObjectsArchived',
    seen: goodObservations({ read: ok({ intact: true, storageClass: 'GLACIER' }) }),
    says: ['New objects of', 'GLACIER'],
  },
  {
    check: 'StorageClassReadable',
    reason: 'StorageClassCostly',
    seen: settings({ storageClass: ok({ name: 'COLDLINE' }) }),
    context: google,
    says: ['COLDLINE', 'gs://acme-wandb --default-storage-class=STANDARD'],
  },
  {
    check: 'CanRead',
    reason: 'ObjectArchived',
    seen: goodObservations({
      read: err({ kind: 'ObjectArchived', httpStatus: 403, providerCode: 'InvalidObjectState' }),
    }),
    says: ['archived', '(403 InvalidObjectState)'],
  },
];

const access: readonly Row[] = [
  {
    check: 'RequesterPaysOff',
    reason: 'RequesterPays',
    seen: listFails({ kind: 'RequesterPays', httpStatus: 400, providerCode: 'UserProjectMissing' }),
    context: google,
    says: ['offer to pay', '(400 UserProjectMissing)', 'gs://acme-wandb --no-requester-pays'],
  },
  {
    check: 'RequesterPaysOff',
    reason: 'RequesterPaysForOthers',
    seen: settings({ requesterPays: ok({ enabled: true }) }),
    context: google,
    says: ['let off', '--no-requester-pays'],
  },
  { check: 'RequesterPaysOff', reason: 'NotObserved', seen: listFails(denied), says: ['reason of its own'] },
  {
    check: 'GrantComplete',
    reason: 'GrantIncomplete',
    seen: settings({ probeVersions: err(denied), cors: err(denied), encryption: err({ kind: 'NotImplemented' }) }),
    says: [
      'has no s3:ListBucketVersions, s3:GetBucketCORS on bucket',
      '"Action":["s3:ListBucketVersions","s3:GetBucketCORS"]',
      '"arn:aws:s3:::acme-wandb/*"',
    ],
  },
  {
    check: 'GrantComplete',
    reason: 'GrantIncomplete',
    seen: settings({ missingPermissions: ok(['storage.multipartUploads.abort']) }),
    context: google,
    says: ['storage.multipartUploads.abort', '--role=roles/storage.admin'],
  },
  { check: 'GrantComplete', reason: 'NotApplicable', seen: goodObservations(), context: azure, says: ['account key'] },
  {
    check: 'CredentialLifetime',
    reason: 'CredentialsShortLived',
    seen: goodObservations(),
    context: actingAs({ kind: 'AssumedRole', from: webIdentity, roleArn: 'arn:aws:iam::2:role/b' }),
    says: ['live for at most 1 hour,', 'role arn:aws:iam::2:role/b', '--max-session-duration'],
  },
  {
    check: 'CredentialLifetime',
    reason: 'CredentialsShortLived',
    seen: goodObservations(),
    context: actingAs(webIdentity),
    says: ['live for at most 12 hours,'],
  },
  { check: 'CredentialLifetime', reason: 'Passed', seen: goodObservations(), says: [] },
];

const endpoints: readonly Row[] = [
  {
    check: 'MixedContent',
    reason: 'MixedContentBlocked',
    seen: endpoint({ tls: false }),
    context: plainStore,
    says: [`front end ${APP}`, 'http://minio.acme.example:9000', 'spec.bucket.s3Compatible.endpoint'],
  },
  {
    check: 'MixedContent',
    reason: 'Passed',
    seen: endpoint({ tls: false }),
    context: { ...plainStore, appOrigin: 'http://wandb.acme.example' },
    says: [],
  },
  {
    check: 'MixedContent',
    reason: 'Passed',
    seen: endpoint({ tls: false }),
    context: { ...plainStore, endpointUrl: 'http://127.0.0.1:9000' },
    says: ['browsers take for safe'],
  },
  {
    check: 'MixedContent',
    reason: 'NotApplicable',
    seen: endpoint({ tls: false }),
    context: { ...plainStore, proxiesFileStore: true },
    says: ['spec.deployment.proxiesFileStore'],
  },
  {
    check: 'CaKnownToServer',
    reason: 'CaPrivate',
    seen: endpoint({ certificate: { ...goodCertificate, systemCa: false } }),
    context: withCa,
    says: ['ca.crt of ConfigMap acme-ca', 'global.caCertsConfigMap', 'kubectl create configmap'],
  },
  {
    check: 'CaKnownToServer',
    reason: 'Passed',
    seen: endpoint({}),
    context: withCa,
    says: ['public CA'],
  },
  {
    check: 'EndpointPublic',
    reason: 'EndpointNotPublic',
    seen: endpoint({ isPublic: false }),
    context: compat,
    says: ['has a private address', 'spec.deployment.proxiesFileStore'],
  },
  {
    check: 'EndpointPublic',
    reason: 'EndpointNotPublic',
    seen: endpoint({}),
    context: { ...compat, endpointUrl: 'http://minio.storage.svc:9000' },
    says: ['known only inside its network'],
  },
  {
    check: 'EndpointPublic',
    reason: 'EndpointNotPublic',
    seen: endpoint({}),
    context: { ...compat, endpointUrl: 'https://[fd00::1]:9000' },
    says: ['private address'],
  },
  {
    check: 'EndpointPublic',
    reason: 'NotApplicable',
    seen: endpoint({ isPublic: false }),
    context: { ...compat, proxiesFileStore: true },
    says: ['spec.deployment.proxiesFileStore'],
  },
  {
    check: 'TlsExpiry',
    reason: 'TlsExpiresSoon',
    seen: endpoint({ certificate: { ...goodCertificate, validTo: '2026-12-10', daysLeft: 20 } }),
    says: ['ends on 2026-12-10', 'Renew'],
  },
  {
    check: 'TlsExpiry',
    reason: 'Passed',
    seen: endpoint({ certificate: { ...goodCertificate, daysLeft: 21 } }),
    says: [],
  },
  { check: 'TlsExpiry', reason: 'NotApplicable', seen: endpoint({ tls: false }), context: plainStore, says: [] },
];

/** Checks of a bucket's settings, of its keys, and of what they mean for W&B. */
export const SETTINGS_ROWS: readonly Row[] = [...kms, ...deletion, ...keeping, ...access, ...endpoints];
