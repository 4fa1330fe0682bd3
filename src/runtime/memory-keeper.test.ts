import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createMemoryKeeper } from './memory-keeper.ts';

const MB = 1024 * 1024;

function setUp() {
  const clock = createFakeClock();
  const state = { busy: 0, used: 50 * MB, collections: 0 };
  const memory = {
    busyShare: () => state.busy,
    usedBytes: () => state.used,
    collect() {
      state.collections += 1;
      state.used = 40 * MB;
    },
  };
  return { clock, state, keeper: createMemoryKeeper({ memory, clock }) };
}

it('collects once after work, and again only when the heap has grown', async () => {
  const { clock, state, keeper } = setUp();
  await keeper.start();
  clock.advance(5_000);
  clock.advance(60_000);
  expect(state.collections).toBe(1);

  state.used = 60 * MB;
  clock.advance(5_000);
  expect(state.collections).toBe(2);
});

it('lets a busy process work', async () => {
  const { clock, state, keeper } = setUp();
  state.busy = 0.5;
  await keeper.start();
  clock.advance(60_000);
  expect(state.collections).toBe(0);

  state.busy = 0.01;
  clock.advance(5_000);
  expect(state.collections).toBe(1);
});

it('ends with the process', async () => {
  const { clock, state, keeper } = setUp();
  await keeper.start();
  await keeper.stop();
  clock.advance(60_000);
  expect(state.collections).toBe(0);
});
