import { beforeEach, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from '../../test/support/fakes/clock.ts';
import { createHolds, type Holds } from './holds.ts';

let clock: FakeClock;
let holds: Holds;
let released: number;

beforeEach(() => {
  clock = createFakeClock();
  released = 0;
  holds = createHolds(clock, () => (released += 1));
});

it('is held until the last one has ended', () => {
  const [first, second] = [holds.hold(), holds.hold()];
  for (const end of [first, first]) end();
  expect([holds.isHeld(), released]).toEqual([true, 0]);
  second();
  expect([holds.isHeld(), released]).toEqual([false, 1]);
  second();
  expect([released, clock.pendingTimers]).toEqual([1, 0]);
});

it('ends after a second, however many were begun in it', () => {
  const end = holds.hold();
  clock.advance(900);
  holds.hold();
  clock.advance(99);
  expect(holds.isHeld()).toBe(true);
  clock.advance(1);
  expect([holds.isHeld(), released]).toEqual([false, 1]);
  // The end of what is over already.
  end();
  expect(released).toBe(1);
});

it('is not held again before as long a time has passed, and leaves half of the time where there is always a reason', () => {
  holds.hold();
  clock.advance(1_000);
  for (const milliseconds of [0, 1, 998]) {
    clock.advance(milliseconds);
    holds.hold();
    expect(holds.isHeld()).toBe(false);
  }
  clock.advance(1);
  holds.hold();
  expect(holds.isHeld()).toBe(true);

  let heldFor = 0;
  for (let at = 0; at < 60_000; at += 100) {
    const end = holds.hold();
    if (holds.isHeld()) heldFor += 100;
    clock.advance(100);
    end();
  }
  expect(heldFor).toBeGreaterThan(28_000);
  expect(heldFor).toBeLessThanOrEqual(30_500);
});

it('is held each time where the reasons are short and seldom', () => {
  for (let times = 0; times < 100; times += 1) {
    const end = holds.hold();
    expect(holds.isHeld()).toBe(true);
    clock.advance(400);
    end();
    clock.advance(600);
  }
  expect(released).toBe(100);
});

it('ends with the process, and leaves no timer', () => {
  holds.hold();
  holds.stop();
  expect([holds.isHeld(), released, clock.pendingTimers]).toEqual([false, 1, 0]);
  holds.hold();
  expect([holds.isHeld(), clock.pendingTimers]).toEqual([false, 0]);
});
