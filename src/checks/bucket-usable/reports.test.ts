import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../base/result.ts';
import { contextOf, denied, goodObservations, onAzureBlob, onGcs } from '../../../test/support/fakes/observations.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { judgeAll } from '../judge.ts';
const good = goodObservations();

/** What is not well or not known, as the status shows it. */
function report(seen: Observations, context: CheckContext): readonly string[] {
  return judgeAll(seen, context, { ignore: [] })
    .filter(({ result }) => result !== 'Pass' && result !== 'Skip')
    .flatMap(({ name, reason, message = '', remedy }) => [`${name}: ${reason}`, message, ...(remedy ? [remedy] : [])]);
}

describe('a bucket that is not usable', () => {
  it.each<readonly [what: string, seen: Observations, context: CheckContext, ...says: string[]]>([
    [
      'a store without conditional writes',
      goodObservations({ write: ok({ conditional: false }) }),
      contextOf(),
      'CanWrite: ConditionalWritesUnsupported',
      'The store of bucket acme-wandb/teams/omega in eu-central-1 has no conditional writes, which never replace an object: the probe relies on its random keys.',
      'No action is needed; a newer version of the store may offer conditional writes.',
    ],
    [
      'a write that fails',
      goodObservations({ write: err({ kind: 'Throttled', httpStatus: 429 }) }),
      contextOf(),
      'CanWrite: Throttled',
      'Writing an object failed. The store of bucket acme-wandb/teams/omega in eu-central-1 asks for fewer requests (429).',
      'No action is needed at first: the probe is repeated by itself. If it persists, raise the request limits of the store.',
    ],
    [
      'an object that is gone after the write',
      goodObservations({ read: err({ kind: 'ObjectNotFound', httpStatus: 404 }) }),
      contextOf(),
      'KmsUsable: NotObserved',
      'No object was written and read back.',
      'CanRead: ReadBackMissing',
      'An object just written to bucket acme-wandb/teams/omega in eu-central-1 is not there (404).',
      'Look for replicas behind a load balancer that do not share their data, and for rules that delete objects at once.',
    ],
    [
      'an object that came back with other bytes',
      goodObservations({ read: ok({ intact: false }) }),
      contextOf(),
      'CanRead: ReadBackDiffers',
      'An object just written to bucket acme-wandb/teams/omega in eu-central-1 came back with other bytes.',
      'Look for a proxy or gateway on the way that changes bodies.',
    ],
    [
      'a read that fails',
      goodObservations({ read: err({ kind: 'ConnectionReset' }) }),
      contextOf(),
      'KmsUsable: NotObserved',
      'No object was written and read back.',
      'CanRead: ConnectionReset',
      'Reading an object back failed. The connection to https://s3.eu-central-1.amazonaws.com was cut before the answer was complete.',
      'Look at the store and at proxies before it; the probe is repeated by itself.',
    ],
    [
      'a deletion without effect',
      goodObservations({ delete: ok({ gone: false }) }),
      contextOf(),
      'CanDelete: DeleteHadNoEffect',
      'A deletion from bucket acme-wandb/teams/omega in eu-central-1 was confirmed, and the object is still there.',
      'Look for object lock, retention or a legal hold on the bucket, and for a gateway that answers for the store.',
    ],
    [
      'an object that a hold keeps',
      goodObservations({ delete: err({ kind: 'ObjectRetained', httpStatus: 403 }) }),
      contextOf(),
      'CanDelete: ObjectsRetained',
      'Retention or a hold keeps objects of bucket acme-wandb/teams/omega in eu-central-1 from being deleted (403): garbage collection would free nothing. One probe object stays under .wandb-storage-probe/ and is removed as soon as it can be.',
      'Remove the default retention (object lock may stay enabled): aws s3api put-object-lock-configuration --bucket acme-wandb --object-lock-configuration ObjectLockEnabled=Enabled. Existing objects keep their own dates.',
    ],
    [
      'a deletion that fails',
      goodObservations({ delete: err({ kind: 'ServiceUnavailable', httpStatus: 503 }) }),
      contextOf(),
      'CanDelete: StoreUnavailable',
      'Deleting an object failed. The store of bucket acme-wandb/teams/omega in eu-central-1 answered with a server error (503).',
      'Look at the health of the store; the probe is repeated by itself.',
    ],
    [
      'a lock on the object of the probe',
      goodObservations({
        read: ok({ intact: true, lock: { mode: 'COMPLIANCE', until: '2027-01-31T00:00:00.000Z', legalHold: false } }),
      }),
      contextOf(),
      'ObjectsDeletable: ObjectsRetained',
      'An object that the probe wrote to bucket acme-wandb/teams/omega in eu-central-1 has a retention until 2027-01-31T00:00:00.000Z (COMPLIANCE): objects cannot be deleted, so garbage collection would free nothing. It stays under .wandb-storage-probe/ until its lock ends, and no other is written meanwhile.',
      'Remove the default retention (object lock may stay enabled): aws s3api put-object-lock-configuration --bucket acme-wandb --object-lock-configuration ObjectLockEnabled=Enabled. Existing objects keep their own dates. Then delete the object under .wandb-storage-probe/ (a delete marker is enough), so that the next probe writes a new one.',
    ],
    [
      'a pre-signed URL that is refused',
      goodObservations({ presigned: { ...good.presigned, HEAD: err(denied) } }),
      contextOf(),
      'PresignedUrls: PresignedUrlRejected',
      'A pre-signed HEAD on bucket acme-wandb/teams/omega in eu-central-1 was refused (403 AccessDenied), though signed requests work.',
      'Look in bucket and IAM policies for conditions on s3:authType, s3:signatureAge, aws:SourceIp or aws:SourceVpce, and for a proxy that changes host, path or query of the URL.',
    ],
    [
      'pre-signed URLs that are refused on Google Cloud',
      goodObservations({ presigned: { ...good.presigned, HEAD: err(denied) } }),
      onGcs,
      'PresignedUrls: PresignedUrlRejected',
      'A pre-signed HEAD on bucket acme-wandb/teams/omega on Google Cloud Storage was refused (403 AccessDenied), though signed requests work.',
      'Look for organization policies that restrict signed URLs or HMAC keys, VPC Service Controls, an IP filter on the bucket, and for a proxy that changes host, path or query of the URL.',
    ],
    [
      'pre-signed URLs that are refused on Azure',
      goodObservations({ presigned: { ...good.presigned, HEAD: err(denied) } }),
      onAzureBlob,
      'PresignedUrls: PresignedUrlRejected',
      'A pre-signed HEAD on container omega-data of storage account acmewandb was refused (403 AccessDenied), though signed requests work.',
      'Check the SAS expiration policy and the firewall of the storage account, and look for a proxy that changes host, path or query of the URL.',
    ],
    [
      'an upload that stored nothing',
      goodObservations({ presigned: { ...good.presigned, PUT: err({ kind: 'NotAnObjectStore' }) } }),
      contextOf(),
      'PresignedUrls: PresignedContentDiffers',
      'A pre-signed PUT on bucket acme-wandb/teams/omega in eu-central-1 was answered with success, but the object is not there.',
      'Look for a proxy or login page on the way that answers in place of the store.',
    ],
    [
      'a download of something else',
      goodObservations({ presigned: { ...good.presigned, GET: err({ kind: 'NotAnObjectStore', httpStatus: 299 }) } }),
      contextOf(),
      'PresignedUrls: PresignedContentDiffers',
      'A pre-signed GET on bucket acme-wandb/teams/omega in eu-central-1 was answered with success (299), but not with the object.',
      'Look for a proxy or login page on the way that answers in place of the store.',
    ],
    [
      'a redirect of a pre-signed URL',
      goodObservations({ presigned: { ...good.presigned, GET: err({ kind: 'NotAnObjectStore', httpStatus: 300 }) } }),
      contextOf(),
      'PresignedUrls: PresignedUrlRejected',
      'A pre-signed GET on bucket acme-wandb/teams/omega in eu-central-1 was refused (300), though signed requests work.',
      'Look in bucket and IAM policies for conditions on s3:authType, s3:signatureAge, aws:SourceIp or aws:SourceVpce, and for a proxy that changes host, path or query of the URL.',
    ],
    [
      'a pre-signed URL that was not answered',
      goodObservations({ presigned: { ...good.presigned, GET: err({ kind: 'DeadlineExceeded' }) } }),
      contextOf(),
      'PresignedUrls: DeadlineExceeded',
      'A pre-signed GET failed. The bucket acme-wandb/teams/omega in eu-central-1 did not answer in time.',
      'Look for a slow store, proxy or network; the probe is repeated by itself.',
    ],
    [
      'a quota for long bodies alone',
      goodObservations({ bodyLimit: err({ kind: 'QuotaExceeded', httpStatus: 507 }) }),
      contextOf(),
    ],
    [
      'a key that is refused for downloads',
      goodObservations({ presigned: { ...good.presigned, GET: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) } }),
      contextOf(),
      'KmsUsable: KmsAccessDenied',
      'A pre-signed GET failed. The owner of access key AKIA***MPLE of Secret omega-bucket may not use the KMS key with which bucket acme-wandb/teams/omega in eu-central-1 encrypts (403).',
      'Allow kms:GenerateDataKey*, kms:Encrypt, kms:Decrypt, kms:ReEncrypt* and kms:Describe* on the key, in the key policy and in the IAM policy of the owner.',
    ],
    [
      'settings that were not read',
      goodObservations({ settings: {} }),
      contextOf(),
      'ObjectsDeletable: NotObserved',
      'The probe ended before it read the retention settings.',
      'VersioningEnabled: NotObserved',
      'The probe ended before it read the settings for versioning and soft delete.',
      'LifecycleSafe: SettingNotReadable',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not read the settings for lifecycle rules of bucket acme-wandb/teams/omega in eu-central-1. This needs s3:GetLifecycleConfiguration, which W&B does not need. An administrator who has it can check: aws s3api get-bucket-lifecycle-configuration --bucket acme-wandb',
    ],
    [
      'a pre-signed deletion without effect',
      goodObservations({ presigned: { ...good.presigned, DELETE: ok({ httpStatus: 204, gone: false }) } }),
      contextOf(),
      'PresignedUrls: DeleteHadNoEffect',
      'A pre-signed DELETE on bucket acme-wandb/teams/omega in eu-central-1 was confirmed, and the object is still there.',
      'Look for object lock, retention or a legal hold on the bucket, and for a gateway that answers for the store.',
    ],
    [
      'a limit for bodies',
      goodObservations({ bodyLimit: err({ kind: 'BodyTooLarge', httpStatus: 413 }) }),
      contextOf(),
      'PresignedUrls: BodyTooLarge',
      'Announcing an upload of 2 GiB by a pre-signed PUT failed. A proxy before bucket acme-wandb/teams/omega in eu-central-1, or the store, refuses bodies of this length (413).',
      'W&B uploads files of up to 2 GiB in one request. Raise the limit of the proxy: client_max_body_size 0 (nginx), annotation nginx.ingress.kubernetes.io/proxy-body-size: "0" (ingress-nginx), maxRequestBodyBytes (Traefik), max_request_bytes (Envoy), LimitRequestBody 0 (Apache), a rule on req.body_size (HAProxy), or the limit of the firewall or CDN.',
    ],
    [
      'a part that is refused',
      goodObservations({ multipart: { ...good.multipart, part: err(denied) } }),
      contextOf(),
      'MultipartUpload: PartRejected',
      'A part that was sent to bucket acme-wandb/teams/omega in eu-central-1 by a pre-signed URL was refused (403 AccessDenied), although objects in one request are accepted.',
      'Look in bucket and IAM policies for conditions on s3:authType, s3:signatureAge, aws:SourceIp or aws:SourceVpce, and for a proxy that changes host, path or query of the URL.',
    ],
    [
      'a part that was not answered',
      goodObservations({ multipart: { ...good.multipart, part: err({ kind: 'DeadlineExceeded' }) } }),
      contextOf(),
      'MultipartUpload: DeadlineExceeded',
      'Sending a part by a pre-signed URL failed. The bucket acme-wandb/teams/omega in eu-central-1 did not answer in time.',
      'Look for a slow store, proxy or network; the probe is repeated by itself.',
    ],
    [
      'an upload in parts that may not begin',
      goodObservations({ multipart: { start: err(denied) } }),
      contextOf(),
      'MultipartUpload: MultipartDenied',
      'Beginning an upload in parts failed: The owner of access key AKIA***MPLE of Secret omega-bucket may not do this in bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied), although it may write objects in one request.',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'an upload in parts that may not end',
      goodObservations({ multipart: { ...good.multipart, complete: err(denied) } }),
      contextOf(),
      'MultipartUpload: MultipartDenied',
      'Completing an upload in parts failed: The owner of access key AKIA***MPLE of Secret omega-bucket may not do this in bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied), although it may write objects in one request.',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'an upload in parts with other content',
      goodObservations({ multipart: { ...good.multipart, read: ok({ intact: false }) } }),
      contextOf(),
      'MultipartUpload: MultipartContentDiffers',
      'An object that was uploaded in parts to bucket acme-wandb/teams/omega in eu-central-1 reads back with other content.',
      'Look for a proxy or gateway before the store that changes bodies, and check the health of the store.',
    ],
    [
      'an upload in parts that cannot be read',
      goodObservations({ multipart: { ...good.multipart, read: err({ kind: 'Throttled', httpStatus: 429 }) } }),
      contextOf(),
      'MultipartUpload: Throttled',
      'Reading an object that was uploaded in parts by Range failed. The store of bucket acme-wandb/teams/omega in eu-central-1 asks for fewer requests (429).',
      'No action is needed at first: the probe is repeated by itself. If it persists, raise the request limits of the store.',
    ],
    [
      'a range that is ignored',
      goodObservations({ multipart: { ...good.multipart, read: ok({ intact: true, rangeIgnored: true }) } }),
      contextOf(),
      'MultipartUpload: RangeIgnored',
      'A download by Range from bucket acme-wandb/teams/omega in eu-central-1 got the whole object (200, not 206): W&B downloads files over 2 GiB by Range and does not check the status, so they would be corrupt.',
      'Let the proxy or cache before the store pass Range on (nginx: no max_ranges 0, and no proxy_cache without the slice module), or use a store that serves ranges.',
    ],
    [
      'an upload in parts that was not tried',
      goodObservations({ multipart: {} }),
      contextOf(),
      'MultipartUpload: NotObserved',
      'The probe ended before it had uploaded an object in parts.',
    ],
  ])('%s', (_what, seen, context, ...says) => {
    expect(report(seen, context)).toEqual(says);
  });
});
