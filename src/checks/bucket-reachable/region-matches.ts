import type { Observations } from '../../domain/observations/observations.ts';
import { regionOf } from '../../domain/bucket/storage.ts';
import { bucketExists } from './bucket-exists.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { listFailure } from '../../domain/observations/seen-failures.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Names that S3 still reports for its two oldest regions. */
const OLD_NAMES: Readonly<Record<string, string>> = { '': 'us-east-1', US: 'us-east-1', EU: 'eu-west-1' };

/** The bucket is in the region of the spec, for which W&B will sign its URLs. */
export const regionMatches = defineCheck({
  name: 'RegionMatches',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: [bucketExists],
  decidedBy: 'Survey',
  needs: ['list'],
  notApplicable: ({ storage }) =>
    regionOf(storage) === undefined ? 'The bucket is reached without naming a region.' : undefined,
  reasons: {
    HiddenByStore: SHARED_REASONS.HiddenByStore,
    RegionMismatch: {
      result: 'Fail',
      class: 'spec',
      meaning: 'The bucket is in another region than the spec says: pre-signed URLs for the wrong region are refused.',
      remedy: 'Set the region in the spec to that of the bucket.',
      codes: ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
      proof: 'emulator',
    },
  },
  judge: (observations, context) => {
    const failure = listFailure(observations);
    const actual = reportedRegion(observations);
    const wanted = regionOf(context.storage) ?? '';
    if (failure?.kind === 'WrongRegion') {
      return actual === undefined || actual === wanted ? failedBy(failure, context) : mismatch(actual, context);
    }
    // Other stores report names of their own (a zone group, `auto`): there the signature decides.
    if (context.storage.provider === 'S3' && actual !== undefined) {
      return actual === wanted ? passed() : mismatch(actual, context);
    }
    return failure === undefined
      ? passed(`Requests signed for ${wanted} are accepted.`)
      : unknown('HiddenByStore', `The store does not say where the bucket is${codeOf(failure)}.`);
  },
});

function reportedRegion({ region, list }: Observations): string | undefined {
  const seen = region?.ok === true ? region.value.region : undefined;
  const reported = list?.ok === false ? list.error.region : undefined;
  const also = region?.ok === false ? region.error.region : undefined;
  const actual = seen ?? reported ?? also;
  return actual === undefined ? undefined : (OLD_NAMES[actual] ?? actual);
}

function mismatch(actual: string, context: CheckContext): Judgement<'RegionMismatch'> {
  const { regionField = '' } = messagesOf(context);
  const wanted = regionOf(context.storage) ?? '';
  return failed(
    'RegionMismatch',
    `Bucket ${context.storage.name} is in ${actual}, and the spec says ${wanted}.`,
    `Set ${regionField} to ${actual}.`,
  );
}
