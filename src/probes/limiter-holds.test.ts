import { expect, it } from '@jest/globals';
import { settle } from '../../test/support/fakes/settle.ts';
import { askForTurns, fixed } from '../../test/support/fakes/turns.ts';
import { createUrgency } from './urgency.ts';

it('lets one that is due ask no more while an urgent one runs at the same store, and none waits for a turn', async () => {
  const { ask, end, beforeRequest } = askForTurns({ perEndpoint: fixed(2), inAll: 8 });
  ask('due', { priority: 'Due' });
  ask('elsewhere', { endpoint: 'two', priority: 'Due' });
  await settle();
  expect(beforeRequest('due')).toBeUndefined();

  ask('urgent', { priority: 'New' });
  await settle();
  expect(beforeRequest('urgent')).toBeUndefined();
  expect(beforeRequest('elsewhere')).toBeUndefined();
  const held = beforeRequest('due');
  expect(held).toBeInstanceOf(Promise);

  // It waits for the turn of the one that is due.
  ask('next', { priority: 'Changed' });
  await settle();
  expect(beforeRequest('due')).toBeUndefined();
  end('urgent');
  await settle();
  expect(beforeRequest('due')).toBeInstanceOf(Promise);
  end('next');
  await held;
});

it('lets what is due at any store ask no more while it is held, and what is urgent at once', async () => {
  const { ask, beforeRequest, limiter, clock } = askForTurns({ perEndpoint: fixed(3), inAll: 8 });
  ask('due', { priority: 'Due' });
  await settle();
  const [first, second] = [limiter.hold(), limiter.hold()];
  ask('elsewhere', { endpoint: 'two', priority: 'Due' });
  ask('urgent', { endpoint: 'two', priority: 'Changed' });
  await settle();
  const held = [beforeRequest('due'), beforeRequest('elsewhere')];
  expect(held).toEqual([expect.any(Promise), expect.any(Promise)]);
  expect(beforeRequest('urgent')).toBeUndefined();

  let gone = 0;
  for (const one of held) void one?.then(() => (gone += 1));
  for (const end of [first, first]) end();
  await settle();
  expect(gone).toBe(0);
  second();
  clock.advance(100);
  await settle();
  // At the other store the urgent one still runs.
  expect([gone, beforeRequest('due')]).toEqual([1, undefined]);
  expect(beforeRequest('elsewhere')).toBeInstanceOf(Promise);
});

it('lets what is held go on where it has the turns for which urgent ones wait', async () => {
  const { ask, begun, end, beforeRequest, limiter } = askForTurns({ perEndpoint: fixed(2), inAll: 8 });
  for (const name of ['due 1', 'due 2']) ask(name, { priority: 'Due' });
  await settle();
  limiter.hold();
  const held = [beforeRequest('due 1'), beforeRequest('due 2')];
  ask('urgent', { priority: 'New' });
  for (const one of held) await one;
  expect(beforeRequest('due 1')).toBeUndefined();
  end('due 1');
  await settle();
  expect(begun.at(-1)).toBe('urgent');
});

it('holds nothing any more once it is stopped', async () => {
  const { ask, beforeRequest, limiter, clock } = askForTurns({ perEndpoint: fixed(2), inAll: 8 });
  ask('due', { priority: 'Due' });
  await settle();
  limiter.hold();
  const held = beforeRequest('due');
  limiter.stop();
  await held;
  expect([beforeRequest('due'), clock.pendingTimers]).toEqual([undefined, 0]);
});

it('is held for a second in a row, should nobody end it', async () => {
  const { ask, beforeRequest, limiter, clock } = askForTurns({ perEndpoint: fixed(3), inAll: 8 });
  limiter.hold();
  clock.advance(999);
  ask('due', { priority: 'Due' });
  await settle();
  const held = beforeRequest('due');
  expect(held).toBeInstanceOf(Promise);
  clock.advance(1);
  await held;
  expect(beforeRequest('due')).toBeUndefined();
});

it('lets what becomes urgent with its turn ask at once, and yield to nobody any more', async () => {
  const { ask, end, beforeRequest, limiter, clock } = askForTurns({ perEndpoint: fixed(3), inAll: 8 });
  const joined = createUrgency('Due');
  ask('joined', { urgency: joined });
  ask('due', { priority: 'Due' });
  await settle();
  const release = limiter.hold();
  const [held, other] = [beforeRequest('joined'), beforeRequest('due')];
  expect([held, other]).toEqual([expect.any(Promise), expect.any(Promise)]);
  joined.raise('New');
  await held;
  expect(beforeRequest('joined')).toBeUndefined();

  // The other one waits for it now.
  release();
  clock.advance(100);
  expect(beforeRequest('due')).toBeInstanceOf(Promise);
  end('joined');
  await other;
  expect(beforeRequest('due')).toBeUndefined();
});
