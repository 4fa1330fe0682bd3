import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFaultRuns, type FaultRuns } from '../../servers/fault-run.ts';
import { SEED } from '../../servers/random.ts';
import { installWeightsAndBiases } from '../../servers/weights-and-biases.ts';
import { playFaultAtEachWrite } from '../../support/each-write/play.ts';
import { publicationStory } from '../../support/each-write/publication-story.ts';
import { serverStory } from '../../support/each-write/server-story.ts';
import type { Story } from '../../support/each-write/story.ts';

/** How many of all combinations of a write and a moment are played for each story; all of them in a soak. */
const MOST = process.env['BYOB_SOAK'] === '1' ? Infinity : Number(process.env['BYOB_EACH_WRITE'] ?? 8);

let runs: FaultRuns;

beforeAll(async () => {
  await installWeightsAndBiases();
  runs = await createFaultRuns();
});

afterAll(async () => {
  await runs.endAll();
});

const STORIES: readonly (readonly [string, () => Story])[] = [
  ['publishes, rotates a key, and removes a team', () => publicationStory(runs)],
  ['delivers, restarts the server, and creates a team in it', () => serverStory(runs)],
];

describe('a fault at each write of the operator', () => {
  it.each(STORIES)(
    `while it %s, leads to the same end as none, without litter and without a storm of writes (seed ${SEED})`,
    async (_, story) => {
      const { wanted, writes, combinations, played } = await playFaultAtEachWrite(runs, story(), MOST);
      const lines = played.map(
        ({ name, isMet, moreWrites }) => `${isMet ? 'met' : 'not met'}: ${name}, ${moreWrites} more writes`,
      );
      console.info(`${combinations} combinations of ${writes.length} writes\n${lines.join('\n')}`);
      for (const { name, end } of played) expect({ name, ...end }).toEqual({ name, ...wanted });
      expect(played.filter(({ isMet }) => isMet).length).toBeGreaterThan(played.length / 2);
    },
    3_600_000,
  );
});
