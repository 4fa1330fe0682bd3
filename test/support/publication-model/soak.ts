/**
 * Plays many stories, other ones each time: `node soak.ts COUNT`. Without the
 * test runner a story takes a third of the time.
 */
import { brokenStory } from './tell.ts';

const AT_ONCE = 2_000;
const wanted = Number(process.argv[2]);
if (!Number.isInteger(wanted)) throw new Error('how many stories?');

for (let told = 0; told < wanted && process.exitCode === undefined; told += AT_ONCE) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const count = Math.min(AT_ONCE, wanted - told);
  const broken = await brokenStory(seed, count);
  if (broken === undefined) console.log(`${told + count} stories held (seed ${seed})`);
  else {
    console.error(broken);
    process.exitCode = 1;
  }
}
