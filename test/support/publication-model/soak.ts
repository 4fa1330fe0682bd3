/**
 * Plays many stories, other ones each time: `node soak.ts COUNT`. Without the
 * test runner a story takes a third of the time.
 */
import { brokenStory } from './check-stories.ts';

const AT_ONCE = 2_000;
const wanted = Number(process.argv[2]);
if (!Number.isInteger(wanted)) throw new Error('usage: node soak.ts COUNT');

for (let done = 0; done < wanted && process.exitCode === undefined; done += AT_ONCE) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const count = Math.min(AT_ONCE, wanted - done);
  const broken = await brokenStory(seed, count);
  if (broken === undefined) console.log(`${done + count} stories held (seed ${seed})`);
  else {
    console.error(broken);
    process.exitCode = 1;
  }
}
