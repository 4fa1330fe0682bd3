import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createLimiter, type Limits, type Turn } from './limiter.ts';
import type { ProbePriority } from './priority.ts';

const never = new AbortController().signal;
const THROTTLED = { kind: 'Throttled', httpStatus: 429 } as const;

interface Asked {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly priority?: ProbePriority;
  readonly signal?: AbortSignal;
}

const fixed = (count: number) => ({ least: count, first: count, most: count });

function setUp(limits: Limits = { perEndpoint: fixed(2), inAll: 4 }) {
  const clock = createFakeClock();
  const limiter = createLimiter(limits, clock);
  const begun: string[] = [];
  const turns = new Map<string, Turn>();
  const ask = (
    name: string,
    { endpoint = 'one', bucket = 'b', priority = 'Changed', signal = never }: Asked = {},
  ): void => {
    void limiter.acquire({ endpoint, bucket, priority }, signal).then((turn) => {
      if (turn === undefined) return;
      begun.push(name);
      turns.set(name, turn);
    });
  };
  return {
    clock,
    limiter,
    ask,
    begun,
    end: (name: string) => turns.get(name)?.end(),
    beforeRequest: (name: string) => turns.get(name)?.beforeRequest(),
    /** A call of that turn ends, after so many milliseconds. */
    sees: (name: string, milliseconds: number, failure?: typeof THROTTLED): void => {
      clock.advance(milliseconds + 1);
      turns.get(name)?.saw({ milliseconds, ...(failure !== undefined && { failure }) });
    },
  };
}

describe('turns', () => {
  it('are so many at one endpoint, in the order of asking', async () => {
    const { ask, begun, end } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are so many in all, whatever the endpoint', async () => {
    const { ask, begun, end } = setUp();
    for (let index = 0; index < 6; index += 1) ask(`${index}`, { endpoint: `host ${index}` });
    await settle();
    expect(begun).toHaveLength(4);
    end('0');
    await settle();
    expect(begun).toHaveLength(5);
  });

  it('leave half of all to the urgent, so that hanging periodic work cannot hold them up', async () => {
    const { ask, begun } = setUp();
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { endpoint: `host ${index}`, priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
    ask('edited', { endpoint: 'another host' });
    await settle();
    expect(begun).toContain('edited');
  });

  it('leave one at each endpoint to the urgent, where there are more than two', async () => {
    const { ask, begun } = setUp({ perEndpoint: fixed(3), inAll: 100 });
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
    ask('edited');
    await settle();
    expect(begun.at(-1)).toBe('edited');
  });

  it('are both for anything at an endpoint with two', async () => {
    const { ask, begun } = setUp({ perEndpoint: fixed(2), inAll: 100 });
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
  });

  it('come to the urgent first', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: fixed(1), inAll: 4 });
    ask('first');
    ask('periodic', { priority: 'Due' });
    ask('urgent');
    await settle();
    end('first');
    await settle();
    expect(begun).toEqual(['first', 'urgent']);
  });

  it('come to new and to changed objects in turn, whatever waits for how long', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: fixed(1), inAll: 4 });
    ask('first');
    for (let index = 0; index < 200; index += 1) ask(`rotated ${index}`, { bucket: `bucket ${index}` });
    for (const name of ['new 0', 'new 1']) ask(name, { priority: 'New' });
    for (let index = 0; index < 5; index += 1) {
      await settle();
      end(begun.at(-1) ?? '');
    }
    await settle();
    expect(begun).toEqual(['first', 'new 0', 'rotated 0', 'new 1', 'rotated 1', 'rotated 2']);
  });

  it('come to each bucket in its turn', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: fixed(1), inAll: 4 });
    for (const name of ['first', 'a1', 'a2', 'a3', 'b1', 'b2', 'c1']) ask(name, { bucket: name.charAt(0) });
    for (let index = 0; index < 7; index += 1) {
      await settle();
      end(begun.at(-1) ?? '');
    }
    await settle();
    expect(begun).toEqual(['first', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('come to each endpoint in its turn, where there are too few for all', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: fixed(2), inAll: 1 });
    for (const name of ['first', 'a1', 'a2', 'a3', 'b1', 'b2']) ask(name, { endpoint: name.charAt(0) });
    for (let index = 0; index < 6; index += 1) {
      await settle();
      end(begun.at(-1) ?? '');
    }
    await settle();
    expect(begun).toEqual(['first', 'a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('are so many at an endpoint also where more endpoints are busy than are remembered', async () => {
    const { ask, begun } = setUp({ perEndpoint: fixed(1), inAll: 3000 });
    for (let index = 0; index < 1100; index += 1) ask(`${index}`, { endpoint: `host ${index}` });
    for (const name of ['first', 'second']) ask(name, { endpoint: 'late' });
    await settle();
    expect(begun.slice(1100)).toEqual(['first']);
  });

  it('are counted at each endpoint, with who waits', async () => {
    const { limiter, ask } = setUp({ perEndpoint: fixed(2), inAll: 8 });
    for (const name of ['1', '2', '3', '4']) ask(name, { endpoint: 'busy' });
    ask('5', { endpoint: 'other' });
    await settle();
    expect(limiter.endpoints()).toEqual([
      { endpoint: 'busy', limit: 2, busy: 2, waiting: 2 },
      { endpoint: 'other', limit: 2, busy: 1, waiting: 0 },
    ]);
  });

  it('pass by who has left', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: fixed(1), inAll: 4 });
    const leaver = new AbortController();
    ask('first');
    ask('leaver', { signal: leaver.signal });
    ask('last');
    leaver.abort();
    end('first');
    await settle();
    end('first');
    await settle();
    expect(begun).toEqual(['first', 'last']);
  });
});

describe('turns at an endpoint that adapts', () => {
  const limits = { perEndpoint: { least: 2, first: 4, most: 16 }, inAll: 100 };

  it('become fewer when the store throttles, and elsewhere they do not', async () => {
    const { ask, begun, end, sees } = setUp(limits);
    for (let index = 0; index < 4; index += 1) ask(`${index}`);
    for (let index = 0; index < 5; index += 1) ask(`later ${index}`);
    await settle();
    expect(begun).toHaveLength(4);
    sees('0', 10, THROTTLED);
    end('0');
    end('1');
    await settle();
    expect(begun).toHaveLength(4);
    end('2');
    await settle();
    expect(begun).toHaveLength(5);
    for (let index = 0; index < 5; index += 1) ask(`elsewhere ${index}`, { endpoint: 'other' });
    await settle();
    expect(begun.filter((name) => name.startsWith('elsewhere'))).toHaveLength(4);
  });

  it('become more while there is work for them, with the turns that are already there', async () => {
    const { ask, begun, end, sees } = setUp(limits);
    for (let index = 0; index < 40; index += 1) ask(`${index}`);
    await settle();
    for (let index = 0; index < 64; index += 1) {
      if (index === 32) end('0');
      sees('1', 20);
    }
    end('2');
    await settle();
    // Two have ended, and two are more.
    expect(begun).toHaveLength(8);
  });
});

it('lets one that is due ask no more while an urgent one runs at the same store, and none waits for a turn', async () => {
  const { ask, end, beforeRequest } = setUp({ perEndpoint: fixed(2), inAll: 8 });
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
  const { ask, beforeRequest, limiter } = setUp({ perEndpoint: fixed(3), inAll: 8 });
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
  await settle();
  // At the other store the urgent one still runs.
  expect([gone, beforeRequest('due')]).toEqual([1, undefined]);
  expect(beforeRequest('elsewhere')).toBeInstanceOf(Promise);
});

it('lets what is held go on where it has the turns for which urgent ones wait', async () => {
  const { ask, begun, end, beforeRequest, limiter } = setUp({ perEndpoint: fixed(2), inAll: 8 });
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
  const { ask, beforeRequest, limiter, clock } = setUp({ perEndpoint: fixed(2), inAll: 8 });
  ask('due', { priority: 'Due' });
  await settle();
  limiter.hold();
  const held = beforeRequest('due');
  limiter.stop();
  await held;
  expect([beforeRequest('due'), clock.pendingTimers]).toEqual([undefined, 0]);
});

it('is held for a second at most, should nobody end it', async () => {
  const { ask, beforeRequest, limiter, clock } = setUp({ perEndpoint: fixed(3), inAll: 8 });
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

const LIMITS = { perEndpoint: { least: 2, first: 4, most: 16 }, inAll: 8 };

/** Who asks, takes, uses and ends turns, in the order of a list of steps. */
function crowd(limits: Limits = LIMITS) {
  const clock = createFakeClock();
  const limiter = createLimiter(limits, clock);
  const open: { readonly endpoint: number; readonly priority: ProbePriority; readonly turn: Turn }[] = [];
  const waiting = new Map<AbortController, { readonly endpoint: number; readonly priority: ProbePriority }>();
  return {
    open,
    waiting,
    ask: ({ endpoint, bucket, priority }: { endpoint: number; bucket: number; priority: ProbePriority }): void => {
      const controller = new AbortController();
      waiting.set(controller, { endpoint, priority });
      const wanted = { endpoint: String(endpoint), bucket: String(bucket), priority };
      void limiter.acquire(wanted, controller.signal).then((turn) => {
        waiting.delete(controller);
        if (turn !== undefined) open.push({ endpoint, priority, turn });
      });
    },
    leave: ({ which }: { which: number }): void => [...waiting.keys()][which]?.abort(),
    end: ({ which }: { which: number }): void => {
      if (open.length > 0) open.splice(which % open.length, 1)[0]?.turn.end();
    },
    call: ({ which, throttled }: { which: number; throttled: boolean }): void => {
      clock.advance(10);
      open[which]?.turn.saw({ milliseconds: 5, ...(throttled && { failure: THROTTLED }) });
    },
  };
}

const isUrgent = ({ priority }: { readonly priority: ProbePriority }): boolean => priority !== 'Due';
const which = fc.nat(20);
const step = fc.oneof(
  fc.record({
    do: fc.constant('ask' as const),
    endpoint: fc.nat(3),
    bucket: fc.nat(2),
    priority: fc.constantFrom<ProbePriority>('New', 'Changed', 'Due'),
  }),
  fc.record({ do: fc.constant('end' as const), which }),
  fc.record({ do: fc.constant('leave' as const), which }),
  fc.record({ do: fc.constant('call' as const), which, throttled: fc.boolean() }),
);

it('keeps one turn at each endpoint for the urgent, and lets none of them wait in vain, in any order', async () => {
  const inAll = 8;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { open, waiting, ...does } = crowd({ perEndpoint: fixed(3), inAll });
      for (const one of steps) {
        does[one.do](one as never);
        await settle();
        const at = (endpoint: number) => open.filter((turn) => turn.endpoint === endpoint);
        for (const endpoint of [0, 1, 2, 3]) {
          expect(at(endpoint).length).toBeLessThanOrEqual(at(endpoint).some(isUrgent) ? 3 : 2);
        }
        for (const { endpoint, priority } of waiting.values()) {
          if (isUrgent({ priority }) && open.length < inAll) expect(at(endpoint)).toHaveLength(3);
        }
      }
    }),
    atLeast(100),
  );
});

it('never exceeds a limit, keeps the half of the urgent, and lets everybody come, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { open, waiting, ...does } = crowd();
      for (const one of steps) {
        does[one.do](one as never);
        await settle();
        expect(open.length).toBeLessThanOrEqual(LIMITS.inAll);
        // Periodic work alone never takes more than half of all.
        if (!open.some(isUrgent)) expect(open.length).toBeLessThanOrEqual(LIMITS.inAll / 2);
      }
      for (let guard = 0; open.length > 0 && guard < 200; guard += 1) {
        does.end({ which: 0 });
        await settle();
      }
      expect(waiting.size).toBe(0);
    }),
    atLeast(100),
  );
});

it('serves ten thousand that wait at a few endpoints', async () => {
  const limiter = createLimiter({ perEndpoint: fixed(4), inAll: 256 }, createFakeClock());
  let served = 0;
  const one = async (index: number): Promise<void> => {
    const turn = await limiter.acquire(
      { endpoint: `${index % 3}`, bucket: `${index % 200}`, priority: index % 2 === 0 ? 'Changed' : 'Due' },
      new AbortController().signal,
    );
    served += 1;
    turn?.end();
  };
  await Promise.all(Array.from({ length: 10_000 }, (_, index) => one(index)));
  expect(served).toBe(10_000);
});
