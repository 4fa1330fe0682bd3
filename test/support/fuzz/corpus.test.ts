import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { randomFrom, SEED } from '../../servers/random.ts';
import { corpusFile } from './corpus.ts';
import { mutate } from './mutate.ts';
import { faultOf } from './search.ts';
import { TARGETS } from './targets.ts';

/** Of each text of the corpus. Many more, led by what they reach: `npm run soak -- fuzz`. */
const NEIGHBOURS = 5;

describe.each(TARGETS)('what reads $name', (target) => {
  const corpus = JSON.parse(readFileSync(corpusFile(target), 'utf8')) as readonly string[];

  it('keeps its promises for all that was found', async () => {
    const faults = await Promise.all(corpus.map(async (text) => ({ text, fault: await faultOf(target, text) })));
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
    expect(corpus).not.toEqual([]);
  });

  it(`keeps them for texts near those (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const texts = corpus.flatMap((text) =>
      Array.from({ length: NEIGHBOURS }, () => mutate(text, { words: target.words, corpus }, random)),
    );
    const faults: unknown[] = [];
    for (const text of texts) {
      const fault = await faultOf(target, text);
      if (fault !== undefined) faults.push({ text, fault });
    }
    expect(faults).toEqual([]);
  });
});
