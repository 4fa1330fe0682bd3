import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../base/result.ts';
import type { Observations } from '../domain/observations/observations.ts';
import {
  contextOf,
  denied,
  endpointFails,
  goodObservations,
  listFails,
  minio,
  onAzureBlob,
  onGcs,
  onMinio,
  s3,
  withEndpoint,
  withPlainHttp,
  withSettings,
} from '../../test/support/fakes/observations.ts';
import { omit } from '../../test/support/fakes/omit.ts';
import { asBucketRole, BUCKET_ROLE, webIdentity, asRole } from '../../test/support/fakes/sign-ins.ts';
import type { CheckName } from './catalogue.ts';
import type { CheckContext } from './check.ts';
import { judgeAll } from './judge.ts';

const withAlias = contextOf({ storage: { ...s3, kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:alias/wandb' } });
const withKeyId = contextOf({ storage: { ...minio, kmsKeyId: 'key-1' } });
const withBundle = contextOf({
  storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } },
});
const behindProxy = ok({ tls: true, route: 'proxy.acme.example:3128' });
const noLifecycle = err({ kind: 'NotImplemented', httpStatus: 501 } as const);
const encryptedBy = (keyId: string) =>
  goodObservations({ read: ok({ intact: true, encryption: { algorithm: 'aws:kms', keyId } }) });

/** What a check says that asks for nothing. */
function verdict(check: CheckName, seen: Observations, context: CheckContext): string {
  const { result, reason, message } = judgeAll(seen, context, { ignore: [] }).find(({ name }) => name === check)!;
  return `${result} ${reason}: ${message ?? ''}`;
}

type Row = readonly [check: CheckName, seen: Observations, context: CheckContext, says: string];

describe('a verdict that asks for nothing', () => {
  it.each<Row>([
    ['NameValid', goodObservations(), contextOf(), 'Pass Passed: '],
    ['EndpointReachable', goodObservations(), contextOf(), 'Pass Passed: '],
    [
      'EndpointReachable',
      goodObservations({ endpoint: behindProxy }),
      contextOf(),
      'Pass Passed: Reached through the proxy proxy.acme.example:3128.',
    ],
    ['TlsTrusted', endpointFails({ kind: 'NotAnObjectStore' }), contextOf(), 'Pass Passed: '],
    [
      'TlsTrusted',
      endpointFails({ kind: 'EndpointForbidden' }),
      contextOf(),
      'Skip PrerequisiteFailed: Not checked: EndpointAllowed must pass first.',
    ],
    [
      'TlsTrusted',
      endpointFails({ kind: 'ServiceUnavailable' }),
      contextOf(),
      'Unknown NotObserved: No answer came, so no certificate was seen.',
    ],
    [
      'ClockInSync',
      goodObservations({ endpoint: behindProxy }),
      contextOf(),
      "Pass Passed: The store does not report its time, and accepts the operator's.",
    ],
    ['ClockInSync', withEndpoint({ clockSkewSeconds: -60 }), contextOf(), 'Pass Passed: '],
    ['BucketExists', listFails(denied), contextOf(), 'Pass Passed: It exists, in this or another account.'],
    ['BucketExists', listFails({ kind: 'RequesterPays' }), onGcs, 'Pass Passed: '],
    [
      'RegionMatches',
      goodObservations({ region: ok({}) }),
      contextOf(),
      'Pass Passed: Requests signed for eu-central-1 are accepted.',
    ],
    [
      'RegionMatches',
      goodObservations({ region: ok({ region: 'auto' }) }),
      onMinio,
      'Pass Passed: Requests signed for us-east-1 are accepted.',
    ],
    ['RegionMatches', goodObservations(), onGcs, 'Skip NotApplicable: The bucket is reached without naming a region.'],
    [
      'RegionMatches',
      goodObservations({ region: ok({ region: '' }) }),
      contextOf({ storage: { ...s3, region: 'us-east-1' } }),
      'Pass Passed: ',
    ],
    [
      'OwnerMatches',
      goodObservations(),
      contextOf(),
      'Skip NotApplicable: The spec expects no owner (spec.bucket.s3.expectedBucketOwner).',
    ],
    [
      'OwnerMatches',
      goodObservations(),
      onMinio,
      'Skip NotApplicable: Only buckets of AWS can be asked for their owner.',
    ],
    [
      'BucketExists',
      listFails({ kind: 'WrongRegion', region: 'eu-west-1' }),
      contextOf(),
      'Pass Passed: It exists, in this or another account.',
    ],
    [
      'IdentityProven',
      goodObservations(),
      contextOf({ ...asBucketRole, signIn: { kind: 'AssumedRole', from: webIdentity, roleArn: BUCKET_ROLE } }),
      'Pass Passed: Proven as role arn:aws-us-gov:iam::210987654321:role/bucket assumed by role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app.',
    ],
    ['RequesterPaysOff', listFails(denied), contextOf(), 'Unknown NotObserved: The listing failed for another reason.'],
    ['KmsUsable', goodObservations(), contextOf(), 'Pass Passed: '],
    ['KmsUsable', encryptedBy('key-1'), withKeyId, 'Pass Passed: Written and read back with a key of a KMS.'],
    [
      'KmsUsable',
      goodObservations({ read: err(denied) }),
      contextOf(),
      'Unknown NotObserved: No object was written and read back.',
    ],
    ['EncryptionMatches', goodObservations(), contextOf(), 'Skip NotApplicable: The spec names no encryption key.'],
    ['EncryptionMatches', goodObservations(), onGcs, 'Skip NotApplicable: The spec names no encryption key.'],
    ['EncryptionMatches', encryptedBy('arn:aws:kms:key-1'), withKeyId, 'Pass Passed: '],
    [
      'EncryptionMatches',
      encryptedBy('key-9'),
      withAlias,
      'Pass Passed: The spec names the key by an alias, which cannot be compared with its id.',
    ],
    [
      'EncryptionMatches',
      encryptedBy('key-9'),
      contextOf({ storage: { ...minio, kmsKeyId: 'alias/wandb' } }),
      'Pass Passed: The spec names the key by an alias, which cannot be compared with its id.',
    ],
    [
      'VersioningEnabled',
      goodObservations(),
      contextOf(),
      'Pass Passed: Each full probe leaves old versions and delete markers of its small objects (0 so far), which W&B\'s documented grant cannot delete. To let the store remove them: Add to the lifecycle rules (aws s3api get-bucket-lifecycle-configuration --bucket acme-wandb, then put-bucket-lifecycle-configuration with all rules, because it replaces them): {"ID":"wandb-storage-probe","Status":"Enabled","Filter":{"Prefix":"teams/omega/.wandb-storage-probe/"},"NoncurrentVersionExpiration":{"NoncurrentDays":1},"Expiration":{"ExpiredObjectDeleteMarker":true}}',
    ],
    ['VersioningEnabled', goodObservations(), onGcs, 'Pass Passed: '],
    ['VersioningEnabled', goodObservations(), onAzureBlob, 'Pass Passed: '],
    [
      'VersioningEnabled',
      withSettings({ probeVersions: err(denied) }),
      onMinio,
      'Pass Passed: Each full probe leaves old versions and delete markers of its small objects, which W&B\'s documented grant cannot delete. To let the store remove them: Add a lifecycle rule (MinIO: mc ilm rule add --prefix ".wandb-storage-probe/" --noncurrent-expire-days 1 --expire-delete-marker <alias>/omega-data).',
    ],
    [
      'VersioningEnabled',
      withSettings({ lifecycle: noLifecycle }),
      contextOf(),
      "Pass Passed: Each full probe leaves old versions and delete markers of its small objects (0 so far), which W&B's documented grant cannot delete. The store has no lifecycle rules: an administrator of the bucket can delete them below teams/omega/.wandb-storage-probe/.",
    ],
    [
      'VersioningEnabled',
      withSettings({ lifecycle: ok([{ name: 'x', deletes: false, expiresVersions: true, prefixes: [] }]) }),
      contextOf(),
      'Pass Passed: ',
    ],
    [
      'VersioningEnabled',
      withSettings({ lifecycle: ok([{ name: 'x', deletes: false, expiresVersions: true, prefixes: ['teams/'] }]) }),
      contextOf(),
      'Pass Passed: ',
    ],
    [
      'VersioningEnabled',
      withSettings({ lifecycle: ok([{ name: 'x', deletes: false, expiresVersions: true, prefixes: ['tmp/'] }]) }),
      onMinio,
      'Pass Passed: Each full probe leaves old versions and delete markers of its small objects (0 so far), which W&B\'s documented grant cannot delete. To let the store remove them: Add a lifecycle rule (MinIO: mc ilm rule add --prefix ".wandb-storage-probe/" --noncurrent-expire-days 1 --expire-delete-marker <alias>/omega-data).',
    ],
    [
      'VersioningEnabled',
      withSettings({ lifecycle: ok([{ name: 'x', deletes: true, expiresVersions: false, prefixes: [] }]) }),
      onMinio,
      'Pass Passed: Each full probe leaves old versions and delete markers of its small objects (0 so far), which W&B\'s documented grant cannot delete. To let the store remove them: Add a lifecycle rule (MinIO: mc ilm rule add --prefix ".wandb-storage-probe/" --noncurrent-expire-days 1 --expire-delete-marker <alias>/omega-data).',
    ],
    [
      'VersioningEnabled',
      goodObservations({ settings: {} }),
      contextOf(),
      'Unknown NotObserved: The probe ended before it read the settings for versioning and soft delete.',
    ],
    [
      'VersioningEnabled',
      goodObservations({ settings: {} }),
      onGcs,
      'Unknown NotObserved: The probe ended before it read the settings for versioning and soft delete.',
    ],
    ...['127.0.0.1', '[::1]', 'minio.localhost', 'localhost'].map((host): Row => [
      'MixedContent',
      withEndpoint({ tls: false }),
      { ...withPlainHttp, endpointUrl: `http://${host}:9000` },
      'Pass Passed: The store has no TLS, but browsers trust its loopback address.',
    ]),
    [
      'MixedContent',
      withEndpoint({}),
      contextOf({ proxiesFileStore: true }),
      'Skip NotApplicable: The server proxies file traffic (spec.deployment.proxiesFileStore): browsers send no requests to the store.',
    ],
    ['IdentityProven', goodObservations(), contextOf(), 'Pass Passed: Proven as access key AKIA***MPLE.'],
    [
      'IdentityProven',
      goodObservations(),
      asRole,
      'Pass Passed: Proven as role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app.',
    ],
    [
      'IdentityProven',
      goodObservations({ externalId: err(denied) }),
      asBucketRole,
      'Unknown NotObserved: The role was not tried without its external id.',
    ],
    [
      'GrantComplete',
      goodObservations(),
      onAzureBlob,
      'Skip NotApplicable: An account key has all permissions; a missing permission of a role shows in the other checks.',
    ],
    ['GrantComplete', omit(goodObservations(), 'multipart'), contextOf(), 'Pass Passed: '],
    ['GrantComplete', withSettings({ missingPermissions: err(denied) }), onGcs, 'Pass Passed: '],
    ['CaKnownToServer', goodObservations(), contextOf(), 'Skip NotApplicable: The spec names no CA.'],
    [
      'CaKnownToServer',
      goodObservations(),
      withBundle,
      'Pass Passed: The certificate ends at a public CA; caBundle is not needed.',
    ],
    ['EndpointPublic', goodObservations(), contextOf(), 'Pass Passed: '],
    ['EndpointPublic', goodObservations({ endpoint: behindProxy }), contextOf(), 'Pass Passed: '],
    [
      'EndpointPublic',
      goodObservations(),
      contextOf({ proxiesFileStore: true }),
      'Skip NotApplicable: The server proxies file traffic (spec.deployment.proxiesFileStore): browsers and clients send no requests to the store.',
    ],
    [
      'EndpointPublic',
      endpointFails({ kind: 'NotAnObjectStore' }),
      contextOf(),
      'Unknown NotObserved: The store did not answer.',
    ],
    ['TlsExpiry', goodObservations(), withPlainHttp, 'Skip NotApplicable: The store has no certificate.'],
    [
      'CanDelete',
      withSettings({ retention: ok({ keeps: ['a hold'] }) }),
      contextOf(),
      'Skip PrerequisiteFailed: Not checked: ObjectsDeletable must pass first.',
    ],
  ])('of %s (%#)', (check, seen, context, says) => {
    expect(verdict(check, seen, context)).toBe(says);
  });
});
