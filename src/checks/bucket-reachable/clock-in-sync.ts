import { tlsTrusted } from './tls-trusted.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, warned } from '../judgement.ts';
import { listFailure } from '../../domain/observations/seen-failures.ts';
import { messagesOf } from '../remedies/messages-of.ts';

const WARN_OVER_SECONDS = 60;
/** AWS refuses requests at 900 s; pre-signed URLs with a shorter lifetime expire earlier. */
const FAIL_OVER_SECONDS = 300;

const ACCEPTED_SO_FAR =
  'the store still accepts requests, and will refuse them when the difference grows (most stores: at 15 min).';
const REMEDY = 'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).';

/**
 * Our clock and the store's agree. Measured, because the SDK corrects its own
 * requests silently and pre-signed URLs get no such help.
 */
export const clockInSync = defineCheck({
  name: 'ClockInSync',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: [tlsTrusted],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  reasons: {
    ClockSkewNoticeable: {
      result: 'Warn',
      meaning: 'The clocks of operator and store differ by more than a minute.',
      remedy: 'Synchronise the clocks of the nodes and of the store (NTP).',
      codes: [],
      proof: 'scripted server',
    },
    ClockSkewed: {
      result: 'Fail',
      class: 'external',
      meaning: 'The clocks of operator and store differ so much that signatures are or will be refused.',
      remedy: 'Synchronise the clocks of the nodes and of the store (NTP).',
      codes: ['RequestTimeTooSkewed'],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const failure = listFailure(observations);
    const skew = observations.endpoint?.ok === true ? observations.endpoint.value.clockSkewSeconds : undefined;
    const refused = failure?.kind === 'ClockSkewed';
    if (skew === undefined) {
      return refused
        ? failedBy(failure, context)
        : passed("The store does not report its time, and accepts the operator's.");
    }
    if (!refused && Math.abs(skew) <= WARN_OVER_SECONDS) return passed();
    const message = `The operator's clock is ${amountOf(skew)} that of ${messagesOf(context).url}`;
    if (refused) return failed('ClockSkewed', `${message}: signed requests and URLs are refused.`, REMEDY);
    return Math.abs(skew) > FAIL_OVER_SECONDS
      ? failed('ClockSkewed', `${message}: ${ACCEPTED_SO_FAR}`, REMEDY)
      : warned('ClockSkewNoticeable', `${message}.`, REMEDY);
  },
});

/** In whole minutes: an amount that changes with each probe would cause a status write each time. */
function amountOf(skew: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(skew) / 60));
  return `about ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'}`;
}
