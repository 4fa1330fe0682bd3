import { beforeEach, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createUrgency } from './urgency.ts';
import { createYielding, type Yielding } from './yielding.ts';

let clock: ReturnType<typeof createFakeClock>;
let isCrowded: boolean;
let isHeld: boolean;
let yielding: Yielding;
let sent: string[];

/** A probe that sends requests when it may. */
function probe(name: string, isUrgent = false) {
  const urgency = createUrgency(isUrgent ? 'Changed' : 'Due');
  const { beforeRequest, end } = yielding.begin(urgency);
  return {
    raise: urgency.raise,
    end,
    ask(): void {
      void (beforeRequest() ?? Promise.resolve()).then(() => sent.push(name));
    },
  };
}

beforeEach(() => {
  clock = createFakeClock();
  isCrowded = false;
  isHeld = false;
  yielding = createYielding({ clock, isCrowded: () => isCrowded, isHeld: () => isHeld });
  sent = [];
});

it('lets what is due send at once while nothing urgent runs', async () => {
  probe('due').ask();
  await settle();
  expect(sent).toEqual(['due']);
});

it('holds back what is due from the next request on, until the last urgent probe has ended', async () => {
  const due = probe('due');
  const [first, second] = [probe('first', true), probe('second', true)];
  for (const one of [due, first, second]) one.ask();
  await settle();
  expect(sent).toEqual(['first', 'second']);

  first.end();
  await settle();
  expect(sent).toEqual(['first', 'second']);
  second.end();
  await settle();
  expect(sent).toEqual(['first', 'second', 'due']);
  expect(clock.pendingTimers).toBe(0);
});

it('holds a probe back for a second in all, however many urgent ones follow each other', async () => {
  const due = probe('due');
  for (let index = 0; index < 10; index += 1) {
    const urgent = probe('urgent', true);
    due.ask();
    clock.advance(150);
    urgent.end();
    await settle();
  }
  const last = probe('urgent', true);
  due.ask();
  await settle();
  // The seventh was let through by the time, and nothing has held back those after it.
  expect(sent).toHaveLength(11);
  last.end();

  const hangs = probe('hangs', true);
  const other = probe('other');
  other.ask();
  clock.advance(999);
  await settle();
  expect(sent).toHaveLength(11);
  clock.advance(1);
  other.ask();
  await settle();
  expect(sent.slice(11)).toEqual(['other', 'other']);
  hangs.end();
});

it('holds nothing back while urgent ones wait for the turns of those that are due', async () => {
  isCrowded = true;
  const urgent = probe('urgent', true);
  probe('due').ask();
  await settle();
  expect(sent).toEqual(['due']);
  urgent.end();
});

it('holds back what is due while stores are held, and then lets it go', async () => {
  isHeld = true;
  const [due, urgent] = [probe('due'), probe('urgent', true)];
  for (const one of [due, urgent]) one.ask();
  urgent.end();
  await settle();
  expect(sent).toEqual(['urgent']);

  isHeld = false;
  yielding.released();
  await settle();
  expect(sent).toEqual(['urgent', 'due']);
  expect(clock.pendingTimers).toBe(0);
});

it('holds back what is due until the urgent probe has ended, where the stores are released before', async () => {
  isHeld = true;
  const [due, urgent] = [probe('due'), probe('urgent', true)];
  due.ask();
  isHeld = false;
  yielding.released();
  await settle();
  expect(sent).toEqual([]);
  urgent.end();
  await settle();
  expect(sent).toEqual(['due']);
});

it('lets go what becomes urgent, alone, and holds back the others for it', async () => {
  const [joined, due] = [probe('joined'), probe('due')];
  const urgent = probe('urgent', true);
  for (const one of [joined, due]) one.ask();
  for (const priority of ['Changed', 'New'] as const) joined.raise(priority);
  await settle();
  expect(sent).toEqual(['joined']);

  urgent.end();
  joined.ask();
  await settle();
  expect(sent).toEqual(['joined', 'joined']);
  joined.end();
  await settle();
  expect(sent).toEqual(['joined', 'joined', 'due']);
});
