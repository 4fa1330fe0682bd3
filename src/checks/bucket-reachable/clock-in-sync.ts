import { tlsTrusted } from './tls-trusted.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, warned } from '../judgement.ts';
import { listFailure } from '../failures/seen-failures.ts';
import { wordsOf } from '../remedies/messages-of.ts';

const WARN_OVER_SECONDS = 60;
/** AWS refuses at 900 s; URLs that live shorter die earlier. */
const FAIL_OVER_SECONDS = 300;

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
      return refused ? failedBy(failure, context) : passed('The store does not tell its time, and accepts ours.');
    }
    if (!refused && Math.abs(skew) <= WARN_OVER_SECONDS) return passed();
    const message = `The operator's clock is ${amountOf(skew)} that of ${wordsOf(context).url}`;
    return refused || Math.abs(skew) > FAIL_OVER_SECONDS
      ? failed('ClockSkewed', `${message}: signed requests and URLs are refused.`, REMEDY)
      : warned('ClockSkewNoticeable', `${message}.`, REMEDY);
  },
});

/** In whole minutes: an amount that moves at each look would be a status write at each look. */
function amountOf(skew: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(skew) / 60));
  return `about ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'}`;
}
