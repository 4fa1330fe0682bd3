import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import type { FakeCluster } from '../../test/support/fakes/cluster.ts';
import { setUpReflector, UNAVAILABLE } from '../../test/support/fakes/reflector.ts';
import { settle } from '../../test/support/fakes/settle.ts';

describe('stopping', () => {
  it.each<[string, (cluster: FakeCluster) => void, number]>([
    ['during the list', (cluster) => (cluster.silent = true), 0],
    ['while it waits to try again', (cluster) => cluster.failures.push(UNAVAILABLE), 500],
    ['during the watch', () => undefined, 10_000],
  ])('%s ends it at once and leaves no timer and no watch', async (_name, arrange, after) => {
    const { cluster, clock, pass, stop, log } = setUpReflector(arrange);
    await settle();
    await pass(after);
    const lines = log.lines.length;
    await stop();
    expect({ timers: clock.pendingTimers, watches: cluster.openWatches, said: log.lines.length - lines }).toEqual({
      timers: 0,
      watches: 0,
      said: 0,
    });
  });
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), name: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name: fc.constantFrom('a', 'b', 'c') }) },
  fc.record({ do: fc.constantFrom('end', 'break', 'compact', 'bookmark', 'hush', 'fail', 'elsewhere') }),
  fc.record({ do: fc.constant('pass' as const), milliseconds: fc.constantFrom(0, 100, 1000, 30_000, 320_000) }),
);

describe('whatever happens to the API server', () => {
  it('ends with the store equal to it, and with one story without gaps for the handlers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40, size: 'max' }),
        fc.constantFrom('status' as const, 'event' as const),
        async (steps, expiredAs) => {
          const { cluster, cache, pass, seen, stop } = setUpReflector((cluster) => {
            cluster.expiredAs = expiredAs;
            cluster.pageSize = 2;
            for (const name of ['a', 'b', 'c']) cluster.put(name);
          });
          // The state of a handler that sees only the changes: each change must fit the earlier ones.
          const reported = new Map<string, string | undefined>();
          const nonsense: string[] = [];
          cache.onChange(({ type, object }) => {
            const { name, resourceVersion } = object.metadata;
            if (reported.has(name) !== (type !== 'added')) nonsense.push(`${type} ${name}`);
            if (type === 'deleted') reported.delete(name);
            else reported.set(name, resourceVersion);
          });
          for (const one of steps) {
            if (one.do === 'put') cluster.put(one.name);
            else if (one.do === 'delete') cluster.delete(one.name);
            else if (one.do === 'pass') await pass(one.milliseconds);
            else {
              const actions: Readonly<Record<typeof one.do, () => void>> = {
                end: () => cluster.endWatches(),
                break: () => cluster.breakWatches(),
                compact: () => cluster.compact(),
                bookmark: () => cluster.bookmark(),
                hush: () => (cluster.silent = !cluster.silent),
                fail: () => void cluster.failures.push(UNAVAILABLE),
                elsewhere: () => cluster.changeElsewhere(),
              };
              actions[one.do]();
              await settle();
            }
          }
          cluster.silent = false;
          // Every watch and every delay is over once, whatever state it was in.
          for (let count = 0; count < 60; count++) await pass(320_000);
          expect(seen()).toEqual(cluster.state());
          expect({ reported: Object.fromEntries(reported), nonsense }).toEqual({
            reported: cluster.state(),
            nonsense: [],
          });
          await stop();
        },
      ),
      atLeast(150),
    );
  });
});
