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

/** As a clock does: each timer at its time. */
function pass(milliseconds: number): void {
  for (let at = 0; at < milliseconds; at += 1) clock.advance(1);
}

it('is held until a tenth of a second after the end of the last one', () => {
  const [first, second] = [holds.hold(), holds.hold()];
  for (const end of [first, first]) end();
  expect([holds.isHeld(), released]).toEqual([true, 0]);
  second();
  pass(99);
  expect([holds.isHeld(), released]).toEqual([true, 0]);
  pass(1);
  expect([holds.isHeld(), released]).toEqual([false, 1]);
  second();
  expect([released, clock.pendingTimers]).toEqual([1, 0]);
});

it('goes on where the next one begins within that', () => {
  holds.hold()();
  pass(99);
  const end = holds.hold();
  pass(500);
  expect([holds.isHeld(), released]).toEqual([true, 0]);
  end();
  pass(50);
  end();
  pass(50);
  expect([holds.isHeld(), released, clock.pendingTimers]).toEqual([false, 1, 0]);
});

it('is over after its second, with what it would go on for', () => {
  const end = holds.hold();
  pass(950);
  end();
  pass(50);
  expect([holds.isHeld(), released, clock.pendingTimers]).toEqual([false, 1, 0]);
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

it('pauses for a third of a second, and then holds for what still waits, with what came meanwhile', () => {
  const end = holds.hold();
  clock.advance(1_000);
  clock.advance(200);
  const second = holds.hold();
  clock.advance(133);
  expect([holds.isHeld(), released]).toEqual([false, 1]);
  clock.advance(1);
  expect(holds.isHeld()).toBe(true);
  end();
  expect([holds.isHeld(), released]).toEqual([true, 1]);
  second();
  pass(100);
  expect([holds.isHeld(), released, clock.pendingTimers]).toEqual([false, 2, 0]);
});

it('holds no more after a pause in which the reason ended', () => {
  const end = holds.hold();
  clock.advance(1_100);
  end();
  expect(clock.pendingTimers).toBe(0);
  clock.advance(300);
  expect([holds.isHeld(), released]).toEqual([false, 1]);
});

it('holds three times for one reason at most, and goes on for another one', () => {
  const forgotten = holds.hold();
  pass(3 * 1_334);
  expect([holds.isHeld(), released, clock.pendingTimers]).toEqual([false, 3, 0]);
  forgotten();
  expect(released).toBe(3);

  holds.hold();
  pass(2 * 1_334);
  const end = holds.hold();
  pass(1_334);
  expect([holds.isHeld(), released]).toEqual([true, 6]);
  end();
  pass(100);
  expect([holds.isHeld(), clock.pendingTimers]).toEqual([false, 0]);
});

it('pauses also where a cause comes after its second, and before a timer that is late', () => {
  const end = holds.hold();
  clock.advance(950);
  // With the first of the timers that are due at once.
  clock.setTimer(40, () => {
    end();
    clock.setTimer(0, () => holds.hold());
  });
  clock.advance(200);
  pass(1);
  expect([holds.isHeld(), released]).toEqual([false, 1]);
  pass(333);
  expect([holds.isHeld(), released]).toEqual([true, 1]);
});

it('waits at least a millisecond more where the timer of a pause is early, so that time passes meanwhile', () => {
  let now = 0;
  let fire = (): void => undefined;
  const delays: number[] = [];
  const setTimer = (milliseconds: number, run: () => void) => {
    delays.push(milliseconds);
    fire = run;
    return () => undefined;
  };
  const early = createHolds({ monotonic: () => now, setTimer }, () => undefined);
  early.hold();
  for (now of [1_000, 1_333.2]) fire();
  expect(delays).toEqual([1_000, 334, 1]);
  now += 1;
  fire();
  expect(early.isHeld()).toBe(true);
});

it('does not begin in a pause', () => {
  holds.hold()();
  const end = holds.hold();
  pass(1_000);
  end();
  pass(10);
  holds.hold();
  expect(holds.isHeld()).toBe(false);
  pass(324);
  expect(holds.isHeld()).toBe(true);
});

it('gives back no more than a second, however long the process stood still', () => {
  holds.hold();
  clock.advance(20_000);
  pass(334);
  expect(holds.isHeld()).toBe(true);
});

it('leaves a quarter of the time where there is always a reason', () => {
  let heldFor = 0;
  for (let at = 0; at < 60_000; at += 10) {
    const end = holds.hold();
    if (holds.isHeld()) heldFor += 10;
    clock.advance(10);
    end();
  }
  expect(heldFor).toBeGreaterThan(44_000);
  expect(heldFor).toBeLessThanOrEqual(45_500);
});

it('is held each time where the reasons are short and seldom', () => {
  for (let times = 0; times < 100; times += 1) {
    const end = holds.hold();
    expect(holds.isHeld()).toBe(true);
    pass(400);
    end();
    pass(600);
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
