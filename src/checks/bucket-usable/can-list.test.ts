import { denied, listFails, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { canList } from './can-list.ts';

describeCheck(canList, [
  {
    reason: 'ListDenied',
    seen: listFails(denied),
    says: ['teams/omega/', 'another account', '"s3:ListBucket"', '"arn:aws:s3:::acme-wandb"', 'AKIA***MPLE'],
  },
  {
    reason: 'ListDenied',
    seen: listFails(denied),
    context: onMinio,
    says: ['the bucket does not exist', 'mc admin policy', '"arn:aws:s3:::omega-data"'],
  },
  {
    reason: 'Throttled',
    seen: listFails({ kind: 'Throttled', httpStatus: 503, providerCode: 'SlowDown' }),
    says: ['Listing failed', '(503 SlowDown)'],
  },
  {
    reason: 'StoreUnavailable',
    seen: listFails({ kind: 'ServiceUnavailable', httpStatus: 500 }),
    says: ['server error (500)'],
  },
  {
    reason: 'RequestRefused',
    seen: listFails({ kind: 'RequestRefused', httpStatus: 400, providerCode: 'Strange' }),
    says: ['(400 Strange)'],
  },
]);
