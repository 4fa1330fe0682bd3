import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { presignedUrls } from './presigned-urls.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Large files are uploaded in parts, each by a pre-signed URL, and downloaded by Range. */
export const multipartUpload = defineCheck({
  name: 'MultipartUpload',
  decidedBy: 'Both',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: [presignedUrls],
  needs: ['multipart'],
  reasons: {
    MultipartDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential may write objects in one request but not in parts: large files cannot be uploaded.',
      remedy: 'Allow s3:PutObject without conditions that uploads in parts do not meet.',
      codes: ['AccessDenied', '403'],
      proof: 'rules',
    },
    PartRejected: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store accepts objects in one request by pre-signed URL, and refuses parts.',
      remedy: 'Look for policies on signed requests, and for proxies that change host, path or query of a URL.',
      codes: ['AccessDenied', 'SignatureDoesNotMatch', 'NoSuchUpload'],
      proof: 'rules',
    },
    MultipartContentDiffers: {
      result: 'Fail',
      class: 'external',
      meaning: 'An object that was uploaded in parts reads back with other content.',
      remedy: 'Look for proxies that change bodies, and check the health of the store.',
      codes: [],
      proof: 'rules',
    },
    RangeIgnored: {
      result: 'Fail',
      class: 'external',
      meaning:
        'A download by Range got the whole object. W&B downloads files over 2 GiB by Range and does not check the status, so they would be corrupt.',
      remedy: 'Let the proxy before the store pass Range on, or use a store that serves ranges.',
      codes: ['200 in place of 206'],
      proof: 'scripted server',
    },
    AbortDenied: {
      result: 'Warn',
      meaning: 'Uploads in parts work, but incomplete ones cannot be aborted: their parts stay and cost money.',
      remedy: 'Allow s3:AbortMultipartUpload on the objects under the path.',
      codes: ['AccessDenied'],
      proof: 'emulator',
    },
  },
  judge: ({ multipart = {} }, context) => {
    const { read, abort } = multipart;
    const problem = brokenStep(multipart, context);
    if (problem !== undefined) return problem;
    if (read?.ok !== true) return unknown('NotObserved', 'The probe ended before it had uploaded an object in parts.');
    if (!read.value.intact) return differs(context);
    if (read.value.rangeIgnored === true) return rangeIgnored(context);
    return abort?.ok === false && abort.error.kind === 'AccessDenied' ? abortDenied(abort.error, context) : passed();
  },
});

function brokenStep({ start, part, complete, read }: NonNullable<Observations['multipart']>, context: CheckContext) {
  if (start?.ok === false) return broken(start.error, context, 'Beginning an upload in parts');
  if (part?.ok === false) return partRejected(part.error, context);
  if (complete?.ok === false) return broken(complete.error, context, 'Completing an upload in parts');
  return read?.ok === false
    ? failedBy(read.error, context, 'Reading an object that was uploaded in parts by Range')
    : undefined;
}

function broken(failure: BucketFailure, context: CheckContext, doing: string) {
  if (failure.kind !== 'AccessDenied') return failedBy(failure, context, doing);
  const { actor, bucket, grant } = messagesOf(context);
  return failed(
    'MultipartDenied',
    `${doing} failed: ${actor} may not do this in ${bucket}${codeOf(failure)}, although it may write objects in one request.`,
    grant('Write'),
  );
}

function partRejected(failure: BucketFailure, context: CheckContext) {
  if (failure.httpStatus === undefined) return failedBy(failure, context, 'Sending a part by a pre-signed URL');
  const { bucket, presignedRules } = messagesOf(context);
  return failed(
    'PartRejected',
    `A part that was sent to ${bucket} by a pre-signed URL was refused${codeOf(failure)}, although objects in one request are accepted.`,
    presignedRules,
  );
}

function differs(context: CheckContext): Judgement<'MultipartContentDiffers'> {
  return failed(
    'MultipartContentDiffers',
    `An object that was uploaded in parts to ${messagesOf(context).bucket} reads back with other content.`,
    'Look for a proxy or gateway before the store that changes bodies, and check the health of the store.',
  );
}

function rangeIgnored(context: CheckContext): Judgement<'RangeIgnored'> {
  return failed(
    'RangeIgnored',
    `A download by Range from ${messagesOf(context).bucket} got the whole object (200, not 206): W&B downloads files over 2 GiB by Range and does not check the status, so they would be corrupt.`,
    'Let the proxy or cache before the store pass Range on (nginx: no max_ranges 0, and no proxy_cache without the slice module), or use a store that serves ranges.',
  );
}

function abortDenied(failure: BucketFailure, context: CheckContext): Judgement<'AbortDenied'> {
  const { actor, bucket, grant } = messagesOf(context);
  return warned(
    'AbortDenied',
    `${actor} may not abort uploads in parts in ${bucket}${codeOf(failure)}: the parts of incomplete ones stay and cost money.`,
    grant('AbortUpload'),
  );
}
