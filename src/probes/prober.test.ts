import { describe, expect, it } from '@jest/globals';
import type { StoreAction } from '../../test/support/fakes/bucket.ts';
import { never, request, setUpProber, settlePromises, verdicts } from '../../test/support/fakes/probing.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { probeBody } from './probe-object.ts';
import { PROBE_LIMITS } from './prober.ts';

describe('probes at the same time', () => {
  it('does the same probe once for all who ask for it', async () => {
    const { store, probe } = setUpProber();
    const [one, two] = await Promise.all([probe(), probe({ uid: 'uid-2' })]);
    expect(two).toBe(one);
    expect(store.actions().filter((action) => action === 'create')).toHaveLength(1);
  });

  it('sweeps what a crash left under the UID of each who asked', async () => {
    const { store, probe } = setUpProber();
    const left = `teams/omega/.wandb-storage-probe/uid-2/left`;
    store.put(left, probeBody('uid-2', 'left', 'then'));
    await Promise.all([probe(), probe({ uid: 'uid-2' })]);
    expect(store.keys()).toEqual([]);
  });

  it('goes on for the others when the first who asked gives up', async () => {
    const { store, probe } = setUpProber();
    const first = new AbortController();
    store.before = ({ action }) => {
      if (action === 'read') first.abort();
    };
    const [, two] = await Promise.all([probe({}, first.signal), probe()]);
    expect(verdicts(two)).toEqual({});
  });

  it('ends when its last caller gives up, and reports incomplete observations to no other', async () => {
    const { store, probe, prober } = setUpProber();
    const [first, second] = [new AbortController(), new AbortController()];
    const latecomers: Promise<Observations | undefined>[] = [];
    store.before = ({ action }) => {
      if (action !== 'lock') return;
      first.abort();
      second.abort();
      store.before = () => undefined;
      latecomers.push(prober.run(request, never));
    };
    const [one] = await Promise.all([probe({}, first.signal), probe({}, second.signal)]);
    expect(one.write).toBeUndefined();
    const late = await latecomers[0];
    expect(late === undefined ? undefined : verdicts(late)).toEqual({});
  });

  it('is not held back any more where somebody joins who waits for it', async () => {
    const { store, prober, probe } = setUpProber();
    const release = prober.hold();
    const due = probe({ priority: 'Due' });
    await settlePromises();
    expect(store.actions()).toEqual([]);
    expect(await probe({ uid: 'uid-2', priority: 'New' })).toBe(await due);
    release();
  });

  it('is not held back any more once it is withdrawn: who asks next waits for what it has written to be removed', async () => {
    const { store, prober, probe } = setUpProber();
    const owner = new AbortController();
    store.before = ({ action }) => {
      if (action !== 'PUT') return;
      store.before = () => undefined;
      prober.hold();
    };
    const due = probe({ priority: 'Due' }, owner.signal);
    await settlePromises();
    expect(store.keys()).toHaveLength(1);
    owner.abort();
    expect(verdicts(await probe())).toEqual({});
    await due;
    expect(store.keys()).toEqual([]);
  });

  it('keeps to the limit of an endpoint, and serves others meanwhile', async () => {
    const { store, probe } = setUpProber();
    let most = 0;
    let now = 0;
    store.before = ({ action }) => {
      if (action === 'endpoint') most = Math.max(most, ++now);
      if (action === 'DELETE') now -= 1;
    };
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((identity) => probe({ identity }));
    const elsewhere = probe({ identity: 'g', endpoint: 'https://other.example' });
    for (const seen of await Promise.all([...all, elsewhere])) expect(verdicts(seen)).toEqual({});
    expect(most).toBe(PROBE_LIMITS.perEndpoint.first + 1);
  });

  it('begins nothing that was withdrawn while it waited', async () => {
    const { store, prober, probe } = setUpProber();
    const all = ['a', 'b', 'c', 'd'].map((identity) => probe({ identity }));
    const withdrawn = new AbortController();
    const waiting = prober.run({ ...request, identity: 'e' }, withdrawn.signal);
    withdrawn.abort();
    expect(await waiting).toBeUndefined();
    await Promise.all(all);
    expect(store.actions().filter((action) => action === 'create')).toHaveLength(4);
  });

  it.each<StoreAction>(['create', 'PUT', 'start', 'part', 'complete'])(
    'waits for the store to do a %s that it has already, before it looks for what is left',
    async (action) => {
      const { store, prober, probe } = setUpProber();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      store.later.set(action, promise);
      const running = probe();
      while (!store.actions().includes(action)) await settlePromises();
      const stopped = prober.stop();
      await settlePromises();
      resolve(undefined);
      await Promise.all([stopped, running]);
      expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
    },
  );

  it('begins nothing any more once the operator stops', async () => {
    const { store, prober } = setUpProber();
    await prober.stop();
    expect(await prober.run(request, never)).toBeUndefined();
    expect(store.calls).toEqual([]);
  });

  it('tries the clean-up again where a connection breaks', async () => {
    const { store, prober, probe } = setUpProber();
    const running = probe();
    store.before = ({ action }) => {
      if (action === 'read') {
        store.failures.set('remove', { kind: 'ConnectionReset' });
        void prober.stop();
      }
      // The first try has its failure by then.
      if (action === 'remove' && store.actions().includes('remove')) store.failures.delete('remove');
    };
    await running;
    expect(store.keys()).toEqual([]);
  });

  it('waits for nothing that is held back when the operator stops', async () => {
    const { store, prober } = setUpProber();
    prober.hold();
    const due = prober.run({ ...request, priority: 'Due' }, never);
    await settlePromises();
    await prober.stop();
    await due;
    expect(store.calls).toEqual([]);
  });

  it('ends all when the operator stops, and leaves nothing in any bucket', async () => {
    const { store, prober, probe } = setUpProber();
    store.hangs.add('read');
    const all = ['a', 'b', 'c', 'd'].map((identity) => probe({ identity }));
    while (store.actions().filter((action) => action === 'read').length < 4) await settlePromises();
    store.hangs.delete('read');
    await prober.stop();
    await Promise.all(all);
    expect(store.keys()).toEqual([]);
  });
});
