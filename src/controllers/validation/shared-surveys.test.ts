import { describe, expect, it } from '@jest/globals';
import { FakeStore } from '../../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { contextOf, s3 } from '../../../test/support/fakes/observations.ts';
import { proberOf } from '../../../test/support/fakes/probing.ts';
import { settle } from '../../../test/support/fakes/settle.ts';
import { Secret } from '../../base/secret.ts';
import { isProven } from '../../checks/roll-up.ts';
import { createSurveys } from '../../probes/surveys.ts';
import { createValidator, type Validation, type ValidationRequest } from './validation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;
const POLICY = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;

type Judged = Validation & { readonly kind: 'Judged' };

/** Teams on one bucket, each validated whenever it is woken or a probe of it is due. */
function setUp({ count = 20 } = {}) {
  const store = new FakeStore();
  const clock = createFakeClock();
  const surveys = createSurveys();
  const prober = proberOf(store, { clock, surveys });
  const validator = createValidator({
    ...{ prober, clock, surveys, metrics: { recordProbe: () => undefined } },
    surveySalt: new Secret('salt'),
  });
  const verdicts = new Map<string, Judged>();
  const proofs: string[] = [];
  const changes = new Map<string, Partial<ValidationRequest>>();
  const uids = Array.from({ length: count }, (_, team) => `${String(team).padStart(4, '0')}abcd`);

  function validate(uid: string): void {
    const storage = { ...s3, path: `teams/${uid}` };
    const verdict = validator.validate({
      uid,
      target: { storage, credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } },
      context: contextOf({ storage }),
      ignore: [],
      policy: POLICY,
      salt: new Secret('00112233445566778899aabbccddeeff'),
      wake: () => setImmediate(() => validate(uid)),
      ...changes.get(uid),
    });
    if (verdict.kind === 'Probing') return;
    verdicts.set(uid, verdict);
    if (verdict.provenNow) proofs.push(uid);
  }

  async function rest(): Promise<void> {
    for (let turn = 0; turn < 60; turn++) {
      await settle();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets time pass by minutes; validates what is due. */
  async function pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= MINUTE) {
      clock.advance(Math.min(left, MINUTE));
      store.serverTime += Math.min(left, MINUTE);
      for (const uid of uids) if (validator.nextProbeIn(uid, POLICY) === 0) validate(uid);
      await rest();
    }
  }

  async function start(): Promise<void> {
    for (const uid of uids) validate(uid);
    await rest();
  }

  const reasons = (uid: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      (verdicts.get(uid)?.results ?? [])
        .filter(({ result, reason }) => result !== 'Pass' && reason !== 'NotApplicable')
        .map(({ name, reason }) => [name, reason]),
    );
  const surveyed = (): number => store.actions().filter((action) => action === 'complete').length;
  const tried = (): number => store.actions().filter((action) => action === 'PUT').length;
  return {
    ...{ store, clock, validator, verdicts, proofs, changes, uids },
    ...{ validate, rest, pass, start, reasons },
    surveyed,
    tried,
  };
}

describe('teams on one bucket', () => {
  it('are proven by one survey and a trial each', async () => {
    const { uids, start, verdicts, proofs, surveyed, tried } = setUp();
    await start();
    for (const uid of uids) expect(isProven(verdicts.get(uid)?.results ?? [])).toBe(true);
    expect([...proofs].sort()).toEqual([...uids].sort());
    expect({ surveys: surveyed(), trials: tried() }).toEqual({ surveys: 1, trials: uids.length });
  });

  it('all hear of a rule for browsers that is gone, within the hour and from one light probe: no trial, one survey', async () => {
    const { store, uids, start, pass, reasons, surveyed, tried } = setUp();
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
    const { store, uids, start, pass, verdicts, proofs, surveyed, tried } = setUp();
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
    const { store, uids, start, pass, reasons, surveyed } = setUp();
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
    const { store, uids, changes, start, rest, validate, reasons, surveyed, tried, clock } = setUp();
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
    const { store, uids, start, pass, verdicts, clock } = setUp({ count: 3 });
    const began = clock.now();
    store.allowedOrigin = undefined;
    await start();
    await pass(20 * MINUTE);
    store.allowedOrigin = '*';
    await pass(12 * MINUTE);
    for (const uid of uids) expect(verdicts.get(uid)?.lastFullAt).toBe(began);
  });
});

describe('a bucket that nobody uses any more', () => {
  it('has no survey', async () => {
    const { uids, start, validator, surveyed, validate, rest } = setUp({ count: 2 });
    await start();
    for (const uid of uids) validator.forget(uid);
    validate(uids[0] ?? '');
    await rest();
    expect(surveyed()).toBe(2);
  });
});
