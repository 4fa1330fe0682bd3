import { bucketExists } from '../bucket-reachable/bucket-exists.ts';
import { regionMatches } from '../bucket-reachable/region-matches.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** Requests that do not offer to pay are served: neither W&B's nor pre-signed ones do. By behaviour; settings only add to it. */
export const requesterPaysOff = defineCheck({
  name: 'RequesterPaysOff',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [bucketExists, regionMatches],
  needs: ['list'],
  reasons: {
    RequesterPays: {
      result: 'Fail',
      class: 'external',
      meaning: 'Requests must offer to pay, and neither those of W&B nor pre-signed URLs do.',
      remedy: 'Turn requester pays off.',
      codes: ['userProjectMissing', 'UserProjectMissing'],
      proof: 'rules',
    },
    RequesterPaysForOthers: {
      result: 'Warn',
      meaning: 'Requester pays is on and this credential is let off, as one of the project that owns the bucket.',
      remedy: 'Turn requester pays off.',
      codes: [],
      proof: 'rules',
    },
  },
  judge: ({ list, settings }, context) => {
    if (list?.ok === false) {
      return list.error.kind === 'RequesterPays'
        ? failedBy(list.error, context)
        : unknown('NotObserved', 'The listing failed for a reason of its own.');
    }
    if (settings === undefined) return unknown('NotObserved', 'The settings of the bucket were not looked at.');
    const { requesterPays } = settings;
    if (requesterPays?.ok !== true || !requesterPays.value.enabled) return passed();
    const { bucket, settings: words } = wordsOf(context);
    return warned(
      'RequesterPaysForOthers',
      `Whoever asks for something in ${bucket} pays for it; this credential is let off, and others are not.`,
      words.payForRequests,
    );
  },
});
