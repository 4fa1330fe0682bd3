/**
 * Looks for texts that reach new parts of the source in everything that reads what others wrote, for some minutes:
 * `npm run soak -- fuzz [MINUTES]`. Writes the texts that together reach all that was reached to `corpus`, which the
 * tests try again, and prints those that broke a promise.
 */
import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import { randomFrom, SEED } from '../../servers/random.ts';
import { startCoverage } from './coverage.ts';
import { corpusFile } from './corpus.ts';
import { search } from './search.ts';
import { TARGETS } from './targets.ts';

const [minutes = '30', only] = process.argv.slice(2);
const targets = TARGETS.filter(({ name }) => only === undefined || name === only);
const forEachMs = (Number(minutes) * 60_000) / targets.length;
let isBroken = false;
console.log(`seed ${SEED}`);
for (const target of targets) {
  const file = corpusFile(target);
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly string[]) : [];
  const end = performance.now() + forEachMs;
  const seeds = [...new Set([...known, ...target.seeds])];
  const coverage = startCoverage();
  const found = await search(
    { ...target, seeds },
    { coverage, random: randomFrom(SEED), goesOn: () => performance.now() < end },
  );
  coverage.stop();
  writeFileSync(file, `${JSON.stringify([...found.corpus].sort(), null, 2)}\n`);
  console.log(
    `${target.name}: ${found.tried} tried, ${found.corpus.length} kept, ${found.broken.length} broke a promise`,
  );
  for (const { text, error } of found.broken) console.log(`  ${JSON.stringify(text)}\n  ${error}`);
  isBroken ||= found.broken.length > 0;
}
process.exitCode = isBroken ? 1 : 0;
