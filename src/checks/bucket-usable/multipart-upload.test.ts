import { err, ok } from '../../base/result.ts';
import { denied, goodObservations } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { multipartUpload } from './multipart-upload.ts';

describeCheck(multipartUpload, [
  {
    reason: 'MultipartDenied',
    seen: goodObservations({ multipart: { start: err(denied) } }),
    says: ['Beginning an upload in parts failed', '(403 AccessDenied)', '"s3:PutObject"'],
  },
  {
    reason: 'NotSupportedByStore',
    seen: goodObservations({ multipart: { start: err({ kind: 'NotImplemented', httpStatus: 501 }) } }),
    says: ['Beginning an upload in parts failed', '(501)'],
  },
  {
    reason: 'PartRejected',
    seen: goodObservations({ multipart: { start: ok(undefined), part: err(denied) } }),
    says: ['by a pre-signed URL was refused (403 AccessDenied)', 'objects in one request are accepted', 's3:authType'],
  },
  {
    reason: 'DeadlineExceeded',
    seen: goodObservations({ multipart: { start: ok(undefined), part: err({ kind: 'DeadlineExceeded' }) } }),
    says: ['Sending a part by a pre-signed URL failed'],
  },
  {
    reason: 'MultipartDenied',
    seen: goodObservations({ multipart: { part: ok({ httpStatus: 200 }), complete: err(denied) } }),
    says: ['Completing an upload in parts failed', '"s3:PutObject"'],
  },
  {
    reason: 'MultipartContentDiffers',
    seen: goodObservations({ multipart: { part: ok({ httpStatus: 200 }), read: ok({ intact: false }) } }),
    says: ['reads back with other content', 'proxy'],
  },
  {
    reason: 'RangeIgnored',
    seen: goodObservations({ multipart: { read: ok({ intact: true, rangeIgnored: true }) } }),
    says: ['(200, not 206)', 'files over 2 GiB', 'max_ranges 0'],
  },
  {
    reason: 'NotSupportedByStore',
    seen: goodObservations({ multipart: { read: err({ kind: 'NotImplemented', httpStatus: 501 }) } }),
    says: ['by Range', '(501)'],
  },
  {
    reason: 'AbortDenied',
    seen: goodObservations({ multipart: { read: ok({ intact: true }), abort: err(denied) } }),
    says: ['may not abort uploads in parts', '"s3:AbortMultipartUpload"', 'arn:aws:s3:::acme-wandb/teams/omega/*'],
  },
  {
    reason: 'NotObserved',
    seen: goodObservations({ multipart: { start: ok(undefined), part: ok({ httpStatus: 200 }) } }),
    says: ['ended before it had uploaded an object in parts'],
  },
]);
