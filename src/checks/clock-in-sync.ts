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
    const skew = observations.endpoint?.ok === true ? observations.endpoint.value.clockSkewSeconds : undefined;
    const seconds = Math.abs(skew ?? 0);
    if (seconds > WARN_OVER_SECONDS || (skew !== undefined && failure?.kind === 'ClockSkewed')) {
      const message = `The operator's clock is ${seconds} s ${(skew ?? 0) > 0 ? 'ahead of' : 'behind'} that of ${storeUrl(context)}`;
      return seconds > FAIL_OVER_SECONDS || failure?.kind === 'ClockSkewed'
        ? failed('ClockSkewed', `${message}: signed requests and URLs are refused.`, REMEDY)
        : warned('ClockSkewNoticeable', `${message}.`, REMEDY);
    }
    if (failure?.kind === 'ClockSkewed') return failedBy(failure, context);
    return passed(skew === undefined ? 'The store does not tell its time, and accepts ours.' : undefined);
  },
};
