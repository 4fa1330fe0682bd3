import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import type { ProbePriority } from '../../probes/priority.ts';
import { createAwaitedProbes } from './awaited-probes.ts';

function setUp() {
  let held = 0;
  const clock = createFakeClock();
  const hold = () => {
    held += 1;
    return () => (held -= 1);
  };
  const { begin } = createAwaitedProbes({ hold, clock });
  /** How many of so many probes that follow each other hold. */
  const holding = (priority: ProbePriority, count: number, everyMs: number): number => {
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const end = begin(priority);
      sum += held;
      end();
      clock.advance(everyMs);
    }
    return sum;
  };
  return { begin, clock, held: () => held, holding };
}

it.each(['New', 'Changed'] as const)('holds what is due while a probe runs that is %s', (priority) => {
  const { begin, held } = setUp();
  const end = begin(priority);
  expect(held()).toBe(1);
  end();
  expect(held()).toBe(0);
});

it('holds nothing for what is due', () => {
  expect(setUp().holding('Due', 3, 1000)).toBe(0);
});

it('holds nothing for one of a crowd, however few of it run at once', () => {
  const { holding, clock } = setUp();
  expect(holding('Changed', 200, 10)).toBeLessThan(25);
  clock.advance(60_000);
  expect(holding('Changed', 1, 0)).toBe(1);
});

it('holds for each of those that come one by one', () => {
  expect(setUp().holding('New', 100, 500)).toBe(100);
});

it('holds for a new one among a crowd whose key was replaced', () => {
  const { holding } = setUp();
  holding('Changed', 200, 0);
  expect([holding('Changed', 1, 0), holding('New', 1, 0)]).toEqual([0, 1]);
});
