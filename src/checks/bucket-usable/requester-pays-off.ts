import { bucketExists } from '../bucket-reachable/bucket-exists.ts';
import { regionMatches } from '../bucket-reachable/region-matches.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** Requests without an offer to pay are served, like those of W&B and pre-signed ones. Decided by the answers; settings only add a warning. */
export const requesterPaysOff = defineCheck({
  name: 'RequesterPaysOff',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [bucketExists, regionMatches],
  decidedBy: 'Survey',
  needs: ['list'],
  reasons: {
    RequesterPays: {
      result: 'Fail',
      class: 'external',
      meaning: 'The bucket requires that the requester pays, which neither W&B nor pre-signed URLs offer.',
      remedy: 'Disable requester pays.',
      codes: ['userProjectMissing', 'UserProjectMissing'],
      proof: 'rules',
    },
    RequesterPaysForOthers: {
      result: 'Warn',
      meaning:
        'Requester pays is enabled. This credential is exempt, because it belongs to the project that owns the bucket.',
      remedy: 'Disable requester pays.',
      codes: [],
      proof: 'rules',
    },
  },
  judge: ({ list, settings }, context) => {
    if (list?.ok === false) {
      return list.error.kind === 'RequesterPays'
        ? failedBy(list.error, context)
        : unknown('NotObserved', 'The listing failed for another reason.');
    }
    if (settings === undefined) return unknown('NotObserved', 'The settings of the bucket were not read.');
    const { requesterPays } = settings;
    if (requesterPays?.ok !== true || !requesterPays.value.enabled) return passed();
    const { wholeBucket, settings: messages } = messagesOf(context);
    return warned(
      'RequesterPaysForOthers',
      `Requester pays is enabled on ${wholeBucket}: this credential is exempt, but others are not.`,
      messages.payForRequests,
    );
  },
});
