import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { PRESIGNED_METHODS, type PresignedMethod } from '../../domain/observations/observations.ts';
import { kmsUsable } from './kms-usable.ts';
import { canRead } from './can-read.ts';
import { canDelete } from './can-delete.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext } from '../check.ts';
import { deleteHadNoEffect } from './can-delete.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Failures that mean that pre-signed URLs are refused; others have their own reasons. */
const REJECTIONS: readonly BucketFailure['kind'][] = [
  'AccessDenied',
  'SignatureMismatch',
  'AccessKeyUnknown',
  'CredentialsInvalid',
  'CredentialsExpired',
  'WrongRegion',
  'ClockSkewed',
  'ObjectNotFound',
  'RequestRefused',
  'BucketNotFound',
  // A login page or a redirect to one.
  'NotAnObjectStore',
];

/** Clients and browsers reach files only by pre-signed URLs: each method must work without an SDK. */
export const presignedUrls = defineCheck({
  name: 'PresignedUrls',
  decidedBy: 'Both',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: [kmsUsable, canRead, canDelete],
  needs: ['presigned'],
  reasons: {
    ObjectArchived: SHARED_REASONS.ObjectArchived,
    DeleteHadNoEffect: SHARED_REASONS.DeleteHadNoEffect,
    PresignedUrlRejected: {
      result: 'Fail',
      class: 'external',
      meaning: 'Signed requests work, but pre-signed URLs do not, which clients and browsers use to reach the files.',
      remedy:
        'Look for policies on s3:authType, s3:signatureAge, source addresses, and for proxies that change the URL.',
      codes: ['AccessDenied', 'SignatureDoesNotMatch', '4xx'],
      proof: 'scripted server',
    },
    PresignedContentDiffers: {
      result: 'Fail',
      class: 'external',
      meaning: 'A pre-signed URL was answered with success, but not with the object, or nothing was stored.',
      remedy: 'Look for a proxy or login page that answers in place of the store.',
      codes: ['200 with other bytes'],
      proof: 'scripted server',
    },
    UrlSigningDenied: SHARED_REASONS.UrlSigningDenied,
  },
  judge: ({ presigned, bodyLimit }, context) => {
    const tried = PRESIGNED_METHODS.map((method) => ({ method, seen: presigned?.[method] }));
    for (const { method, seen } of tried) {
      if (seen?.ok === false) return rejected(method, seen.error, context);
      if (seen?.value.gone === false) return deleteHadNoEffect(`A pre-signed DELETE on ${messagesOf(context).bucket}`);
    }
    // Any other refusal, such as a quota with less room than that, does not concern shorter files.
    if (bodyLimit?.ok === false && bodyLimit.error.kind === 'BodyTooLarge') {
      return failedBy(bodyLimit.error, context, 'Announcing an upload of 2 GiB by a pre-signed PUT');
    }
    const missing = tried.filter(({ seen }) => seen === undefined).map(({ method }) => method);
    return missing.length === 0
      ? passed()
      : unknown('NotObserved', `The probe ended before it had tried pre-signed URLs for ${missing.join(', ')}.`);
  },
});

function rejected(method: PresignedMethod, failure: BucketFailure, context: CheckContext) {
  const { bucket, presignedRules } = messagesOf(context);
  if (failure.kind === 'NotAnObjectStore' && (failure.httpStatus ?? 200) < 300) {
    return failed(
      'PresignedContentDiffers',
      `A pre-signed ${method} on ${bucket} was answered with success${codeOf(failure)}, but ${method === 'PUT' ? 'the object is not there' : 'not with the object'}.`,
      'Look for a proxy or login page on the way that answers in place of the store.',
    );
  }
  if (!REJECTIONS.includes(failure.kind)) return failedBy(failure, context, `A pre-signed ${method}`);
  return failed(
    'PresignedUrlRejected',
    `A pre-signed ${method} on ${bucket} was refused${codeOf(failure)}, though signed requests work.`,
    presignedRules,
  );
}
