import { describe, expect, it } from '@jest/globals';
import type { StoreAction } from '../../../test/support/fakes/bucket.ts';
import { minio } from '../../../test/support/fakes/observations.ts';
import { MINUTE, startTeams } from '../../../test/support/fakes/teams.ts';
import { isProven } from '../../checks/roll-up.ts';

const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;

describe('teams on one bucket', () => {
  it('are proven by one survey and a trial each', async () => {
    const { uids, start, verdicts, proofs, surveyed, tried } = startTeams();
    await start();
    for (const uid of uids) expect(isProven(verdicts.get(uid)?.results ?? [])).toBe(true);
    expect([...proofs].sort()).toEqual([...uids].sort());
    expect({ surveys: surveyed(), trials: tried() }).toEqual({ surveys: 1, trials: uids.length });
  });

  it('all hear of a rule for browsers that is gone, within the hour and from one light probe: no trial, one survey', async () => {
    const { store, uids, start, pass, reasons, surveyed, tried } = startTeams();
    await start();
    const [surveys, trials] = [surveyed(), tried()];
    store.allowedOrigin = undefined;
    let minutes = 0;
    while (uids.some((uid) => reasons(uid)['CorsAllowsApp'] === undefined) && minutes < 90) {
      await pass(MINUTE);
      minutes += 1;
    }
    expect(minutes).toBeLessThanOrEqual(66);
    for (const uid of uids) expect(reasons(uid)).toMatchObject({ CorsAllowsApp: 'CorsMissing' });
    expect({ surveys: surveyed() - surveys, trials: tried() - trials }).toEqual({ surveys: 1, trials: 0 });
  });

  it('try again what a survey decides by surveys alone, once for all, and are proven by it', async () => {
    const { store, uids, start, pass, verdicts, proofs, surveyed, tried } = startTeams();
    store.allowedOrigin = undefined;
    await start();
    expect(proofs).toEqual([]);
    const trials = tried();
    const before = surveyed();
    await pass(30 * MINUTE);
    // 30 s, 1, 2, 5, 10 and 10 minutes, with the jitter of each claim.
    expect(surveyed() - before).toBeLessThanOrEqual(12);
    store.allowedOrigin = '*';
    await pass(12 * MINUTE);
    expect(tried()).toBe(trials);
    for (const uid of uids) expect(isProven(verdicts.get(uid)?.results ?? [])).toBe(true);
    expect(new Set(proofs).size).toBe(uids.length);
  });

  it('try again at their own path what is refused there, without another survey', async () => {
    const { store, uids, start, pass, reasons, surveyed } = startTeams();
    const [, refused = ''] = uids;
    store.refuses = ({ action, key }) =>
      (action === 'PUT' || action === 'create') && key.includes(refused) ? DENIED : undefined;
    await start();
    expect(reasons(refused)).toMatchObject({ CanWrite: 'WriteDenied' });
    const before = surveyed();
    await pass(20 * MINUTE);
    store.refuses = () => undefined;
    await pass(12 * MINUTE);
    expect(reasons(refused)).toEqual({});
    expect(surveyed()).toBe(before);
  });

  it('of which one asks for a validation are all judged again by its survey', async () => {
    const { store, uids, changes, start, rest, validate, reasons, surveyed, tried, clock } = startTeams();
    await start();
    const [trials, surveys] = [tried(), surveyed()];
    store.allowedOrigin = undefined;
    clock.advance(1000);
    const [first = ''] = uids;
    changes.set(first, { requested: 'now' });
    validate(first);
    await rest();
    for (const uid of uids) expect(reasons(uid)).toMatchObject({ CorsAllowsApp: 'CorsMissing' });
    expect({ surveys: surveyed() - surveys, trials: tried() - trials }).toEqual({ surveys: 1, trials: 1 });
  });

  it('keep the older of survey and trial as the time of the last full validation', async () => {
    const { store, uids, start, pass, verdicts, clock } = startTeams({ count: 3 });
    const began = clock.now();
    store.allowedOrigin = undefined;
    await start();
    await pass(20 * MINUTE);
    store.allowedOrigin = '*';
    await pass(12 * MINUTE);
    for (const uid of uids) expect(verdicts.get(uid)?.lastFullAt).toBe(began);
  });
});

describe('what a survey saw once', () => {
  it('of a limit of uploads is asked again until it is gone, though the path shows it', async () => {
    const { store, uids, start, pass, reasons, proofs } = startTeams({ count: 3, storage: minio });
    store.takesLongBodies = false;
    await start();
    for (const uid of uids) expect(reasons(uid)).toMatchObject({ PresignedUrls: 'BodyTooLarge' });
    store.takesLongBodies = true;
    await pass(5 * MINUTE);
    expect([...proofs].sort()).toEqual(uids);
  });

  it.each<StoreAction>(['start', 'part', 'complete'])(
    'of a fault of an upload in parts is asked again: %s',
    async (step) => {
      const { store, uids, start, pass, proofs } = startTeams({ count: 3 });
      store.failures.set(step, { kind: 'ServiceUnavailable', httpStatus: 503 });
      await start();
      expect(proofs).toEqual([]);
      store.failures.clear();
      await pass(8 * MINUTE);
      expect([...new Set(proofs)].sort()).toEqual(uids);
    },
  );

  it('does not hide what is refused at the path meanwhile', async () => {
    const { store, uids, start, pass, reasons } = startTeams({ count: 1 });
    const [uid = ''] = uids;
    store.allowedOrigin = undefined;
    await start();
    expect(Object.keys(reasons(uid))).toEqual(['CorsAllowsApp']);
    store.allowedOrigin = '*';
    for (const action of ['PUT', 'create'] as const) store.failures.set(action, DENIED);
    await pass(5 * MINUTE);
    expect(reasons(uid)).toMatchObject({ CanWrite: 'WriteDenied' });
    store.failures.clear();
    await pass(12 * MINUTE);
    expect(reasons(uid)).toEqual({});
  });

  it('is found once for all after an outage', async () => {
    const { store, uids, start, pass, proofs, surveyed } = startTeams();
    store.failures.set('endpoint', { kind: 'ConnectionRefused' });
    await start();
    await pass(MINUTE);
    store.failures.clear();
    await pass(12 * MINUTE);
    expect([...proofs].sort()).toEqual(uids);
    expect(surveyed()).toBeLessThanOrEqual(2);
  });

  it('does not end the tries of a path that does not answer', async () => {
    const { store, uids, start, pass, reasons, verdicts, changes, rest, validate, clock } = startTeams({ count: 2 });
    await start();
    const [first = '', second = ''] = uids;
    store.refuses = ({ action, key }) =>
      action === 'list' && key.includes(first) ? { kind: 'ServiceUnavailable', httpStatus: 503 } : undefined;
    while (reasons(first)['CanList'] === undefined && clock.monotonic() < 70 * MINUTE) await pass(MINUTE);
    expect(isProven(verdicts.get(first)?.results ?? [])).toBe(true);
    store.bucketSettings = { ...store.bucketSettings, versioning: { enabled: false } };
    changes.set(second, { requested: 'now' });
    validate(second);
    await rest();
    expect(reasons(first)).toMatchObject({ VersioningEnabled: 'VersioningDisabled' });
    await pass(20 * MINUTE);
    expect(isProven(verdicts.get(first)?.results ?? [])).toBe(false);
  });
});

describe('a bucket that nobody uses any more', () => {
  it('has no survey', async () => {
    const { uids, start, validator, surveyed, validate, rest } = startTeams({ count: 2 });
    await start();
    for (const uid of uids) validator.forget(uid);
    validate(uids[0] ?? '');
    await rest();
    expect(surveyed()).toBe(2);
  });
});
