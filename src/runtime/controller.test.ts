import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createBackoff } from './backoff.ts';
import { createController, type Outcome, type Reconcile } from './controller.ts';
import { createTimeSlice } from './time-slice.ts';
import { createWorkQueue } from './work-queue.ts';

const DEADLINE_MS = 60_000;
const DRAIN_MS = 20_000;

async function setUp(reconcile: Reconcile, workers = 1) {
  const clock = createFakeClock();
  const log = createFakeLog();
  const queue = createWorkQueue(clock);
  const runs: string[] = [];
  const controller = createController({
    name: 'storages',
    queue,
    backoff: createBackoff({ baseMs: 1000, maxMs: 300_000, random: () => 1 }),
    reconcile: (key, context) => {
      runs.push(key);
      return reconcile(key, context);
    },
    workers,
    deadlineMs: DEADLINE_MS,
    drainMs: DRAIN_MS,
    clock,
    timeSlice: createTimeSlice(clock),
    log,
  });
  await controller.start();
  async function pass(milliseconds: number): Promise<void> {
    clock.advance(milliseconds);
    // A time slice takes two turns of the event loop.
    for (let turns = 0; turns < 3; turns += 1) await settle();
  }
  return { clock, log, queue, runs, controller, pass };
}

const always = (outcome: Outcome): Reconcile => {
  return () => Promise.resolve(outcome);
};
/** A run that the test ends. */
function held() {
  const ends = new Map<string, (outcome: Outcome) => void>();
  const reconcile: Reconcile = (key) => new Promise((resolve) => ends.set(key, resolve));
  return { reconcile, running: () => [...ends.keys()], end: (key: string) => ends.get(key)?.({ kind: 'done' }) };
}

describe('many keys at once', () => {
  it('lets timers and answers come in between, however short each run is', async () => {
    const { queue, runs, clock } = await setUp(() => {
      clock.advance(1);
      return Promise.resolve({ kind: 'done' });
    });
    for (let index = 0; index < 1_000; index += 1) queue.add(`key-${index}`, 'fast');
    const seen: number[] = [];
    while (runs.length < 1_000) {
      await settle();
      seen.push(runs.length);
    }
    const longest = Math.max(...seen.map((count, index) => count - (seen[index - 1] ?? 0)));
    expect(longest).toBeLessThanOrEqual(25);
  });
});

describe('the outcome of a reconcile', () => {
  it('done: nothing more happens until the next event', async () => {
    const { queue, runs, pass, clock } = await setUp(always({ kind: 'done' }));
    queue.add('a', 'fast');
    await pass(86_400_000);
    expect(runs).toEqual(['a']);
    expect(clock.pendingTimers).toBe(0);
    queue.add('a', 'fast');
    await settle();
    expect(runs).toEqual(['a', 'a']);
  });

  it('requeue: the key comes again at the time it asked for', async () => {
    const { queue, runs, pass } = await setUp(always({ kind: 'requeue', afterMs: 5000 }));
    queue.add('a', 'fast');
    await settle();
    await pass(4999);
    expect(runs).toEqual(['a']);
    await pass(1);
    expect(runs).toEqual(['a', 'a']);
  });

  it('requeue on the fast lane: it overtakes periodic work', async () => {
    const gate = held();
    const { queue, runs, pass } = await setUp((key, context) =>
      key === 'soon' ? Promise.resolve({ kind: 'requeue', afterMs: 10, lane: 'fast' }) : gate.reconcile(key, context),
    );
    queue.add('soon', 'fast');
    await settle();
    for (const key of ['busy', 'old']) queue.add(key, 'periodic');
    await pass(10);
    gate.end('busy');
    await settle();
    expect(runs).toEqual(['soon', 'busy', 'soon', 'old']);
  });

  it('retry: the delay doubles, and a success ends that', async () => {
    let failing = true;
    const { queue, runs, pass, log } = await setUp(() =>
      Promise.resolve(failing ? { kind: 'retry', cause: 'the API server is busy' } : { kind: 'done' }),
    );
    queue.add('a', 'fast');
    await settle();
    for (const delay of [1000, 2000, 4000]) {
      await pass(delay - 1);
      const before = runs.length;
      await pass(1);
      expect(runs).toHaveLength(before + 1);
    }
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual(
      [1000, 2000, 4000, 8000].map((afterMs) => ({
        controller: 'storages',
        key: 'a',
        cause: 'the API server is busy',
        afterMs,
      })),
    );
    failing = false;
    await pass(8000);
    failing = true;
    queue.add('a', 'fast');
    await settle();
    await pass(1000);
    expect(runs).toHaveLength(7);
  });

  it.each([
    ['longer than the backoff', 30_000, 30_000],
    ['shorter than the backoff', 10, 1000],
  ])('retry: what the server asks for by Retry-After is heeded: %s', async (_name, notBeforeMs, expected) => {
    const { queue, runs, pass } = await setUp(always({ kind: 'retry', cause: 'busy', notBeforeMs }));
    queue.add('a', 'fast');
    await settle();
    await pass(expected - 1);
    expect(runs).toEqual(['a']);
    await pass(1);
    expect(runs).toEqual(['a', 'a']);
  });

  it('retry: is not overtaken by what an earlier run had asked for', async () => {
    const outcomes: Outcome[] = [
      { kind: 'requeue', afterMs: 5000 },
      { kind: 'retry', cause: 'busy', notBeforeMs: 30_000 },
    ];
    const { queue, runs, pass } = await setUp(() => Promise.resolve(outcomes.shift() ?? { kind: 'done' }));
    queue.add('a', 'fast');
    await settle();
    queue.add('a', 'fast');
    await settle();
    await pass(29_999);
    expect(runs).toEqual(['a', 'a']);
    await pass(1);
    expect(runs).toEqual(['a', 'a', 'a']);
  });

  it('requeue: counts as a success too', async () => {
    const outcomes: Outcome[] = [
      { kind: 'retry', cause: 'x' },
      { kind: 'requeue', afterMs: 50 },
      { kind: 'retry', cause: 'x' },
    ];
    const { queue, runs, pass } = await setUp(() => Promise.resolve(outcomes.shift() ?? { kind: 'done' }));
    queue.add('a', 'fast');
    await settle();
    await pass(1000);
    await pass(50);
    await pass(1000);
    expect(runs).toHaveLength(4);
  });
});

describe('a reconcile that throws', () => {
  it.each<[string, Reconcile]>([
    ['at once', () => thrown()],
    ['later', () => Promise.reject(new Error('a bug'))],
  ])('%s is logged and retried, and the others go on', async (_name, broken) => {
    const { queue, runs, pass, log } = await setUp((key, context) =>
      key === 'bad' ? broken(key, context) : Promise.resolve({ kind: 'done' }),
    );
    queue.add('bad', 'fast');
    queue.add('good', 'fast');
    await settle();
    expect(runs).toEqual(['bad', 'good']);
    expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'reconcile threw',
      fields: { controller: 'storages', key: 'bad', error: { message: 'a bug' } },
    });
    await pass(1000);
    await pass(2000);
    expect(runs).toEqual(['bad', 'good', 'bad', 'bad']);
  });

  function thrown(): never {
    throw new Error('a bug');
  }
});

describe('the deadline', () => {
  it('aborts the run, which is then retried', async () => {
    const aborts: string[] = [];
    const { queue, runs, pass } = await setUp(
      (key, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborts.push(key);
            resolve({ kind: 'retry', cause: 'too slow' });
          });
        }),
    );
    queue.add('a', 'fast');
    await settle();
    await pass(DEADLINE_MS - 1);
    expect(aborts).toEqual([]);
    await pass(1);
    expect(aborts).toEqual(['a']);
    await pass(1000);
    expect(runs).toEqual(['a', 'a']);
  });

  it('leaves no timer behind when the run was in time', async () => {
    const { queue, clock } = await setUp(always({ kind: 'done' }));
    queue.add('a', 'fast');
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the workers', () => {
  it('work on different keys at the same time and on one key one after the other', async () => {
    const gate = held();
    const { queue, runs } = await setUp(gate.reconcile, 4);
    for (const key of ['a', 'b', 'a']) queue.add(key, 'fast');
    await settle();
    queue.add('a', 'fast');
    await settle();
    expect(runs).toEqual(['a', 'b']);
    gate.end('a');
    await settle();
    expect(runs).toEqual(['a', 'b', 'a']);
  });

  it.each([
    [2, 1],
    [4, 2],
    [5, 3],
  ])('of %i at most %i are on periodic work: a new object finds one that is free', async (workers, periodic) => {
    const gate = held();
    const { queue, runs } = await setUp(gate.reconcile, workers);
    for (const key of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) queue.add(key, 'periodic');
    await settle();
    expect(runs).toHaveLength(periodic);
    queue.add('new', 'fast');
    await settle();
    expect(runs.at(-1)).toBe('new');
  });

  it('of one do both', async () => {
    const { queue, runs } = await setUp(always({ kind: 'done' }));
    queue.add('p', 'periodic');
    queue.add('f', 'fast');
    await settle();
    expect([...runs].sort()).toEqual(['f', 'p']);
  });
});

describe('stopping', () => {
  it('takes no more work, aborts the running ones and waits for them', async () => {
    const gate = held();
    let aborted = false;
    const { queue, runs, controller, clock, log } = await setUp((key, context) => {
      context.signal.addEventListener('abort', () => (aborted = true));
      return gate.reconcile(key, context);
    });
    queue.add('a', 'fast');
    queue.add('b', 'fast');
    await settle();
    let stopped = false;
    const stopping = controller.stop().then(() => (stopped = true));
    await settle();
    expect({ aborted, stopped }).toEqual({ aborted: true, stopped: false });
    gate.end('a');
    await stopping;
    expect(runs).toEqual(['a']);
    expect({ timers: clock.pendingTimers, warnings: log.messages('warn') }).toEqual({ timers: 0, warnings: [] });
  });

  it('does not wait for ever for one that does not heed the signal', async () => {
    const { queue, controller, clock } = await setUp(() => new Promise(() => undefined));
    queue.add('a', 'fast');
    await settle();
    let stopped = false as boolean;
    void controller.stop().then(() => (stopped = true));
    clock.advance(DRAIN_MS - 1);
    await settle();
    expect(stopped).toBe(false);
    clock.advance(1);
    await settle();
    expect(stopped).toBe(true);
  });

  it('announces no retry, and no bug, of what it broke off', async () => {
    const { queue, controller, log } = await setUp(
      (_key, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    queue.add('a', 'fast');
    await settle();
    await controller.stop();
    expect(log.lines).toEqual([]);
  });
});
