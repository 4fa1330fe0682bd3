import { describe, expect, it, jest } from '@jest/globals';
import { FakeStore, type StoreAction } from '../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { APP, minio, s3, verdictsOn } from '../../test/support/fakes/observations.ts';
import { proberOf } from '../../test/support/fakes/probing.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { Secret } from '../base/secret.ts';
import { PROBE_LIMITS, type ProbeRequest } from './prober.ts';
import type { BucketClient } from '../ports/bucket.ts';
import { probeBody } from './probe-object.ts';

const PREFIX = 'teams/omega/.wandb-storage-probe/uid-1/';
const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;
const never = new AbortController().signal;

const request: ProbeRequest = {
  uid: 'uid-1',
  target: { storage: s3, credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } },
  endpoint: 'https://store.example',
  mode: 'Full',
  priority: 'Changed',
  appOrigin: APP,
  identity: 'one',
};

function setUp(wrap: (client: BucketClient) => BucketClient = (client) => client) {
  const store = new FakeStore();
  const clock = createFakeClock();
  const prober = proberOf(store, { clock, wrap });
  const probe = async (changes: Partial<ProbeRequest> = {}, signal = never): Promise<Observations> => {
    const seen = await prober.run({ ...request, ...changes }, signal);
    if (seen === undefined) throw new Error('withdrawn before it began');
    return seen;
  };
  return { store, clock, prober, probe };
}

function verdicts(seen: Observations): Readonly<Record<string, string>> {
  const results = verdictsOn(seen);
  return Object.fromEntries(
    results
      .filter(({ result, reason }) => result !== 'Pass' && reason !== 'NotApplicable')
      .map(({ name, reason }) => [name, reason]),
  );
}

/** Lets everything run that waits for nothing but earlier promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
}

describe('a full probe', () => {
  it('goes through the plan in its order, passes every check and leaves nothing', async () => {
    const { store, probe, clock } = setUp();
    const seen = await probe();
    expect(verdicts(seen)).toEqual({});
    expect(store.actions()).toEqual([
      ...['endpoint', 'list', 'lock'],
      ...['PUT', 'anonymous', 'GET', 'HEAD', 'DELETE', 'read'],
      ...['create', 'read'],
      ...['unended', 'start', 'part', 'complete', 'GET', 'remove', 'abort'],
      ...['remove', 'read', 'preflight', 'settings'],
    ]);
    expect(seen.requests).toBe(store.calls.length);
    expect(store.keys()).toEqual([]);
    expect({ closed: store.closed, timers: clock.pendingTimers }).toEqual({ closed: 1, timers: 0 });
  });

  it('touches no key but its own, and lists nothing but the path', async () => {
    const { store, probe } = setUp();
    store.put('teams/omega/model.bin', 'a model');
    store.put('teams/omega/.wandb-storage-probe/uid-2/other', probeBody('uid-2', 'other', 'then'));
    await probe();
    expect(store.keys()).toEqual(['teams/omega/model.bin', 'teams/omega/.wandb-storage-probe/uid-2/other']);
    const keys = store.calls
      .filter(({ action }) => !['list', 'endpoint', 'lock', 'settings'].includes(action))
      .map(({ key }) => key);
    expect(keys.filter((key) => !key.startsWith(PREFIX))).toEqual([]);
    const prefixes = store.calls.filter(({ action }) => action === 'list').map(({ key }) => key);
    expect(prefixes).toEqual(['teams/omega/']);
  });

  it('asks a store that ignores where a listing begins for its own folder alone', async () => {
    const { store, probe } = setUp();
    store.ignoresStart = true;
    for (let i = 0; i < 20; i++) store.put(`teams/omega/!${String(i)}`, 'an object before our folder');
    store.put(`${PREFIX}crashed`, probeBody('uid-1', 'crashed', 'then'));
    expect(verdicts(await probe())).toEqual({});
    expect(store.keys()).not.toContain(`${PREFIX}crashed`);
    const prefixes = store.calls.filter(({ action }) => action === 'list').map(({ key }) => key);
    expect(prefixes).toEqual(['teams/omega/', PREFIX]);
  });

  it('sweeps what a crashed probe left, and only what proves to be its own', async () => {
    const { store, probe } = setUp();
    store.put(`${PREFIX}crashed`, probeBody('uid-1', 'crashed', 'then'));
    store.put(`${PREFIX}stranger`, '{"kind":"another owner"}');
    const seen = await probe();
    expect(store.keys()).toEqual([`${PREFIX}stranger`]);
    expect(verdicts(seen)).toEqual({});
  });

  it('ends the uploads that a crash left unended, and none of others', async () => {
    const { store, probe } = setUp();
    store.uploads.set('crashed', { key: `${PREFIX}crashed` });
    store.uploads.set('of another owner', { key: 'teams/omega/model.bin' });
    expect(verdicts(await probe())).toEqual({});
    expect([...store.uploads.keys()]).toEqual(['of another owner']);
  });

  it.each<[StoreAction, string]>([
    ['start', 'MultipartDenied'],
    ['complete', 'MultipartDenied'],
    ['abort', 'AbortDenied'],
  ])('leaves neither object nor upload behind when %s is denied', async (action, reason) => {
    const { store, probe } = setUp();
    store.failures.set(action, DENIED);
    expect(verdicts(await probe())).toEqual({ MultipartUpload: reason });
    expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
  });

  it('needs at most 30 requests, leftovers and clean-up included', async () => {
    const { store, probe } = setUp();
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put(PREFIX + name, probeBody('uid-1', name, 'then'));
    store.failures.set('DELETE', DENIED);
    const seen = await probe();
    expect(seen.requests).toBe(store.calls.length);
    expect(seen.requests).toBeLessThanOrEqual(30);
    expect(store.keys()).toEqual([`${PREFIX}c`, `${PREFIX}d`, `${PREFIX}e`]);
  });

  it('announces an upload of 2 GiB to a store that stands behind proxies, and sends none of it', async () => {
    const { store, probe } = setUp();
    const target = { ...request.target, storage: minio };
    const seen = await probe({ target });
    expect(store.actions().filter((action) => action === 'announce')).toHaveLength(1);
    expect(seen.bodyLimit).toEqual({ ok: true, value: undefined });
    expect(store.actions().indexOf('announce')).toBeLessThan(store.actions().indexOf('create'));
    store.takesLongBodies = false;
    expect(verdicts(await probe({ target, identity: 'two' }))).toMatchObject({ PresignedUrls: 'BodyTooLarge' });
    expect(store.keys()).toEqual([]);
  });

  it('is not misled by a store that makes an empty object of an upload that does not come', async () => {
    const { store, probe } = setUp();
    store.storesNothing = true;
    expect(verdicts(await probe({ target: { ...request.target, storage: minio } }))).toEqual({});
  });

  it('does not wait for long for a store that knows no interim answers, and holds it against nobody', async () => {
    const { store, clock, probe } = setUp();
    store.hangs.add('announce');
    store.before = ({ action }) => {
      if (action === 'announce') setImmediate(() => clock.advance(2000));
    };
    const seen = await probe({ target: { ...request.target, storage: minio } });
    expect(seen.bodyLimit).toBeUndefined();
    expect(verdicts(seen)).toEqual({});
  });

  it('measures how far the clocks are apart', async () => {
    const { store, probe, clock } = setUp();
    store.serverTime = clock.now() - 400_000;
    expect((await probe()).endpoint).toMatchObject({ ok: true, value: { clockSkewSeconds: 400, tls: true } });
  });

  it.each<[StoreAction, readonly StoreAction[]]>([
    ['endpoint', ['endpoint']],
    ['list', ['endpoint', 'list', 'region']],
  ])('sends nothing more, and writes nothing, once %s has failed', async (action, sent) => {
    const { store, probe } = setUp();
    store.failures.set(action, action === 'endpoint' ? { kind: 'ConnectionRefused' } : DENIED);
    await probe();
    expect(store.actions()).toEqual(sent);
  });

  it.each<[StoreAction, Readonly<Record<string, string>>]>([
    ['create', { CanWrite: 'WriteDenied' }],
    ['read', { CanRead: 'ReadDenied' }],
    ['remove', { CanDelete: 'DeleteDenied' }],
    ['PUT', { PresignedUrls: 'PresignedUrlRejected' }],
    ['GET', { PresignedUrls: 'PresignedUrlRejected' }],
    ['HEAD', { PresignedUrls: 'PresignedUrlRejected' }],
    ['DELETE', { PresignedUrls: 'PresignedUrlRejected' }],
  ])('leaves nothing behind when %s is denied', async (action, expected) => {
    const { store, probe } = setUp();
    store.failures.set(action, DENIED);
    if (['PUT', 'GET', 'HEAD', 'DELETE'].includes(action)) {
      // The real answer to a refusal is a status, which the driver explains.
      store.failures.set(action, { ...DENIED, kind: 'RequestRefused' });
    }
    expect(verdicts(await probe())).toMatchObject(expected);
    expect(store.keys()).toEqual([]);
  });

  it('keeps to one object where nothing may be deleted, and removes it once it may', async () => {
    const { store, probe } = setUp();
    store.failures.set('remove', DENIED);
    store.failures.set('DELETE', DENIED);
    expect(verdicts(await probe())).toMatchObject({ CanDelete: 'DeleteDenied' });
    const [left] = store.keys();
    const again = verdicts(await probe({ identity: 'two' }));
    expect(again).toMatchObject({ CanDelete: 'DeleteDenied', PresignedUrls: 'PrerequisiteFailed' });
    expect(store.keys()).toEqual([left]);
    store.failures.clear();
    expect(verdicts(await probe({ identity: 'three' }))).toEqual({});
    expect(store.keys()).toEqual([]);
  });

  it.each<[string, (store: FakeStore) => void, Readonly<Record<string, string>>]>([
    ['a public bucket', (store) => (store.isPublic = true), { NotPublic: 'BucketPublic' }],
    ['a refused preflight', (store) => (store.allowedOrigin = undefined), { CorsAllowsApp: 'CorsMissing' }],
    [
      'another origin',
      (store) => (store.allowedOrigin = 'https://x.example'),
      { CorsAllowsApp: 'CorsOriginNotAllowed' },
    ],
    ['a proxy page for an object', (store) => store.lies.add('GET'), { PresignedUrls: 'PresignedContentDiffers' }],
  ])('sees %s', async (_name, arrange, expected) => {
    const { store, probe } = setUp();
    arrange(store);
    expect(verdicts(await probe())).toMatchObject(expected);
  });

  it('writes nothing to a bucket that would keep it, and says so', async () => {
    const { store, probe } = setUp();
    store.bucketSettings = { ...store.bucketSettings, retention: { keeps: ['a default retention of 30 days'] } };
    const seen = await probe();
    expect(store.actions()).toEqual(['endpoint', 'list', 'lock', 'settings']);
    expect(verdicts(seen)).toMatchObject({ ObjectsDeletable: 'ObjectsRetained', CanWrite: 'PrerequisiteFailed' });
  });

  it('asks for nothing more once it has sent 30 requests', async () => {
    const { store, probe } = setUp();
    store.moreSettings = 40;
    const seen = await probe();
    expect(seen.requests).toBe(30);
    expect(store.calls).toHaveLength(30);
  });

  it('tries a bucket that does not report whether retention would keep an object', async () => {
    const { store, probe } = setUp();
    store.failures.set('lock', DENIED);
    expect(verdicts(await probe())).toEqual({
      ObjectsDeletable: 'SettingNotReadable',
      VersioningEnabled: 'SettingNotReadable',
      GrantComplete: 'GrantIncomplete',
    });
    expect(store.keys()).toEqual([]);
  });

  it('sends no preflight where the origin is not known', async () => {
    const { store, prober } = setUp();
    const { uid, target, endpoint, mode, priority, identity } = request;
    await prober.run({ uid, target, endpoint, mode, priority, identity }, never);
    expect(store.actions()).not.toContain('preflight');
  });
});

describe('a probe that is ended', () => {
  const steps = Array.from({ length: 22 }, (_value, index) => index);

  it.each(steps)('cleans up after an abort during request %i', async (step) => {
    const { store, probe, clock } = setUp();
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
      const { store, probe, clock } = setUp();
      store.hangs.add(action);
      let ended = false as boolean;
      const running = probe().finally(() => (ended = true));
      for (let waited = 0; !ended && waited < 20; waited++) {
        await settle();
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
    const { store, probe } = setUp((client) => ({
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
    const { store, probe } = setUp((client) => ({ ...client, removeFolders }));
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
    const { store, probe, clock } = setUp(wrap);
    let ended = false as boolean;
    const running = probe().finally(() => (ended = true));
    for (let waited = 0; !ended && waited < 20; waited++) {
      await settle();
      clock.advance(PROBE_LIMITS.callDeadlineMs);
    }
    expect(ended).toBe(true);
    expect(Object.values(verdicts(await running))).toContain('DeadlineExceeded');
    expect({ keys: store.keys(), timers: clock.pendingTimers }).toEqual({ keys: [], timers: 0 });
  });
});

describe('a driver that does not heed its signal', () => {
  it('cannot hold a probe up', async () => {
    const { store, probe } = setUp();
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

describe('a light probe', () => {
  it('sends two requests and writes nothing', async () => {
    const { store, probe } = setUp();
    const seen = await probe({ mode: 'Light' });
    expect(store.calls.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'list teams/omega/',
      `GET ${PREFIX}id-1`,
    ]);
    expect(seen.presigned?.GET).toEqual({ ok: true, value: { httpStatus: 404 } });
    expect(store.keys()).toEqual([]);
  });

  it('takes a refusal for no evidence: who may list a path alone is refused absent keys', async () => {
    const { store, probe } = setUp();
    store.hidesAbsence = true;
    expect((await probe({ mode: 'Light' })).presigned).toEqual({});
  });

  it('takes the 404 of a gateway for absence, after the store was listed', async () => {
    const { store, probe } = setUp();
    store.isBehindGateway = true;
    expect((await probe({ mode: 'Light' })).presigned?.GET).toEqual({ ok: true, value: { httpStatus: 404 } });
  });

  it('does not believe a success for a key that cannot exist', async () => {
    const { store, probe } = setUp();
    store.put(`${PREFIX}id-1`, 'whatever');
    expect((await probe({ mode: 'Light' })).presigned?.GET).toMatchObject({
      ok: false,
      error: { kind: 'NotAnObjectStore' },
    });
  });

  it('reports a store that does not answer', async () => {
    const { store, probe } = setUp();
    store.failures.set('list', { kind: 'ConnectionRefused' });
    expect(verdicts(await probe({ mode: 'Light' }))).toMatchObject({ EndpointReachable: 'ConnectionRefused' });
    expect(store.calls).toHaveLength(1);
  });
});

describe('probes at the same time', () => {
  it('does the same probe once for all who ask for it', async () => {
    const { store, probe } = setUp();
    const [one, two] = await Promise.all([probe(), probe({ uid: 'uid-2' })]);
    expect(two).toBe(one);
    expect(store.actions().filter((action) => action === 'create')).toHaveLength(1);
  });

  it('sweeps what a crash left under the UID of each who asked', async () => {
    const { store, probe } = setUp();
    const left = `teams/omega/.wandb-storage-probe/uid-2/left`;
    store.put(left, probeBody('uid-2', 'left', 'then'));
    await Promise.all([probe(), probe({ uid: 'uid-2' })]);
    expect(store.keys()).toEqual([]);
  });

  it('goes on for the others when the first who asked gives up', async () => {
    const { store, probe } = setUp();
    const first = new AbortController();
    store.before = ({ action }) => {
      if (action === 'read') first.abort();
    };
    const [, two] = await Promise.all([probe({}, first.signal), probe()]);
    expect(verdicts(two)).toEqual({});
  });

  it('ends when its last caller gives up, and reports incomplete observations to no other', async () => {
    const { store, probe, prober } = setUp();
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
    const { store, prober, probe } = setUp();
    const release = prober.hold();
    const due = probe({ priority: 'Due' });
    await settle();
    expect(store.actions()).toEqual([]);
    expect(await probe({ uid: 'uid-2', priority: 'New' })).toBe(await due);
    release();
  });

  it('is not held back any more once it is withdrawn: who asks next waits for what it has written to be removed', async () => {
    const { store, prober, probe } = setUp();
    const owner = new AbortController();
    store.before = ({ action }) => {
      if (action !== 'PUT') return;
      store.before = () => undefined;
      prober.hold();
    };
    const due = probe({ priority: 'Due' }, owner.signal);
    await settle();
    expect(store.keys()).toHaveLength(1);
    owner.abort();
    expect(verdicts(await probe())).toEqual({});
    await due;
    expect(store.keys()).toEqual([]);
  });

  it('keeps to the limit of an endpoint, and serves others meanwhile', async () => {
    const { store, probe } = setUp();
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
    const { store, prober, probe } = setUp();
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
      const { store, prober, probe } = setUp();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      store.later.set(action, promise);
      const running = probe();
      while (!store.actions().includes(action)) await settle();
      const stopped = prober.stop();
      await settle();
      resolve(undefined);
      await Promise.all([stopped, running]);
      expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
    },
  );

  it('begins nothing any more once the operator stops', async () => {
    const { store, prober } = setUp();
    await prober.stop();
    expect(await prober.run(request, never)).toBeUndefined();
    expect(store.calls).toEqual([]);
  });

  it('tries the clean-up again where a connection breaks', async () => {
    const { store, prober, probe } = setUp();
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
    const { store, prober } = setUp();
    prober.hold();
    const due = prober.run({ ...request, priority: 'Due' }, never);
    await settle();
    await prober.stop();
    await due;
    expect(store.calls).toEqual([]);
  });

  it('ends all when the operator stops, and leaves nothing in any bucket', async () => {
    const { store, prober, probe } = setUp();
    store.hangs.add('read');
    const all = ['a', 'b', 'c', 'd'].map((identity) => probe({ identity }));
    while (store.actions().filter((action) => action === 'read').length < 4) await settle();
    store.hangs.delete('read');
    await prober.stop();
    await Promise.all(all);
    expect(store.keys()).toEqual([]);
  });
});
