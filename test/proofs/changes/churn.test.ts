import { expect, it } from '@jest/globals';
import { SEED } from '../../servers/random.ts';
import { flawsOfChurn, summaryOfChurn } from '../../support/churn/judge.ts';
import { playChurn } from '../../support/churn/run.ts';

/** Three hours of it: `npm run soak -- churn`. */
const MINUTES = 3;

it(`holds no more memory, sockets, files and timers however often teams come, change, break and go (seed ${SEED})`, async () => {
  const churn = await playChurn({ minutes: MINUTES, seed: SEED });

  console.info(summaryOfChurn(churn));
  expect(flawsOfChurn(churn)).toEqual([]);
}, 900_000);
