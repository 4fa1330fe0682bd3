import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settle } from '../../test/support/fakes/settle.ts';
import { createLimiter, type Release } from './limiter.ts';

const never = new AbortController().signal;

function setUp(limits = { perEndpoint: 2, inAll: 4 }) {
  const turns = createLimiter(limits);
  const begun: string[] = [];
  const ends = new Map<string, Release>();
  const ask = (name: string, endpoint: string, urgent: boolean, signal = never): void => {
    void turns.acquire(endpoint, urgent, signal).then((end) => {
      if (end === undefined) return;
      begun.push(name);
      ends.set(name, end);
    });
  };
  return { ask, begun, end: (name: string) => ends.get(name)?.() };
}

describe('turns', () => {
  it('are so many at one endpoint, in the order of asking', async () => {
    const { ask, begun, end } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) ask(name, 'one', true);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are so many in all, whatever the endpoint', async () => {
    const { ask, begun, end } = setUp();
    for (let index = 0; index < 6; index += 1) ask(`${index}`, `host ${index}`, true);
    await settle();
    expect(begun).toHaveLength(4);
    end('0');
    await settle();
    expect(begun).toHaveLength(5);
  });

  it('leave half of all to the urgent, so that hanging periodic work cannot hold them up', async () => {
    const { ask, begun } = setUp();
    for (let index = 0; index < 6; index += 1) ask(`periodic ${index}`, `host ${index}`, false);
    await settle();
    expect(begun).toHaveLength(2);
    ask('edited', 'another host', true);
    await settle();
    expect(begun).toContain('edited');
  });

  it('come to the urgent first', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: 1, inAll: 4 });
    ask('first', 'one', true);
    ask('periodic', 'one', false);
    ask('urgent', 'one', true);
    await settle();
    end('first');
    await settle();
    expect(begun).toEqual(['first', 'urgent']);
  });

  it('pass by who has left', async () => {
    const { ask, begun, end } = setUp({ perEndpoint: 1, inAll: 4 });
    const leaver = new AbortController();
    ask('first', 'one', true);
    ask('leaver', 'one', true, leaver.signal);
    ask('last', 'one', true);
    leaver.abort();
    end('first');
    await settle();
    end('first');
    await settle();
    expect(begun).toEqual(['first', 'last']);
  });
});

it('never exceeds a limit and never leaves a turn unused, in any order of asking and ending', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('ask' as const), endpoint: fc.nat(3), urgent: fc.boolean() }),
    fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const turns = createLimiter({ perEndpoint: 2, inAll: 4 });
      const open: { readonly endpoint: string; readonly end: Release }[] = [];
      let asked = 0;
      let begun = 0;
      for (const one of steps) {
        if (one.do === 'ask') {
          asked += 1;
          const endpoint = String(one.endpoint);
          void turns.acquire(endpoint, one.urgent, never).then((end) => {
            begun += 1;
            if (end !== undefined) open.push({ endpoint, end });
          });
        } else if (open.length > 0) {
          open.splice(one.which % open.length, 1)[0]?.end();
        }
        await settle();
        expect(open.length).toBeLessThanOrEqual(4);
        for (const name of ['0', '1', '2', '3']) {
          expect(open.filter(({ endpoint }) => endpoint === name).length).toBeLessThanOrEqual(2);
        }
      }
      for (let guard = 0; open.length > 0 && guard < 100; guard += 1) {
        open.shift()?.end();
        await settle();
      }
      expect(begun).toBe(asked);
    }),
    { numRuns: 100 },
  );
});
