import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { askForTurns, fixed, never, THROTTLED } from '../../test/support/fakes/turns.ts';
import { createLimiter, type Limits } from './limiter.ts';
import type { ProbePriority } from './priority.ts';
import type { Turn } from './turn.ts';
import { createUrgency, type Urgency } from './urgency.ts';

describe('turns', () => {
  it('are so many at one endpoint, in the order of asking', async () => {
    const { ask, begun, end } = askForTurns();
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are so many in all, whatever the endpoint', async () => {
    const { ask, begun, end } = askForTurns();
    for (let index = 0; index < 6; index += 1) ask(`${index}`, { endpoint: `host ${index}` });
    await settle();
    expect(begun).toHaveLength(4);
    end('0');
    await settle();
    expect(begun).toHaveLength(5);
  });

  it('leave half of all to the urgent, so that hanging periodic work cannot hold them up', async () => {
    const { ask, begun } = askForTurns();
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { endpoint: `host ${index}`, priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
    ask('edited', { endpoint: 'another host' });
    await settle();
    expect(begun).toContain('edited');
  });

  it('leave one at each endpoint to the urgent, where there are more than two', async () => {
    const { ask, begun } = askForTurns({ perEndpoint: fixed(3), inAll: 100 });
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
    ask('edited');
    await settle();
    expect(begun.at(-1)).toBe('edited');
  });

  it('are both for anything at an endpoint with two', async () => {
    const { ask, begun } = askForTurns({ perEndpoint: fixed(2), inAll: 100 });
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, { priority: 'Due' });
    await settle();
    expect(begun).toHaveLength(2);
  });

  it('come to the urgent first', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
    ask('first');
    ask('periodic', { priority: 'Due' });
    ask('urgent');
    await settle();
    end('first');
    await settle();
    expect(begun).toEqual(['first', 'urgent']);
  });

  it('come to new and to changed objects in turn, whatever waits for how long', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
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
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
    for (const name of ['first', 'a1', 'a2', 'a3', 'b1', 'b2', 'c1']) ask(name, { bucket: name.charAt(0) });
    for (let index = 0; index < 7; index += 1) {
      await settle();
      end(begun.at(-1) ?? '');
    }
    await settle();
    expect(begun).toEqual(['first', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('come to each endpoint in its turn, where there are too few for all', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(2), inAll: 1 });
    for (const name of ['first', 'a1', 'a2', 'a3', 'b1', 'b2']) ask(name, { endpoint: name.charAt(0) });
    for (let index = 0; index < 6; index += 1) {
      await settle();
      end(begun.at(-1) ?? '');
    }
    await settle();
    expect(begun).toEqual(['first', 'a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('are so many at an endpoint also where more endpoints are busy than are remembered', async () => {
    const { ask, begun } = askForTurns({ perEndpoint: fixed(1), inAll: 3000 });
    for (let index = 0; index < 1100; index += 1) ask(`${index}`, { endpoint: `host ${index}` });
    for (const name of ['first', 'second']) ask(name, { endpoint: 'late' });
    await settle();
    expect(begun.slice(1100)).toEqual(['first']);
  });

  it('are counted at each endpoint, with who waits', async () => {
    const { limiter, ask } = askForTurns({ perEndpoint: fixed(2), inAll: 8 });
    for (const name of ['1', '2', '3', '4']) ask(name, { endpoint: 'busy' });
    ask('5', { endpoint: 'other' });
    await settle();
    expect(limiter.endpoints()).toEqual([
      { endpoint: 'busy', limit: 2, busy: 2, waiting: 2 },
      { endpoint: 'other', limit: 2, busy: 1, waiting: 0 },
    ]);
  });

  it('come to who becomes urgent while waiting as to the urgent', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
    const joined = createUrgency('Due');
    ask('first');
    for (const name of ['due 1', 'due 2']) ask(name, { priority: 'Due' });
    ask('joined', { urgency: joined });
    ask('changed');
    joined.raise('New');
    for (const name of ['first', 'joined', 'changed']) {
      await settle();
      end(name);
    }
    await settle();
    expect(begun).toEqual(['first', 'joined', 'changed', 'due 1']);
  });

  it('that are kept for the urgent come at once to who becomes urgent', async () => {
    const { ask, begun } = askForTurns({ perEndpoint: fixed(3), inAll: 100 });
    const joined = createUrgency('Due');
    for (const name of ['due 1', 'due 2']) ask(name, { priority: 'Due' });
    ask('joined', { urgency: joined });
    await settle();
    expect(begun).toEqual(['due 1', 'due 2']);
    joined.raise('Changed');
    await settle();
    expect(begun).toEqual(['due 1', 'due 2', 'joined']);
  });

  it('pass by who has become urgent and left', async () => {
    const { limiter, ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
    const joined = createUrgency('Due');
    const leaver = new AbortController();
    ask('first');
    ask('joined', { urgency: joined, signal: leaver.signal });
    joined.raise('Changed');
    leaver.abort();
    end('first');
    await settle();
    expect(limiter.endpoints()).toMatchObject([{ busy: 1, waiting: 0 }]);
    end('first');
    expect(begun).toEqual(['first']);
    expect(limiter.endpoints()).toMatchObject([{ busy: 0, waiting: 0 }]);
  });

  it('come no later to a changed one that becomes new as well', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
    const joined = createUrgency('Changed');
    ask('first');
    ask('joined', { urgency: joined });
    for (let index = 0; index < 20; index += 1) ask(`new ${index}`, { priority: 'New' });
    joined.raise('New');
    for (const name of ['first', 'new 0']) {
      await settle();
      end(name);
    }
    await settle();
    expect(begun).toEqual(['first', 'new 0', 'joined']);
  });

  it('end with nobody who listens for urgency, whoever leaves or becomes urgent when', async () => {
    const { limiter, clock, ask, end } = askForTurns({ perEndpoint: fixed(3), inAll: 8 });
    let listeners = 0;
    const counted = (): Urgency => {
      const urgency = createUrgency('Due');
      const onRaised = (run: () => void) => {
        const unlisten = urgency.onRaised(run);
        listeners += 1;
        return () => {
          listeners -= 1;
          unlisten();
        };
      };
      return {
        ...urgency,
        onRaised,
        get priority() {
          return urgency.priority;
        },
      };
    };
    const names = Array.from({ length: 40 }, (_, index) => String(index));
    for (const [index, name] of names.entries()) {
      const urgency = counted();
      const leaver = new AbortController();
      ask(name, { urgency, signal: leaver.signal });
      if (index % 3 === 0) urgency.raise('Changed');
      if (index % 4 === 0) leaver.abort();
      if (index % 5 === 0) urgency.raise('New');
    }
    for (let round = 0; round < 20; round += 1) {
      await settle();
      for (const name of names) end(name);
    }
    expect({ listeners, timers: clock.pendingTimers }).toEqual({ listeners: 0, timers: 0 });
    expect(limiter.endpoints()).toMatchObject([{ busy: 0, waiting: 0 }]);
  });

  it('pass by who has left', async () => {
    const { ask, begun, end } = askForTurns({ perEndpoint: fixed(1), inAll: 4 });
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
    const { ask, begun, end, sees } = askForTurns(limits);
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
    const { ask, begun, end, sees } = askForTurns(limits);
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

const LIMITS = { perEndpoint: { least: 2, first: 4, most: 16 }, inAll: 8 };

interface Asker {
  readonly endpoint: number;
  readonly urgency: Urgency;
}

/** Who asks, becomes urgent, takes, uses and ends turns, in the order of a list of steps. */
function crowd(limits: Limits = LIMITS) {
  const clock = createFakeClock();
  const limiter = createLimiter(limits, clock);
  const open: (Asker & { readonly turn: Turn })[] = [];
  const waiting = new Map<AbortController, Asker>();
  return {
    open,
    waiting,
    ask: ({ endpoint, bucket, priority }: { endpoint: number; bucket: number; priority: ProbePriority }): void => {
      const controller = new AbortController();
      const urgency = createUrgency(priority);
      waiting.set(controller, { endpoint, urgency });
      const wanted = { endpoint: String(endpoint), bucket: String(bucket), urgency };
      void limiter.acquire(wanted, controller.signal).then((turn) => {
        waiting.delete(controller);
        if (turn !== undefined) open.push({ endpoint, urgency, turn });
      });
    },
    leave: ({ which }: { which: number }): void => [...waiting.keys()][which]?.abort(),
    raise: ({ which, priority }: { which: number; priority: ProbePriority }): void =>
      [...waiting.values(), ...open][which]?.urgency.raise(priority),
    end: ({ which }: { which: number }): void => {
      if (open.length > 0) open.splice(which % open.length, 1)[0]?.turn.end();
    },
    call: ({ which, throttled }: { which: number; throttled: boolean }): void => {
      clock.advance(10);
      open[which]?.turn.saw({ milliseconds: 5, ...(throttled && { failure: THROTTLED }) });
    },
  };
}

const isUrgent = ({ urgency }: Asker): boolean => urgency.priority !== 'Due';
const which = fc.nat(20);
const priority = fc.constantFrom<ProbePriority>('New', 'Changed', 'Due');
const step = fc.oneof(
  fc.record({
    do: fc.constant('ask' as const),
    endpoint: fc.nat(3),
    bucket: fc.nat(2),
    priority,
  }),
  fc.record({ do: fc.constant('raise' as const), which, priority }),
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
        for (const asker of waiting.values()) {
          if (isUrgent(asker) && open.length < inAll) expect(at(asker.endpoint)).toHaveLength(3);
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
      {
        endpoint: `${index % 3}`,
        bucket: `${index % 200}`,
        urgency: createUrgency(index % 2 === 0 ? 'Changed' : 'Due'),
      },
      never,
    );
    served += 1;
    turn?.end();
  };
  await Promise.all(Array.from({ length: 10_000 }, (_, index) => one(index)));
  expect(served).toBe(10_000);
});
