import { describe, expect, it } from '@jest/globals';
import { EXPECTED } from './real-answers/expected.ts';
import { ANSWERS, replay } from './real-answers/replay.ts';

const nameOf = (provider: string, situation: string): string => `${provider}: ${situation}`;
const ROWS = Object.entries(EXPECTED).flatMap(([provider, rows]) =>
  rows.map(([situation, asked, means]) => [nameOf(provider, situation), asked, means] as const),
);

describe('answers of the real clouds, as a driver reads them', () => {
  it('are read without exception', () => {
    const names = ANSWERS.map(({ provider, situation }) => nameOf(provider, situation));
    expect(ROWS.map(([name]) => name).sort()).toEqual(names.sort());
  });

  it.each(ROWS)('%s (%s): %s', async (name, asked, means) => {
    const answer = ANSWERS.find(({ provider, situation }) => nameOf(provider, situation) === name);
    expect(answer && (await replay(answer, asked))).toBe(means);
  });
});
