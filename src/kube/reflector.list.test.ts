import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { FakeCluster } from '../../test/support/fakes/cluster.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { OPTIONS, setUpReflector, UNAVAILABLE } from '../../test/support/fakes/reflector.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import type { KubeObject } from '../api/object.ts';
import { createObjectCache } from './object-cache.ts';
import { createReflector } from './reflector.ts';

describe('a refresh', () => {
  it('lists anew what a silent watch has missed, and resolves after that', async () => {
    const { cluster, reflector, changes, seen, reasons, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, reflector, pass, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, cache, seen, stop } = setUpReflector((cluster) => {
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
    const { cluster, seen, stop } = setUpReflector((cluster) => {
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
    const { cluster, cache, pass, reasons, log, stop } = setUpReflector((cluster) => {
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
    const { cluster, seen, pass, stop } = setUpReflector((cluster) => {
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
    const { cluster, cache, pass, stop } = setUpReflector((cluster) => (cluster.silent = true));
    await pass(59_999);
    expect(cluster.requests).toEqual(['list']);
    cluster.silent = false;
    await pass(1);
    await pass(1000);
    expect(cache.reader.synced).toBe(true);
    await stop();
  });
});

describe.each(['status', 'event'] as const)('an expired version, refused by %s', (expiredAs) => {
  async function expired() {
    const all = setUpReflector((cluster) => {
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
