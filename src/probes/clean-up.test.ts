import { describe, expect, it, jest } from '@jest/globals';
import type { FakeStore, StoreAction } from '../../test/support/fakes/bucket.ts';
import { DENIED, setUpProber, settlePromises, verdicts } from '../../test/support/fakes/probing.ts';
import type { BucketClient } from '../ports/bucket.ts';
import { PROBE_LIMITS, type ProbeRequest } from './prober.ts';

describe('a probe that is ended', () => {
  const steps = Array.from({ length: 22 }, (_value, index) => index);

  it.each(steps)('cleans up after an abort during request %i', async (step) => {
    const { store, probe, clock } = setUpProber();
    const abort = new AbortController();
    store.before = () => {
      if (store.calls.length === step) abort.abort();
    };
    const seen = await probe({}, abort.signal);
    expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
    expect(Object.keys(verdicts(seen))).not.toEqual([]);
    expect({ closed: store.closed, timers: clock.pendingTimers }).toEqual({ closed: 1, timers: 0 });
  });

  it.each<StoreAction>(['endpoint', 'list', 'create', 'read', 'preflight', 'remove', 'PUT', 'DELETE'])(
    'does not wait for a %s that is never answered',
    async (action) => {
      const { store, probe, clock } = setUpProber();
      store.hangs.add(action);
      let ended = false as boolean;
      const running = probe().finally(() => (ended = true));
      for (let waited = 0; !ended && waited < 20; waited++) {
        await settlePromises();
        clock.advance(PROBE_LIMITS.callDeadlineMs);
      }
      const seen = await running;
      expect(Object.values(verdicts(seen))).toContain('DeadlineExceeded');
    },
  );
});

describe('a store that keeps the folders of what is gone', () => {
  it.each<readonly [string, Partial<ProbeRequest>, (store: FakeStore) => void]>([
    ['after a probe', {}, () => undefined],
    ['after an object that may not be deleted at first', {}, (store) => store.failures.set('DELETE', DENIED)],
  ])('is asked to delete ours, the deeper one first, when nothing is in them: %s', async (_, changes, prepare) => {
    const asked: (readonly string[])[] = [];
    const left: (readonly string[])[] = [];
    const { store, probe } = setUpProber((client) => ({
      ...client,
      removeFolders: (folders) => {
        asked.push(folders);
        left.push(store.keys());
        return Promise.resolve({ ok: true, value: undefined });
      },
    }));
    prepare(store);
    await probe(changes);
    expect(asked).toEqual([['teams/omega/.wandb-storage-probe/uid-1', 'teams/omega/.wandb-storage-probe']]);
    expect(left).toEqual([[]]);
  });

  it('is not asked where nothing was written', async () => {
    const removeFolders = jest.fn<NonNullable<BucketClient['removeFolders']>>();
    const { store, probe } = setUpProber((client) => ({ ...client, removeFolders }));
    store.failures.set('list', DENIED);
    await probe();
    await probe({ mode: 'Light' });
    expect(removeFolders).not.toHaveBeenCalled();
  });
});

describe('a signature that never comes', () => {
  const silent = () => new Promise<never>(() => undefined);

  it.each<readonly [string, (client: BucketClient) => BucketClient]>([
    ['of a URL', (client) => ({ ...client, presign: silent })],
    ['of a part', (client) => ({ ...client, multipart: { ...client.multipart, part: silent } })],
  ])('%s ends with the deadline of a call, and with the probe, which cleans up', async (_what, wrap) => {
    const { store, probe, clock } = setUpProber(wrap);
    let ended = false as boolean;
    const running = probe().finally(() => (ended = true));
    for (let waited = 0; !ended && waited < 20; waited++) {
      await settlePromises();
      clock.advance(PROBE_LIMITS.callDeadlineMs);
    }
    expect(ended).toBe(true);
    expect(Object.values(verdicts(await running))).toContain('DeadlineExceeded');
    expect({ keys: store.keys(), timers: clock.pendingTimers }).toEqual({ keys: [], timers: 0 });
  });
});

describe('a driver that does not heed its signal', () => {
  it('cannot hold a probe up', async () => {
    const { store, probe } = setUpProber();
    store.hangs.add('lock');
    store.deaf = true;
    const abort = new AbortController();
    store.before = ({ action }) => {
      if (action === 'lock') setImmediate(() => abort.abort());
    };
    const { settings } = await probe({}, abort.signal);
    expect(settings?.retention).toEqual({ ok: false, error: { kind: 'DeadlineExceeded' } });
  });
});
