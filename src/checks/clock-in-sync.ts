import type { Check } from './check.ts';
import { failedBy } from './failure-table.ts';
import { failed, passed, warned } from './judgement.ts';
import { listFailure } from './seen-failures.ts';
import { storeUrl } from './wording.ts';

const WARN_OVER_SECONDS = 60;
/** AWS refuses at 900 s; URLs that live shorter die earlier. */
const FAIL_OVER_SECONDS = 300;

const REMEDY = 'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).';

/**
 * Our clock and the store's agree. Measured, because the SDK corrects its own
 * requests silently and pre-signed URLs get no such help.
 */
export const clockInSync: Check = {
  name: 'ClockInSync',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: ['TlsTrusted'],
  needs: ['endpoint'],
  judge: (observations, context) => {
    const failure = listFailure(observations);
    const refused = failure?.kind === 'ClockSkewed';
    const skew = observations.endpoint?.ok === true ? observations.endpoint.value.clockSkewSeconds : undefined;
    if (skew === undefined) {
      return refused ? failedBy(failure, context) : passed('The store does not tell its time, and accepts ours.');
    }
    const seconds = Math.abs(skew);
    const message = `The operator's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of ${storeUrl(context)}`;
    if (refused || seconds > FAIL_OVER_SECONDS) {
      return failed('ClockSkewed', `${message}: signed requests and URLs are refused.`, REMEDY);
    }
    return seconds > WARN_OVER_SECONDS ? warned('ClockSkewNoticeable', `${message}.`, REMEDY) : passed();
  },
};
