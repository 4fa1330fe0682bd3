import { describe, expect, it } from '@jest/globals';
import type { FakeStore, StoreAction } from '../../test/support/fakes/bucket.ts';
import { minio } from '../../test/support/fakes/observations.ts';
import { DENIED, PREFIX, never, request, setUpProber, verdicts } from '../../test/support/fakes/probing.ts';
import { probeBody } from './probe-object.ts';

describe('a full probe', () => {
  it('goes through the plan in its order, passes every check and leaves nothing', async () => {
    const { store, probe, clock } = setUpProber();
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
    const { store, probe } = setUpProber();
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
    const { store, probe } = setUpProber();
    store.ignoresStart = true;
    for (let i = 0; i < 20; i++) store.put(`teams/omega/!${String(i)}`, 'an object before our folder');
    store.put(`${PREFIX}crashed`, probeBody('uid-1', 'crashed', 'then'));
    expect(verdicts(await probe())).toEqual({});
    expect(store.keys()).not.toContain(`${PREFIX}crashed`);
    const prefixes = store.calls.filter(({ action }) => action === 'list').map(({ key }) => key);
    expect(prefixes).toEqual(['teams/omega/', PREFIX]);
  });

  it('sweeps what a crashed probe left, and only what proves to be its own', async () => {
    const { store, probe } = setUpProber();
    store.put(`${PREFIX}crashed`, probeBody('uid-1', 'crashed', 'then'));
    store.put(`${PREFIX}stranger`, '{"kind":"another owner"}');
    const seen = await probe();
    expect(store.keys()).toEqual([`${PREFIX}stranger`]);
    expect(verdicts(seen)).toEqual({});
  });

  it('ends the uploads that a crash left unended, and none of others', async () => {
    const { store, probe } = setUpProber();
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
    const { store, probe } = setUpProber();
    store.failures.set(action, DENIED);
    expect(verdicts(await probe())).toEqual({ MultipartUpload: reason });
    expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
  });

  it('needs at most 30 requests, leftovers and clean-up included', async () => {
    const { store, probe } = setUpProber();
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put(PREFIX + name, probeBody('uid-1', name, 'then'));
    store.failures.set('DELETE', DENIED);
    const seen = await probe();
    expect(seen.requests).toBe(store.calls.length);
    expect(seen.requests).toBeLessThanOrEqual(30);
    expect(store.keys()).toEqual([`${PREFIX}c`, `${PREFIX}d`, `${PREFIX}e`]);
  });

  it('announces an upload of 2 GiB to a store that stands behind proxies, and sends none of it', async () => {
    const { store, probe } = setUpProber();
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
    const { store, probe } = setUpProber();
    store.storesNothing = true;
    expect(verdicts(await probe({ target: { ...request.target, storage: minio } }))).toEqual({});
  });

  it('does not wait for long for a store that knows no interim answers, and holds it against nobody', async () => {
    const { store, clock, probe } = setUpProber();
    store.hangs.add('announce');
    store.before = ({ action }) => {
      if (action === 'announce') setImmediate(() => clock.advance(2000));
    };
    const seen = await probe({ target: { ...request.target, storage: minio } });
    expect(seen.bodyLimit).toBeUndefined();
    expect(verdicts(seen)).toEqual({});
  });

  it('measures how far the clocks are apart', async () => {
    const { store, probe, clock } = setUpProber();
    store.serverTime = clock.now() - 400_000;
    expect((await probe()).endpoint).toMatchObject({ ok: true, value: { clockSkewSeconds: 400, tls: true } });
  });

  it.each<[StoreAction, readonly StoreAction[]]>([
    ['endpoint', ['endpoint']],
    ['list', ['endpoint', 'list', 'region']],
  ])('sends nothing more, and writes nothing, once %s has failed', async (action, sent) => {
    const { store, probe } = setUpProber();
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
    const { store, probe } = setUpProber();
    store.failures.set(action, DENIED);
    if (['PUT', 'GET', 'HEAD', 'DELETE'].includes(action)) {
      // The real answer to a refusal is a status, which the driver explains.
      store.failures.set(action, { ...DENIED, kind: 'RequestRefused' });
    }
    expect(verdicts(await probe())).toMatchObject(expected);
    expect(store.keys()).toEqual([]);
  });

  it('keeps to one object where nothing may be deleted, and removes it once it may', async () => {
    const { store, probe } = setUpProber();
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
    const { store, probe } = setUpProber();
    arrange(store);
    expect(verdicts(await probe())).toMatchObject(expected);
  });

  it('writes nothing to a bucket that would keep it, and says so', async () => {
    const { store, probe } = setUpProber();
    store.bucketSettings = { ...store.bucketSettings, retention: { keeps: ['a default retention of 30 days'] } };
    const seen = await probe();
    expect(store.actions()).toEqual(['endpoint', 'list', 'lock', 'settings']);
    expect(verdicts(seen)).toMatchObject({ ObjectsDeletable: 'ObjectsRetained', CanWrite: 'PrerequisiteFailed' });
  });

  it('asks for nothing more once it has sent 30 requests', async () => {
    const { store, probe } = setUpProber();
    store.moreSettings = 40;
    const seen = await probe();
    expect(seen.requests).toBe(30);
    expect(store.calls).toHaveLength(30);
  });

  it('tries a bucket that does not report whether retention would keep an object', async () => {
    const { store, probe } = setUpProber();
    store.failures.set('lock', DENIED);
    expect(verdicts(await probe())).toEqual({
      ObjectsDeletable: 'SettingNotReadable',
      VersioningEnabled: 'SettingNotReadable',
      GrantComplete: 'GrantIncomplete',
    });
    expect(store.keys()).toEqual([]);
  });

  it('sends no preflight where the origin is not known', async () => {
    const { store, prober } = setUpProber();
    const { uid, target, endpoint, mode, priority, identity } = request;
    await prober.run({ uid, target, endpoint, mode, priority, identity }, never);
    expect(store.actions()).not.toContain('preflight');
  });
});
