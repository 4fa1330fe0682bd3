import { err, ok } from '../../base/result.ts';
import { denied, goodObservations, listFails, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { regionMatches } from './region-matches.ts';

describeCheck(regionMatches, [
  {
    reason: 'RegionMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 301, providerCode: 'PermanentRedirect', region: 'eu-west-1' }),
    says: ['acme-wandb is in eu-west-1', 'Set spec.bucket.s3.region to eu-west-1'],
  },
  {
    reason: 'RegionMismatch',
    seen: goodObservations({ region: ok({ region: 'EU' }) }),
    says: ['is in eu-west-1'],
  },
  {
    reason: 'RegionMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 400 }),
    context: onMinio,
    says: ['another region than the spec says', 'spec.bucket.s3Compatible.region'],
  },
  {
    // The store contradicts itself.
    reason: 'RegionMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 301, region: 'eu-central-1' }),
    says: ['is in another region than the spec says (301)', 'Set spec.bucket.s3.region to the region of the bucket.'],
  },
  {
    reason: 'RegionMismatch',
    seen: goodObservations({ region: err({ kind: 'WrongRegion', region: 'ap-south-1' }) }),
    says: ['is in ap-south-1, and the spec says eu-central-1'],
  },
  { reason: 'HiddenByStore', seen: listFails(denied), says: ['(403 AccessDenied)'] },
  {
    reason: 'Passed',
    seen: goodObservations({ region: ok({ region: 'auto' }) }),
    context: onMinio,
    says: ['signed for us-east-1'],
  },
]);
