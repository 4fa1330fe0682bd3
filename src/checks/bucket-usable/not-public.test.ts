import { err, ok } from '../../base/result.ts';
import { goodObservations, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { notPublic } from './not-public.ts';

describeCheck(notPublic, [
  {
    reason: 'BucketPublic',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 200, disclosed: true }), list: ok({ httpStatus: 200, disclosed: true }) },
    }),
    says: [
      'Everyone can read objects of and list',
      'get-bucket-policy --bucket acme-wandb',
      'as seen from the operator',
    ],
  },
  {
    reason: 'BucketPublic',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 403, disclosed: false }), list: ok({ httpStatus: 200, disclosed: true }) },
    }),
    context: onMinio,
    says: ['Everyone can list bucket omega-data', 'mc anonymous set-json', 'keep what is for W&B'],
  },
  {
    reason: 'PublicWithinNetwork',
    seen: goodObservations({
      anonymous: {
        get: ok({ httpStatus: 200, disclosed: true }),
        list: ok({ httpStatus: 403, disclosed: false }),
        rules: ok({ isPublic: false }),
      },
    }),
    says: ['Every client in the network of the operator can read objects of'],
  },
  {
    reason: 'BucketPublic',
    seen: goodObservations({
      anonymous: {
        get: ok({ httpStatus: 200, disclosed: true }),
        list: ok({ httpStatus: 403, disclosed: false }),
        rules: err({ kind: 'AccessDenied', httpStatus: 403 }),
      },
    }),
    says: ['Everyone can read objects of', 'as seen from the operator'],
  },
  {
    reason: 'NotObserved',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 503, disclosed: false }), list: ok({ httpStatus: 403, disclosed: false }) },
    }),
    says: ['not all refused'],
  },
  {
    reason: 'NotObserved',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 200, disclosed: false }), list: ok({ httpStatus: 403, disclosed: false }) },
    }),
    says: ['not all refused'],
  },
]);
