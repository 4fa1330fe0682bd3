import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { err, ok } from '../../base/result.ts';
import { denied, goodObservations } from '../../../test/support/fakes/observations.ts';
import { onAzure } from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { presignedUrls } from './presigned-urls.ts';

function withPresigned(method: 'GET' | 'HEAD' | 'DELETE', failure: BucketFailure): Observations {
  const good = goodObservations();
  return { ...good, presigned: { ...good.presigned, [method]: err(failure) } };
}

describeCheck(presignedUrls, [
  {
    reason: 'PresignedUrlRejected',
    seen: withPresigned('HEAD', denied),
    says: ['pre-signed HEAD', '(403 AccessDenied)', 's3:authType'],
  },
  {
    reason: 'PresignedContentDiffers',
    seen: withPresigned('GET', { kind: 'NotAnObjectStore', httpStatus: 200 }),
    says: ['pre-signed GET', '(200)', 'proxy'],
  },
  {
    reason: 'NotSupportedByStore',
    seen: withPresigned('DELETE', { kind: 'NotImplemented', httpStatus: 501 }),
    says: ['A pre-signed DELETE failed', '(501)'],
  },
  {
    reason: 'NotObserved',
    seen: goodObservations({ presigned: { PUT: ok({ httpStatus: 200 }) } }),
    says: ['GET, HEAD, DELETE'],
  },
  {
    reason: 'DeleteHadNoEffect',
    seen: goodObservations({
      presigned: {
        PUT: ok({ httpStatus: 200 }),
        GET: ok({ httpStatus: 200 }),
        HEAD: ok({ httpStatus: 200 }),
        DELETE: ok({ httpStatus: 204, gone: false }),
      },
    }),
    says: ['A pre-signed DELETE on', 'still there'],
  },
  {
    reason: 'ObjectArchived',
    seen: withPresigned('GET', { kind: 'ObjectArchived', httpStatus: 403, providerCode: 'InvalidObjectState' }),
    says: ['A pre-signed GET failed', 'archived', '(403 InvalidObjectState)'],
  },
  {
    reason: 'UrlSigningDenied',
    seen: withPresigned('GET', { kind: 'UrlSigningDenied', httpStatus: 403 }),
    context: onAzure,
    says: ['A pre-signed GET failed', '"Storage Blob Delegator" --assignee client-1'],
  },
]);
