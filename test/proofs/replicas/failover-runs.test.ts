import { expect, it } from '@jest/globals';
import { FAULTS } from '../../support/failover/pair.ts';
import { flawsOfFailovers, playFailovers, summaryOfFailovers } from '../../support/failover/runs.ts';
import { SEED } from '../../servers/random.ts';

/** A thousand of them: `npm run soak -- failover`. */
const RUNS = FAULTS.length + 1;

it(`of a leader that ends, nothing takes effect after the first write of the next (${RUNS} runs, seed ${SEED})`, async () => {
  const tally = await playFailovers({ runs: RUNS, pairs: 2, seed: SEED, progress: () => undefined });

  console.info(summaryOfFailovers(tally));
  expect(flawsOfFailovers(tally)).toEqual([]);
  expect(tally.results).toHaveLength(RUNS);
}, 600_000);
