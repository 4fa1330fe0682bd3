import { describe, expect, it } from '@jest/globals';
import { FakeStore, type StoreAction } from '../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { APP, s3, verdictsOn } from '../../test/support/fakes/observations.ts';
import { proberOf } from '../../test/support/fakes/probing.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { Secret } from '../base/secret.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { PROBE_LIMITS, type ProbeRequest } from './prober.ts';
import { createSurveys } from './surveys.ts';

const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;
const never = new AbortController().signal;

/** Claims of one bucket with one credential, each at its own path. */
function setUp() {
  const store = new FakeStore();
  const clock = createFakeClock();
  const surveys = createSurveys();
  // As S3 takes them.
  store.settingsBefore = 2;
  store.moreSettings = 4;
  const prober = proberOf(store, { clock, surveys });

  function probe(team: number, changes: Partial<ProbeRequest> = {}, signal = never) {
    const storage = { ...s3, path: `teams/${String(team)}` };
    return prober.run(
      {
        uid: `uid-${String(team)}`,
        target: { storage, credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } },
        endpoint: 'https://store.example',
        mode: 'Full',
        priority: 'Changed',
        appOrigin: APP,
        identity: `team ${String(team)}`,
        survey: { key: 'bucket', notBefore: 0 },
        ...changes,
      },
      signal,
    );
  }

  function advance(milliseconds: number): void {
    clock.advance(milliseconds);
    store.serverTime += milliseconds;
  }

  /** How often each survey-only request was sent: of it, one survey sends one. */
  const surveyed = (): number => store.actions().filter((action) => action === 'complete').length;
  return { store, clock, advance, surveys, prober, probe, surveyed };
}

function reasons(seen: Observations | undefined): Readonly<Record<string, string>> {
  if (seen === undefined) return { probe: 'withdrawn' };
  const found = verdictsOn(seen);
  return Object.fromEntries(
    found
      .filter(({ result, reason }) => result !== 'Pass' && reason !== 'NotApplicable')
      .map(({ name, reason }) => [name, reason]),
  );
}

const teams = (count: number): readonly number[] => Array.from({ length: count }, (_, team) => team);

describe('claims of one bucket with one credential', () => {
  it('survey it once, and need twelve requests each: nobody leaves anything', async () => {
    const { store, probe, surveyed } = setUp();
    const all = await Promise.all(teams(50).map((team) => probe(team)));
    for (const seen of all) expect(reasons(seen)).toEqual({});
    expect(surveyed()).toBe(1);
    const [pilot, ...others] = all.map((seen) => seen?.requests);
    expect(pilot).toBeLessThanOrEqual(30);
    expect(new Set(others)).toEqual(new Set([12]));
    expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
  });

  it('go through the trial in its order', async () => {
    const { store, probe } = setUp();
    await probe(0);
    store.calls.length = 0;
    await probe(1);
    expect(store.actions()).toEqual([
      ...['endpoint', 'list', 'PUT', 'anonymous', 'GET', 'HEAD'],
      ...['start', 'part', 'abort', 'DELETE', 'read', 'remove'],
    ]);
  });

  it.each<[StoreAction, string, string]>([
    ['list', 'CanList', 'ListDenied'],
    ['PUT', 'PresignedUrls', 'PresignedUrlRejected'],
    ['GET', 'PresignedUrls', 'PresignedUrlRejected'],
    ['HEAD', 'PresignedUrls', 'PresignedUrlRejected'],
    ['DELETE', 'PresignedUrls', 'PresignedUrlRejected'],
    ['remove', 'CanDelete', 'DeleteDenied'],
    ['start', 'MultipartUpload', 'MultipartDenied'],
    ['part', 'MultipartUpload', 'PartRejected'],
    ['abort', 'MultipartUpload', 'AbortDenied'],
  ])('see in their own trial that %s is denied at their path', async (action, check, reason) => {
    const { store, probe } = setUp();
    expect(reasons(await probe(0))).toEqual({});
    store.failures.set(action, action === 'list' || action === 'remove' ? DENIED : { ...DENIED, kind: 'AccessDenied' });
    expect(reasons(await probe(1))).toMatchObject({ [check]: reason });
    expect(reasons(await probe(0, { identity: 'again', survey: { key: 'other', notBefore: 0 } }))).toMatchObject({
      [check]: reason,
    });
  });

  it.each<[string, (store: FakeStore) => void, Readonly<Record<string, string>>]>([
    ['writing is denied by URL and by header', (store) => deny(store, 'PUT', 'create'), { CanWrite: 'WriteDenied' }],
    ['reading is denied by URL and by header', (store) => deny(store, 'GET', 'read'), { CanRead: 'ReadDenied' }],
    [
      'deletion is denied by URL and by header',
      (store) => deny(store, 'DELETE', 'remove'),
      { CanDelete: 'DeleteDenied' },
    ],
  ])('tell a refused permission from a refused URL: %s', async (_what, arrange, expected) => {
    const { store, probe } = setUp();
    await probe(0);
    arrange(store);
    const seen = reasons(await probe(1));
    expect(seen).toMatchObject(expected);
    expect(seen['PresignedUrls']).not.toBe('PresignedUrlRejected');
  });

  it('with a credential that is refused absent keys prove reading by an object that is there, in twelve requests', async () => {
    const { store, probe } = setUp();
    store.hidesAbsence = true;
    expect(reasons(await probe(0))).toEqual({});
    store.calls.length = 0;
    const seen = await probe(1);
    expect(reasons(seen)).toEqual({});
    expect(store.actions()).toEqual([
      ...['endpoint', 'list', 'PUT', 'anonymous', 'GET', 'read'],
      ...['start', 'part', 'abort', 'DELETE', 'list', 'remove'],
    ]);
    deny(store, 'read');
    expect(reasons(await probe(2))).toMatchObject({ CanRead: 'ReadDenied' });
  });

  it.each<StoreAction>(['start', 'part', 'abort', 'DELETE', 'read', 'remove'])(
    'find and end what a crash at %s has left, uploads in parts too',
    async (action) => {
      const { store, probe } = setUp();
      await probe(0);
      // The process is gone: nothing is sent any more, not even by the clean-up.
      let crashed = false;
      store.refuses = (call) => {
        if (call.key.startsWith('teams/1/') && call.action === action) crashed = true;
        return crashed ? { kind: 'ConnectionReset' } : undefined;
      };
      await probe(1);
      store.refuses = () => undefined;
      await probe(1, { identity: 'after the crash' });
      expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
    },
  );
});

function deny(store: FakeStore, ...actions: readonly StoreAction[]): void {
  for (const action of actions) store.failures.set(action, DENIED);
}

describe('a pilot', () => {
  it('that surveys the bucket already is waited for by all, whatever comes before it', async () => {
    const { store, probe, surveyed } = setUp();
    const held = Promise.withResolvers<undefined>();
    store.later.set('lock', held.promise);
    const pilot = probe(0, { priority: 'Due' });
    await settle();
    const newcomer = probe(1, { priority: 'New' });
    await settle();
    held.resolve(undefined);
    expect([(await pilot)?.requests, (await newcomer)?.requests]).toEqual([expect.any(Number), 12]);
    expect(surveyed()).toBe(1);
  });

  it('that surveys the bucket is not held back any more once somebody waits for it who comes before it', async () => {
    const { store, prober, probe, surveyed } = setUp();
    const release = prober.hold();
    const pilot = probe(0, { priority: 'Due' });
    await settle();
    expect(store.actions()).toEqual([]);
    expect((await probe(1, { priority: 'New' }))?.requests).toBe(12);
    await pilot;
    expect(surveyed()).toBe(1);
    release();
  });

  it.each([0, 1, 2, 3, 4, 5, 8])(
    'that has its turn is waited for by what comes before it %i steps later, before its bucket is open',
    async (steps) => {
      const { probe, surveyed } = setUp();
      const pilot = probe(0, { priority: 'Changed' });
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await Promise.all([pilot, probe(1, { priority: 'New' })]);
      expect(surveyed()).toBe(1);
    },
  );

  it('that has its turn is still waited for by a probe for which somebody begins to wait', async () => {
    const { prober, probe, surveyed } = setUp();
    const release = prober.hold();
    const pilot = probe(0, { priority: 'Due' });
    await settle();
    const waits = probe(1, { priority: 'Due' });
    await settle();
    const all = await Promise.all([pilot, waits, probe(1, { priority: 'New' })]);
    expect(all.map((seen) => seen?.requests)).toEqual([expect.any(Number), 12, 12]);
    expect(surveyed()).toBe(1);
    release();
  });

  it('that waits is replaced by a probe for which somebody begins to wait', async () => {
    const { store, probe, surveyed } = setUp();
    const busy = Promise.withResolvers<undefined>();
    store.later.set('endpoint', busy.promise);
    const others = teams(4).map((team) => probe(team, { survey: { key: `other ${String(team)}`, notBefore: 0 } }));
    const ended: string[] = [];
    const ask = async (name: string, team: number, priority: ProbeRequest['priority']): Promise<void> => {
      await probe(team, { priority });
      ended.push(name);
    };
    const all = [ask('due', 10, 'Due'), ask('joined', 11, 'Due')];
    await settle();
    all.push(ask('newcomer', 11, 'New'));
    await settle();
    busy.resolve(undefined);
    await Promise.all([...others, ...all]);
    expect(ended).toEqual(['joined', 'newcomer', 'due']);
    expect(surveyed()).toBe(5);
  });

  it('that waits behind others is not waited for by what comes before it', async () => {
    const { store, probe, surveyed } = setUp();
    const busy = Promise.withResolvers<undefined>();
    store.later.set('endpoint', busy.promise);
    // As many as may run at the endpoint.
    const others = teams(4).map((team) => probe(team, { survey: { key: `other ${String(team)}`, notBefore: 0 } }));
    const ended: string[] = [];
    const ask = async (
      name: string,
      team: number,
      priority: ProbeRequest['priority'],
    ): Promise<Observations | undefined> => {
      const seen = await probe(team, { priority });
      ended.push(name);
      return seen;
    };
    const pilot = ask('due', 10, 'Due');
    const rotated = Promise.all(teams(3).map((team) => ask('changed', 20 + team, 'Changed')));
    await settle();
    const newcomers = Promise.all([ask('new', 30, 'New'), ask('new', 31, 'New')]);
    busy.resolve(undefined);
    const [first, second] = await newcomers;
    await Promise.all([...others, rotated]);
    expect(ended[0]).toBe('new');
    expect([first?.requests, second?.requests]).toEqual([expect.any(Number), 12]);
    expect(first?.requests).toBeGreaterThan(12);
    expect((await pilot)?.requests).toBe(12);
    expect(surveyed()).toBe(5);
    expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
  });

  it.each<StoreAction>(['lock', 'preflight', 'PUT', 'create', 'complete', 'settings'])(
    'that is withdrawn during %s is followed by another one, and leaves nothing',
    async (action) => {
      const { store, probe, surveyed } = setUp();
      const withdrawn = new AbortController();
      store.before = (call) => {
        if (call.action === action) withdrawn.abort();
      };
      const all = await Promise.all(teams(10).map((team) => probe(team, {}, team === 0 ? withdrawn.signal : never)));
      for (const seen of all.slice(1)) expect(reasons(seen)).toEqual({});
      // Those that had a turn at that time survey for themselves.
      expect(surveyed()).toBeLessThanOrEqual(1 + PROBE_LIMITS.perEndpoint.first);
      expect({ keys: store.keys(), uploads: store.uploads.size }).toEqual({ keys: [], uploads: 0 });
    },
  );

  it.each<[StoreAction, string]>([
    ['list', 'CanList'],
    ['PUT', 'PresignedUrls'],
    ['create', 'CanWrite'],
    ['complete', 'MultipartUpload'],
  ])('that is refused at its own path (%s) fails alone', async (action, check) => {
    const { store, probe } = setUp();
    store.refuses = ({ action: sent, key }) => (sent === action && key.startsWith('teams/0/') ? DENIED : undefined);
    const [pilot, ...others] = await Promise.all(teams(10).map((team) => probe(team)));
    expect(Object.keys(reasons(pilot))).toContain(check);
    for (const seen of others) expect(reasons(seen)).toEqual({});
  });

  it('that hangs is waited for no longer than the deadline', async () => {
    const { store, clock, probe } = setUp();
    store.hangs.add('lock');
    const pilot = probe(0);
    let waited = 0;
    const other = probe(1).finally(() => (waited = clock.monotonic()));
    const began = clock.monotonic();
    for (let step = 0; step < 40 && waited === 0; step++) {
      await settle();
      if (clock.monotonic() - began >= 70_000) store.hangs.clear();
      clock.advance(5_000);
    }
    await Promise.all([pilot, other]);
    expect(waited - began).toBeLessThanOrEqual(PROBE_LIMITS.waitDeadlineMs + PROBE_LIMITS.probeDeadlineMs);
  });

  it('writes nothing while a passing fault hides the retention', async () => {
    const { store, probe } = setUp();
    store.failures.set('lock', { kind: 'ServiceUnavailable', httpStatus: 503 });
    await probe(0);
    expect(store.written).toBe(0);
  });
});

describe('requests for a validation', () => {
  it('a thousand at once make two surveys, each begun after the requests that it answers', async () => {
    const { clock, probe, surveyed, surveys, store } = setUp();
    const first = probe(0, { survey: { key: 'bucket', notBefore: clock.monotonic() } });
    while (!store.actions().includes('lock')) await settle();
    clock.advance(1);
    const notBefore = clock.monotonic();
    const others = teams(1000).map((team) => probe(team + 1, { survey: { key: 'bucket', notBefore } }));
    const all = await Promise.all([first, ...others]);
    for (const seen of all) expect(reasons(seen)).toEqual({});
    expect(surveyed()).toBe(2);
    expect(surveys.latest('bucket')?.beganAt).toBeGreaterThanOrEqual(notBefore);
  });
});

describe('a light probe', () => {
  it('asks as a browser, and renews the survey once where the rule for browsers is gone', async () => {
    const { advance, store, probe, surveys, surveyed } = setUp();
    await Promise.all(teams(3).map((team) => probe(team)));
    const before = surveys.latest('bucket')?.revision;
    const news: string[] = [];
    surveys.onNews((key) => news.push(key));
    store.allowedOrigin = undefined;
    advance(3_600_000);
    await Promise.all(teams(3).map((team) => probe(team, { mode: 'Light' })));
    expect(surveyed()).toBe(2);
    expect(news).toEqual(['bucket']);
    expect(surveys.latest('bucket')?.revision).not.toBe(before);
  });

  it('does not renew it for ever where the store answers so for what is not there', async () => {
    const { advance, store, probe, surveyed } = setUp();
    await probe(0);
    store.before = ({ action }) => {
      store.allowedOrigin = action === 'GET' && store.keys().length === 0 ? undefined : '*';
    };
    for (let hour = 0; hour < 5; hour++) {
      advance(3_600_000);
      await probe(0, { mode: 'Light' });
    }
    expect(surveyed()).toBe(2);
  });

  it('renews it again where the rule is gone later, after a survey in vain', async () => {
    const { advance, store, probe, surveyed } = setUp();
    await probe(0);
    store.before = ({ action }) => {
      store.allowedOrigin = action === 'GET' && store.keys().length === 0 ? undefined : '*';
    };
    advance(1000);
    await probe(0, { mode: 'Light' });
    store.before = () => undefined;
    store.allowedOrigin = undefined;
    advance(7 * 3_600_000);
    await probe(1, { mode: 'Light' });
    expect(surveyed()).toBe(3);
  });

  it('sends two requests as before', async () => {
    const { probe } = setUp();
    await probe(0);
    expect((await probe(1, { mode: 'Light' }))?.requests).toBe(2);
  });
});

describe('a survey', () => {
  it('alone tries no path: its facts judge what holds for the bucket', async () => {
    const { advance, clock, store, probe } = setUp();
    await probe(0);
    advance(60_000);
    store.calls.length = 0;
    store.allowedOrigin = undefined;
    const seen = await probe(0, { mode: 'Survey', survey: { key: 'bucket', notBefore: clock.monotonic() } });
    expect(seen?.mode).toBe('Survey');
    expect(store.actions()).not.toContain('PUT');
    expect(reasons(seen)).toMatchObject({ CorsAllowsApp: 'CorsMissing' });
    expect(store.keys()).toEqual([]);
  });

  it('keeps to one object where nothing may be deleted any more', async () => {
    const { advance, clock, store, probe } = setUp();
    await probe(0);
    for (const action of ['remove', 'DELETE'] as const) store.failures.set(action, DENIED);
    for (let time = 0; time < 3; time++) {
      advance(60_000);
      await probe(0, { mode: 'Survey', survey: { key: 'bucket', notBefore: clock.monotonic() } });
    }
    // One of the cycle by header, with one that was uploaded in parts.
    expect(store.keys().length).toBeLessThanOrEqual(2);
  });

  it('tolerates passing faults three times: the last good facts stand for all', async () => {
    const { advance, clock, store, probe, surveys } = setUp();
    await probe(0);
    const good = surveys.latest('bucket')?.revision;
    const news: string[] = [];
    surveys.onNews((key) => news.push(key));
    store.failures.set('settings', { kind: 'ServiceUnavailable', httpStatus: 503 });
    for (let time = 1; time <= 4; time++) {
      advance(60_000);
      await probe(0, { mode: 'Survey', survey: { key: 'bucket', notBefore: clock.monotonic() } });
      expect(surveys.latest('bucket')?.revision === good).toBe(time <= 3);
    }
    expect(news).toEqual(['bucket']);
  });
});
