import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createWorkQueue, type Lane } from './work-queue.ts';

function setUp() {
  const clock = createFakeClock();
  const queue = createWorkQueue(clock);
  /** The key that a worker got; `'waiting'` when there was none for it. */
  async function taken(worker: Lane = 'periodic'): Promise<string | undefined> {
    let got: string | undefined = 'waiting';
    void queue.get(worker).then((key) => (got = key));
    await settle();
    return got;
  }
  return { clock, queue, taken };
}

describe('a queue of keys', () => {
  it('gives keys in the order in which they came', async () => {
    const { queue, taken } = setUp();
    for (const key of ['a', 'b', 'c']) queue.add(key, 'periodic');
    expect([await taken(), await taken(), await taken()]).toEqual(['a', 'b', 'c']);
  });

  it('gives no periodic work while it is held, and then what waited to who waited', async () => {
    const { clock, queue, taken } = setUp();
    const end = queue.hold();
    queue.add('due', 'periodic');
    queue.add('edited', 'fast');
    let late: string | undefined;
    expect(await taken()).toBe('edited');
    void queue.get('periodic').then((key) => (late = key));
    await settle();
    expect(late).toBeUndefined();
    end();
    clock.advance(100);
    await settle();
    expect(late).toBe('due');
  });

  it('is held no more, and has no timer, once it is shut down', () => {
    const { clock, queue } = setUp();
    queue.hold();
    queue.shutDown();
    queue.hold();
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives nothing of what was held to who waits, once it is shut down', async () => {
    const { queue } = setUp();
    queue.hold();
    const waiting = queue.get('periodic');
    queue.add('due', 'periodic');
    queue.shutDown();
    expect(await waiting).toBeUndefined();
  });

  it('gives a key once, however often it was added', async () => {
    const { queue, taken } = setUp();
    for (let count = 0; count < 5; count++) queue.add('a', 'fast');
    queue.add('a', 'periodic');
    expect(queue.depth).toBe(1);
    expect([await taken(), await taken()]).toEqual(['a', 'waiting']);
  });

  it('gives a key to one worker at a time, and again once that is done', async () => {
    const { queue, taken } = setUp();
    queue.add('a', 'fast');
    expect(await taken()).toBe('a');
    queue.add('a', 'fast');
    queue.add('a', 'fast');
    expect([queue.depth, await taken()]).toEqual([0, 'waiting']);
    queue.done('a');
    await settle();
    // The waiting worker has it; nothing is left.
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await taken()).toBe('waiting');
  });

  it('does not bring back a finished key by itself', async () => {
    const { queue, taken } = setUp();
    queue.add('a', 'fast');
    await taken();
    queue.done('a');
    expect(await taken()).toBe('waiting');
  });

  it('wakes the worker who has waited longest', async () => {
    const { queue } = setUp();
    const got: string[] = [];
    for (const name of ['first', 'second']) void queue.get('periodic').then((key) => got.push(`${name} ${key ?? ''}`));
    queue.add('a', 'periodic');
    queue.add('b', 'periodic');
    await settle();
    expect(got).toEqual(['first a', 'second b']);
  });
});

describe('the two lanes', () => {
  it('gives fast work first, whatever waited before', async () => {
    const { queue, taken } = setUp();
    queue.add('old', 'periodic');
    queue.add('new', 'fast');
    expect([await taken(), await taken()]).toEqual(['new', 'old']);
  });

  it('gives no periodic work to a fast worker, be it the only one', async () => {
    const { queue, taken } = setUp();
    queue.add('old', 'periodic');
    expect(await taken('fast')).toBe('waiting');
    queue.add('new', 'fast');
    await settle();
    expect(await taken('periodic')).toBe('old');
  });

  it('promotes a waiting key, and does not demote it again', async () => {
    const { queue, taken } = setUp();
    for (const key of ['a', 'b', 'c']) queue.add(key, 'periodic');
    queue.add('c', 'fast');
    queue.add('c', 'periodic');
    expect(queue.depth).toBe(3);
    expect(await taken('fast')).toBe('c');
    expect([await taken(), await taken(), await taken()]).toEqual(['a', 'b', 'waiting']);
  });

  it.each<[Lane, Lane]>([
    ['fast', 'periodic'],
    ['periodic', 'fast'],
  ])('brings back on the fast lane what was added %s and %s during its work', async (...lanes) => {
    const { queue, taken } = setUp();
    queue.add('a', 'periodic');
    await taken();
    for (const lane of lanes) queue.add('a', lane);
    queue.done('a');
    expect(await taken('fast')).toBe('a');
  });

  it('brings back on the periodic lane what was added periodic during its work', async () => {
    const { queue, taken } = setUp();
    queue.add('a', 'fast');
    await taken();
    queue.add('a', 'periodic');
    queue.done('a');
    expect([await taken('fast'), await taken('periodic')]).toEqual(['waiting', 'a']);
  });
});

describe('a delay', () => {
  it('gives the key when it has passed, and not before', async () => {
    const { clock, queue, taken } = setUp();
    queue.addAfter('a', 1000, 'periodic');
    clock.advance(999);
    expect(queue.depth).toBe(0);
    clock.advance(1);
    expect([await taken(), await taken()]).toEqual(['a', 'waiting']);
  });

  it.each([0, -5])('of %i ms is none', async (milliseconds) => {
    const { queue, taken } = setUp();
    queue.addAfter('a', milliseconds, 'fast');
    expect(await taken('fast')).toBe('a');
  });

  it.each([
    [1000, 5000],
    [5000, 1000],
  ])('of %i and %i ms comes once, at the earlier time', async (...delays) => {
    const { clock, queue, taken } = setUp();
    for (const delay of delays) queue.addAfter('a', delay, 'periodic');
    clock.advance(1000);
    expect(await taken()).toBe('a');
    queue.done('a');
    clock.advance(10_000);
    expect([queue.depth, clock.pendingTimers]).toEqual([0, 0]);
  });

  it.each<[string, readonly [number, Lane][]]>([
    [
      'an earlier periodic one',
      [
        [1000, 'periodic'],
        [5000, 'fast'],
      ],
    ],
    [
      'a later fast one',
      [
        [5000, 'fast'],
        [1000, 'periodic'],
      ],
    ],
  ])('keeps the fast lane beside %s: the edit does not wait behind periodic work', async (_name, delays) => {
    const { clock, queue, taken } = setUp();
    for (const [delay, lane] of delays) queue.addAfter('a', delay, lane);
    clock.advance(1000);
    expect(await taken('fast')).toBe('a');
  });

  it('outlives an add of the same key, and ends with the run that comes of it', async () => {
    const { clock, queue, taken } = setUp();
    queue.addAfter('a', 1000, 'periodic');
    queue.add('a', 'fast');
    expect(clock.pendingTimers).toBe(1);
    expect(await taken()).toBe('a');
    queue.done('a');
    expect(clock.pendingTimers).toBe(0);
    clock.advance(1000);
    expect(await taken()).toBe('waiting');
  });

  it('that is asked for during the work on the key stays', async () => {
    const { clock, queue, taken } = setUp();
    queue.add('a', 'fast');
    await taken();
    queue.addAfter('a', 1000, 'periodic');
    queue.done('a');
    clock.advance(1000);
    expect(await taken()).toBe('a');
  });

  it('that ends during the work on the key comes after it', async () => {
    const { clock, queue, taken } = setUp();
    queue.add('a', 'fast');
    await taken();
    queue.addAfter('a', 10, 'periodic');
    clock.advance(10);
    expect(await taken()).toBe('waiting');
    queue.done('a');
    await settle();
    expect([queue.depth, clock.pendingTimers]).toEqual([0, 0]);
  });
});

describe('a queue that is shut down', () => {
  it('sends waiting workers home, drops what waits and takes no more', async () => {
    const { clock, queue, taken } = setUp();
    const home: unknown[] = [];
    for (const lane of ['fast', 'periodic'] as const) void queue.get(lane).then((key) => home.push(key));
    queue.addAfter('later', 1000, 'fast');
    queue.shutDown();
    await settle();
    expect(home).toEqual([undefined, undefined]);
    expect(clock.pendingTimers).toBe(0);
    queue.add('a', 'fast');
    queue.addAfter('b', 0, 'fast');
    queue.addAfter('c', 10, 'fast');
    clock.advance(1000);
    expect([queue.depth, clock.pendingTimers, await taken()]).toEqual([0, 0, undefined]);
  });

  it('drops queued keys, and those that were added during their work', async () => {
    const { queue, taken } = setUp();
    queue.add('a', 'fast');
    queue.add('b', 'periodic');
    await taken();
    queue.add('a', 'fast');
    queue.shutDown();
    queue.done('a');
    expect([queue.depth, await taken()]).toEqual([0, undefined]);
  });
});

/** The simplest model of the queue: one list in the order of arrival, and time in steps of a millisecond. */
class Model {
  readonly waiting: { readonly key: string; readonly lane: Lane }[] = [];
  readonly active = new Set<string>();
  readonly given: string[] = [];
  private readonly workers: { readonly id: number; readonly lane: Lane }[] = [];
  private readonly again = new Map<string, Lane>();
  private delays: { readonly key: string; readonly left: number; readonly lane: Lane }[] = [];
  private takes = 0;

  add(key: string, lane: Lane): void {
    if (this.active.has(key)) {
      this.again.set(key, faster(lane, this.again.get(key)));
      return;
    }
    const index = this.waiting.findIndex((one) => one.key === key);
    if (index >= 0 && (this.waiting[index]?.lane === 'fast' || lane === 'periodic')) return;
    if (index >= 0) this.waiting.splice(index, 1);
    this.waiting.push({ key, lane });
    this.serve();
  }

  addAfter(key: string, left: number, lane: Lane): void {
    if (left <= 0) {
      this.add(key, lane);
      return;
    }
    const old = this.delays.find((one) => one.key === key);
    if (old !== undefined && old.left <= left) {
      this.delays = this.delays.map((one) => (one === old ? { ...one, lane: faster(lane, one.lane) } : one));
      return;
    }
    this.delays = [...this.delays.filter((one) => one !== old), { key, left, lane: faster(lane, old?.lane) }];
  }

  take(lane: Lane): void {
    this.workers.push({ id: this.takes++, lane });
    this.serve();
  }

  finish(key: string): void {
    this.active.delete(key);
    const lane = this.again.get(key);
    this.again.delete(key);
    if (lane !== undefined) this.add(key, lane);
  }

  tick(): void {
    this.delays = this.delays.map((one) => ({ ...one, left: one.left - 1 }));
    const due = this.delays.filter(({ left }) => left === 0);
    this.delays = this.delays.filter(({ left }) => left > 0);
    for (const { key, lane } of due) this.add(key, lane);
  }

  private serve(): void {
    for (const worker of [...this.workers]) {
      const next =
        this.waiting.find(({ lane }) => lane === 'fast') ?? (worker.lane === 'periodic' ? this.waiting[0] : undefined);
      if (next === undefined) continue;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.workers.splice(this.workers.indexOf(worker), 1);
      this.active.add(next.key);
      this.delays = this.delays.filter(({ key }) => key !== next.key);
      this.given.push(`${String(worker.id)} ${next.key}`);
    }
  }
}

function faster(one: Lane, other: Lane | undefined): Lane {
  return one === 'fast' || other === 'fast' ? 'fast' : 'periodic';
}

type Step =
  | { readonly kind: 'add'; readonly key: string; readonly lane: Lane }
  | { readonly kind: 'addAfter'; readonly key: string; readonly lane: Lane; readonly after: number }
  | { readonly kind: 'take'; readonly lane: Lane }
  | { readonly kind: 'finish'; readonly which: number }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const lane = fc.constantFrom<Lane>('fast', 'periodic');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key, lane }),
  fc.record({ kind: fc.constant('addAfter' as const), key, lane, after: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('take' as const), lane }),
  fc.record({ kind: fc.constant('finish' as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.integer({ min: 1, max: 5 }) }),
);

describe('any sequence of calls', () => {
  it('gives the same keys to the same workers as the model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const clock = createFakeClock();
        const queue = createWorkQueue(clock);
        const model = new Model();
        const given: string[] = [];
        let takes = 0;

        function perform(one: Step): void {
          switch (one.kind) {
            case 'add':
              queue.add(one.key, one.lane);
              model.add(one.key, one.lane);
              return;
            case 'addAfter':
              queue.addAfter(one.key, one.after, one.lane);
              model.addAfter(one.key, one.after, one.lane);
              return;
            case 'take': {
              const id = takes++;
              void queue.get(one.lane).then((got) => given.push(`${String(id)} ${got ?? ''}`));
              model.take(one.lane);
              return;
            }
            case 'finish': {
              const busy = [...model.active];
              const chosen = busy[one.which % busy.length];
              if (chosen === undefined) return;
              queue.done(chosen);
              model.finish(chosen);
              return;
            }
            case 'wait':
              for (let count = 0; count < one.milliseconds; count++) {
                clock.advance(1);
                model.tick();
              }
          }
        }

        for (const one of steps) {
          perform(one);
          await settle();
          expect({ given, depth: queue.depth }).toEqual({ given: model.given, depth: model.waiting.length });
        }
      }),
      atLeast(300),
    );
  });
});
