import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { FakeCluster } from '../../test/support/fakes/cluster.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { OPTIONS, setUpReflector, UNAVAILABLE } from '../../test/support/fakes/reflector.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import type { KubeObject } from '../api/object.ts';
import { createObjectCache } from './object-cache.ts';
import { createReflector } from './reflector.ts';

describe('the watch', () => {
  it('hands on every change once, and in its order', async () => {
    const { cluster, changes, seen, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, log, pass, changes, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, changes, reasons, pass, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, changes, pass, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, clock, reasons, pass, stop } = setUpReflector();
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
    const { cluster, pass, stop } = setUpReflector();
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
    const { cluster, pass, stop } = setUpReflector((cluster) =>
      cluster.failures.push(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE),
    );
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
    const { cluster, pass, seen, reasons, stop } = setUpReflector(
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

describe('a watch that has gone silent', () => {
  it('is ended by the timer, resumed, and nothing is lost', async () => {
    const { cluster, seen, reasons, pass, stop } = setUpReflector((cluster) => cluster.put('a'));
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
    const { cluster, clock, reflector, pass, stop } = setUpReflector();
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
    const { cluster, pass, stop } = setUpReflector((cluster) =>
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
    const { cluster, pass, stop } = setUpReflector((cluster) =>
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
