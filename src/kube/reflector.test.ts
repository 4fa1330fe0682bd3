import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { FakeCluster, versionsOf } from '../../test/support/fakes/cluster.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import type { KubeObject } from '../api/object.ts';
import type { KubeFailure } from '../ports/kube.ts';
import { createReflector, type ReflectorOptions } from './reflector.ts';
import { createObjectCache } from './object-cache.ts';
import type { WatchSource } from './watch-source.ts';

const OPTIONS: ReflectorOptions = {
  watchSeconds: 290,
  stallGraceMs: 30_000,
  backoff: { baseMs: 1000, maxMs: 30_000 },
  random: () => 1,
};
const UNAVAILABLE: KubeFailure = { status: 503, reason: 'ServiceUnavailable', message: 'starting' };

function setUp(arrange: (cluster: FakeCluster) => void = () => undefined, wrap?: (c: FakeCluster) => typeof c.watch) {
  const cluster = new FakeCluster();
  arrange(cluster);
  const clock = createFakeClock();
  const log = createFakeLog();
  const cache = createObjectCache<KubeObject>();
  const changes: string[] = [];
  cache.onChange(({ type, object }) => changes.push(`${type} ${object.metadata.name}`));
  const source: WatchSource<KubeObject> = { page: cluster.page, watch: wrap?.(cluster) ?? cluster.watch };
  const reflector = createReflector({ source, cache: cache.writer, clock, log, options: OPTIONS });
  const end = new AbortController();
  const running = reflector.run(end.signal);
  async function pass(milliseconds: number): Promise<void> {
    clock.advance(milliseconds);
    await settle();
  }
  async function stop(): Promise<void> {
    end.abort();
    await running;
  }
  const seen = () => versionsOf(cache.reader.list());
  /** Reasons of the interruptions so far. */
  const reasons = () => log.lines.map(({ fields }) => fields['reason']);
  return { cluster, clock, log, cache, changes, reflector, pass, stop, seen, reasons };
}

describe('a refresh', () => {
  it('lists anew what a silent watch has missed, and resolves after that', async () => {
    const { cluster, reflector, changes, seen, reasons, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    cluster.silent = true;
    cluster.put('b');
    await settle();
    expect(changes).toEqual(['added a']);
    cluster.silent = false;
    const refreshed = reflector.refresh();
    await settle();
    await refreshed;
    expect(seen()).toEqual(cluster.state());
    expect(changes).toEqual(['added a', 'added b']);
    expect(cluster.requests.filter((one) => one.startsWith('list'))).toHaveLength(2);
    expect(reasons()).toEqual([]);
    await stop();
  });

  it('is not answered by a list that began before it, nor by one that fails', async () => {
    const { cluster, reflector, pass, stop } = setUp((cluster) => cluster.put('a'));
    const refreshed = reflector.refresh().then(() => cluster.requests);
    cluster.failures.push(UNAVAILABLE);
    await settle();
    await pass(1000);
    await settle();
    expect(await refreshed).toEqual(['list', 'list', 'list', 'watch 11']);
    await stop();
  });
});

describe('the list', () => {
  it('is stored in slices of time when it is the first', async () => {
    const cluster = new FakeCluster();
    cluster.pageSize = 2;
    for (const name of ['a', 'b', 'c']) cluster.put(name);
    const cache = createObjectCache<KubeObject>();
    const counts: number[] = [];
    const end = new AbortController();
    const running = createReflector({
      source: cluster,
      cache: cache.writer,
      clock: createFakeClock(),
      timeSlice: () => {
        counts.push(cache.reader.list().length);
        return Promise.resolve();
      },
      log: createFakeLog(),
      options: OPTIONS,
    }).run(end.signal);
    await cache.whenSynced;
    end.abort();
    await running;
    expect(counts).toEqual([0, 1, 2]);
  });

  it('comes in pages, is there whole or not at all, and the watch begins where it ended', async () => {
    const { cluster, cache, seen, stop } = setUp((cluster) => {
      cluster.pageSize = 2;
      for (const name of ['a', 'b', 'c', 'd', 'e']) cluster.put(name);
    });
    expect(cache.reader.synced).toBe(false);
    await cache.whenSynced;
    await settle();
    expect(cluster.requests).toEqual(['list', 'list 15-3', 'list 15-1', 'watch 15']);
    expect(seen()).toEqual(cluster.state());
    await stop();
  });

  it('misses nothing that changes between its pages', async () => {
    const { cluster, seen, stop } = setUp((cluster) => {
      cluster.pageSize = 1;
      for (const name of ['a', 'b', 'c']) cluster.put(name);
    });
    cluster.put('a');
    cluster.delete('c');
    cluster.put('d');
    await settle();
    expect(seen()).toEqual(cluster.state());
    await stop();
  });

  it('is tried again with growing delays until the API server answers', async () => {
    const { cluster, cache, pass, reasons, log, stop } = setUp((cluster) => {
      cluster.put('a');
      cluster.failures.push(...Array.from({ length: 7 }, () => UNAVAILABLE));
    });
    await settle();
    for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = cluster.requests.length;
      await pass(delay - 1);
      expect(cluster.requests).toHaveLength(before);
      expect(cache.reader.synced).toBe(false);
      await pass(1);
    }
    expect(cache.reader.synced).toBe(true);
    expect(reasons()).toEqual(Array.from({ length: 7 }, () => 'ServiceUnavailable'));
    expect(log.lines[0]).toMatchObject({ level: 'warn', message: 'watch interrupted', fields: { status: 503 } });
    await stop();
  });

  it('begins anew when the token of a page has expired', async () => {
    const { cluster, seen, pass, stop } = setUp((cluster) => {
      cluster.pageSize = 2;
      for (const name of ['a', 'b', 'c']) cluster.put(name);
      const page = cluster.page;
      cluster.page = async (token, signal) => {
        const answer = await page(token, signal);
        if (token === undefined && cluster.requests.length === 1) cluster.compact();
        return answer;
      };
    });
    await settle();
    expect(cluster.requests).toEqual(['list', 'list 13-1']);
    cluster.delete('a');
    await pass(1000);
    expect(seen()).toEqual(cluster.state());
    expect(cluster.requests.slice(2)).toEqual(['list', 'watch 14']);
    await stop();
  });

  it('is given up and tried again when it is not answered within a minute', async () => {
    const { cluster, cache, pass, stop } = setUp((cluster) => (cluster.silent = true));
    await pass(59_999);
    expect(cluster.requests).toEqual(['list']);
    cluster.silent = false;
    await pass(1);
    await pass(1000);
    expect(cache.reader.synced).toBe(true);
    await stop();
  });
});

describe('the watch', () => {
  it('hands on every change once, and in its order', async () => {
    const { cluster, changes, seen, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    cluster.put('b');
    cluster.put('b');
    cluster.delete('a');
    cluster.put('a');
    await settle();
    expect(changes).toEqual(['added a', 'added b', 'updated b', 'deleted a', 'added a']);
    expect(seen()).toEqual(cluster.state());
    await stop();
  });

  it('continues after its normal end at the last version seen, without a delay or a log line', async () => {
    const { cluster, log, pass, changes, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    cluster.put('b');
    await pass(290_000);
    cluster.endWatches();
    await settle();
    expect(cluster.requests).toEqual(['list', 'watch 11', 'watch 12']);
    cluster.put('c');
    await settle();
    expect(changes).toEqual(['added a', 'added b', 'added c']);
    expect(log.lines).toEqual([]);
    await stop();
  });

  it('resumes after a reset where it was, and catches up', async () => {
    const { cluster, changes, reasons, pass, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    cluster.put('b');
    await settle();
    cluster.breakWatches();
    await settle();
    cluster.put('c');
    cluster.delete('a');
    await pass(1000);
    expect(cluster.requests).toEqual(['list', 'watch 11', 'watch 12']);
    expect(changes).toEqual(['added a', 'added b', 'added c', 'deleted a']);
    expect(reasons()).toEqual(['ECONNRESET']);
    await stop();
  });

  it('takes the version of a bookmark: a long silence does not expire it', async () => {
    const { cluster, changes, pass, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    for (let count = 0; count < 1000; count++) cluster.changeElsewhere();
    cluster.bookmark();
    cluster.compact();
    await settle();
    await pass(290_000);
    cluster.endWatches();
    await settle();
    expect(cluster.requests).toEqual(['list', 'watch 11', 'watch 1011']);
    expect(changes).toEqual(['added a']);
    await stop();
  });

  it('does not become a hot loop when it ends at once, again and again', async () => {
    const { cluster, clock, reasons, pass, stop } = setUp();
    await settle();
    for (let second = 0; second < 120; second++) {
      cluster.endWatches();
      await pass(1000);
    }
    expect(clock.monotonic()).toBe(120_000);
    // 1, 2, 4, 8, 16, 30, 30 seconds, and the second that each watch lives.
    expect(cluster.requests.length).toBeLessThanOrEqual(10);
    expect(new Set(reasons())).toEqual(new Set(['WatchEndedEarly']));
    await stop();
  });

  it('waits longer and longer for an API server that refuses it', async () => {
    const { cluster, pass, stop } = setUp();
    await settle();
    cluster.breakWatches();
    cluster.failures.push(...Array.from({ length: 7 }, () => UNAVAILABLE));
    await settle();
    for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = cluster.requests.length;
      await pass(delay - 1);
      expect(cluster.requests).toHaveLength(before);
      await pass(1);
      expect(cluster.requests).toHaveLength(before + 1);
    }
    await stop();
  });

  it('waits the shortest time again once a watch has lived for a while', async () => {
    const { cluster, pass, stop } = setUp((cluster) => cluster.failures.push(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE));
    await settle();
    for (const delay of [1000, 2000, 4000]) await pass(delay);
    await pass(60_000);
    cluster.breakWatches();
    await settle();
    const before = cluster.requests.length;
    await pass(1000);
    expect(cluster.requests).toHaveLength(before + 1);
    await stop();
  });

  it('survives a source that throws, and resumes where it was', async () => {
    let calls = 0;
    const { cluster, pass, seen, reasons, stop } = setUp(
      (cluster) => cluster.put('a'),
      (cluster) => (version, seconds, signal) => {
        calls += 1;
        if (calls === 2) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
        return cluster.watch(version, seconds, signal);
      },
    );
    await settle();
    cluster.put('b');
    await settle();
    cluster.breakWatches();
    await settle();
    cluster.put('c');
    await pass(1000);
    await pass(2000);
    expect(reasons()).toEqual(['ECONNRESET', 'ENOENT']);
    expect(cluster.requests).toEqual(['list', 'watch 11', 'watch 12']);
    expect(seen()).toEqual(cluster.state());
    await stop();
  });

  it('asks for a time that differs from watch to watch by up to a tenth', async () => {
    const asked: number[] = [];
    const shares = [0, 0.5, 1];
    const cluster = new FakeCluster();
    const clock = createFakeClock();
    const end = new AbortController();
    const running = createReflector({
      source: {
        page: cluster.page,
        watch: (version, seconds, signal) => {
          asked.push(seconds);
          return cluster.watch(version, seconds, signal);
        },
      },
      cache: createObjectCache<KubeObject>().writer,
      clock,
      log: createFakeLog(),
      options: { ...OPTIONS, watchSeconds: 200, random: () => shares.shift() ?? 0 },
    }).run(end.signal);
    for (let count = 0; count < 3; count++) {
      await settle();
      clock.advance(200_000);
      cluster.endWatches();
    }
    expect(asked).toEqual([180, 190, 200]);
    end.abort();
    await running;
  });
});

describe.each(['status', 'event'] as const)('an expired version, refused by %s', (expiredAs) => {
  async function expired() {
    const all = setUp((cluster) => {
      cluster.expiredAs = expiredAs;
      for (const name of ['kept', 'edited', 'deleted', 'made again']) cluster.put(name);
    });
    const { cluster, changes } = all;
    await settle();
    cluster.breakWatches();
    cluster.put('edited');
    cluster.delete('deleted');
    cluster.delete('made again');
    cluster.put('made again');
    cluster.put('new');
    cluster.compact();
    changes.length = 0;
    await settle();
    return all;
  }

  it('leads to a new list, which reports what was missed, deletions too, and nothing else', async () => {
    const { cluster, changes, seen, pass, stop } = await expired();
    await pass(1000);
    await pass(2000);
    expect(cluster.requests).toEqual(['list', 'watch 14', 'watch 14', 'list', 'watch 19']);
    expect(seen()).toEqual(cluster.state());
    expect([...changes].sort()).toEqual([
      'added made again',
      'added new',
      'deleted deleted',
      'deleted made again',
      'updated edited',
    ]);
    await stop();
  });

  it('costs one delay and one line', async () => {
    const { cluster, log, pass, stop } = await expired();
    await pass(1000);
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { status: 0, reason: 'ECONNRESET', afterMs: 1000 },
      { status: 410, reason: 'Expired', afterMs: 2000 },
    ]);
    await pass(2000);
    expect(cluster.requests.at(-1)).toBe('watch 19');
    await stop();
  });
});

describe('a watch that has gone silent', () => {
  it('is ended by the timer, resumed, and nothing is lost', async () => {
    const { cluster, seen, reasons, pass, stop } = setUp((cluster) => cluster.put('a'));
    await settle();
    cluster.silent = true;
    cluster.put('b');
    cluster.delete('a');
    await pass(319_999);
    expect(cluster.openWatches).toBe(1);
    cluster.silent = false;
    await pass(1);
    expect({ open: cluster.openWatches, reasons: reasons() }).toEqual({ open: 0, reasons: ['WatchStalled'] });
    await pass(1000);
    expect(cluster.requests).toEqual(['list', 'watch 11', 'watch 11']);
    expect(seen()).toEqual(cluster.state());
    await stop();
  });

  it('shows in the time of the last contact, which events and bookmarks move on', async () => {
    const { cluster, clock, reflector, pass, stop } = setUp();
    await pass(10_000);
    const listed = reflector.lastContact;
    await pass(60_000);
    expect(reflector.lastContact).toBe(listed);
    cluster.bookmark();
    await settle();
    expect(reflector.lastContact).toBe(clock.monotonic());
    await pass(60_000);
    cluster.put('a');
    await settle();
    expect(reflector.lastContact).toBe(clock.monotonic());
    await stop();
  });
});

describe('Retry-After', () => {
  it('is waited for', async () => {
    const { cluster, pass, stop } = setUp((cluster) =>
      cluster.failures.push({ status: 429, reason: 'TooManyRequests', message: 'later', retryAfterMs: 7000 }),
    );
    await settle();
    await pass(6999);
    expect(cluster.requests).toEqual(['list']);
    await pass(1);
    expect(cluster.requests).toEqual(['list', 'list', 'watch 10']);
    await stop();
  });

  it('of nothing makes no hot loop', async () => {
    const { cluster, pass, stop } = setUp((cluster) =>
      cluster.failures.push(
        ...Array.from({ length: 50 }, () => ({ status: 429, reason: 'TooManyRequests', message: '', retryAfterMs: 0 })),
      ),
    );
    await settle();
    for (let second = 0; second < 10; second++) await pass(1000);
    expect(cluster.requests.length).toBeLessThanOrEqual(5);
    await stop();
  });
});

describe('stopping', () => {
  it.each<[string, (cluster: FakeCluster) => void, number]>([
    ['during the list', (cluster) => (cluster.silent = true), 0],
    ['while it waits to try again', (cluster) => cluster.failures.push(UNAVAILABLE), 500],
    ['during the watch', () => undefined, 10_000],
  ])('%s ends it at once and leaves no timer and no watch', async (_name, arrange, after) => {
    const { cluster, clock, pass, stop, log } = setUp(arrange);
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
          const { cluster, cache, pass, seen, stop } = setUp((cluster) => {
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
