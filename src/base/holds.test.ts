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

/** Holds on a clock whose timers fire when the test says so: real ones are late, or a millisecond early. */
function onRealTimers() {
  const timers = { now: 0, delays: [] as number[], fire: (): void => undefined, released: 0 };
  const setTimer = (milliseconds: number, run: () => void) => {
    timers.delays.push(milliseconds);
    timers.fire = run;
    return () => (timers.fire = () => undefined);
  };
  const late = createHolds({ monotonic: () => timers.now, setTimer }, () => (timers.released += 1));
  return { timers, late };
}

it('pauses where a cause comes after the second, and before the timer of the pause', () => {
  const { timers, late } = onRealTimers();
  const end = late.hold();
  timers.now = 950;
  end();
  timers.now = 1_150;
  late.hold();
  expect([late.isHeld(), timers.released]).toEqual([false, 1]);
});

it('is over at once where its last cause ends after the second', () => {
  const { timers, late } = onRealTimers();
  const end = late.hold();
  timers.now = 1_010;
  end();
  expect([late.isHeld(), timers.released]).toEqual([false, 1]);
});

it('pauses a third of a second, however long the process stood still', () => {
  const { timers, late } = onRealTimers();
  late.hold();
  timers.now = 20_000;
  timers.fire();
  expect([late.isHeld(), timers.delays]).toEqual([false, [1_000, 334]]);
  const other = onRealTimers();
  const end = other.late.hold();
  other.timers.now = 20_000;
  end();
  other.late.hold();
  expect(other.timers.delays).toEqual([1_000, 334]);
});

it('pauses where the timer of the second is early', () => {
  const { timers, late } = onRealTimers();
  late.hold();
  timers.now = 999;
  timers.fire();
  expect([late.isHeld(), timers.delays]).toEqual([false, [1_000, 334]]);
});

it('waits at least a millisecond more where the timer of a pause is early, so that time passes meanwhile', () => {
  const { timers, late } = onRealTimers();
  late.hold();
  for (const now of [1_000, 1_333.2]) {
    timers.now = now;
    timers.fire();
  }
  expect(timers.delays).toEqual([1_000, 334, 1]);
  timers.now += 1;
  timers.fire();
  expect(late.isHeld()).toBe(true);
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
