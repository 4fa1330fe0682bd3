import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { contextOf, endpointFails, goodObservations, listFails, s3 } from '../../../test/support/fakes/observations.ts';
import { FakeProber } from '../../../test/support/fakes/prober.ts';
import { isProven } from '../../checks/roll-up.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { Secret } from '../../base/secret.ts';
import { createSurveys } from '../../probes/surveys.ts';
import type { ValidationRequest } from './validation-request.ts';
import { createValidator, type Validation } from './validation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FULL = goodObservations();
const LIGHT: Observations = {
  mode: 'Light',
  ...(FULL.list !== undefined && { list: FULL.list }),
  ...(FULL.presigned?.GET !== undefined && { presigned: { GET: FULL.presigned.GET } }),
  requests: 2,
};
const REFUSED = listFails({ kind: 'AccessDenied', httpStatus: 403 });
const AWAY = endpointFails({ kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' });

function setUp(clock = createFakeClock()) {
  const prober = new FakeProber();
  let held = 0;
  const validator = createValidator({
    ...{ prober, clock, surveys: createSurveys(), metrics: { recordProbe: () => undefined } },
    surveySalt: new Secret('salt'),
    hold: () => {
      held += 1;
      return () => (held -= 1);
    },
  });
  const woken: string[] = [];
  function validate(changes: Partial<ValidationRequest> & { readonly secret?: string } = {}): Validation {
    const { secret = 'proven', ...rest } = changes;
    const credential = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret(secret) } as const;
    return validator.validate({
      uid: '0123abcd',
      target: { storage: s3, credential },
      context: contextOf(),
      ignore: [],
      policy: { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR },
      salt: new Secret('00112233445566778899aabbccddeeff'),
      wake: (lane) => woken.push(lane),
      ...rest,
    });
  }
  /** One call, and another after the probe with this result if the first started one. */
  async function validateWith(seen: Observations, changes: Parameters<typeof validate>[0] = {}) {
    const first = validate(changes);
    if (first.kind === 'Judged') return first;
    await prober.last.end(seen);
    return judged(validate(changes));
  }
  return { prober, validator, clock, woken, validate, validateWith, held: () => held };
}

function judged(validation: Validation): Validation & { readonly kind: 'Judged' } {
  if (validation.kind !== 'Judged') throw new Error('it still probes');
  return validation;
}

const outcomes = (validation: Validation & { readonly kind: 'Judged' }): readonly string[] =>
  validation.results
    .filter(({ result }) => result !== 'Pass' && result !== 'Skip')
    .map(({ name, result }) => `${name} ${result}`);

describe('a probe', () => {
  it('runs outside of the call, wakes the object at its end, and then reports a new proof once', async () => {
    const { prober, woken, validate } = setUp();
    expect(validate()).toEqual({ kind: 'Probing' });
    expect(validate()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(1);
    await prober.last.end(FULL);

    expect(woken).toEqual(['fast']);
    expect(validate()).toMatchObject({ kind: 'Judged', provenNow: true, probed: { mode: 'Full' } });
    expect(validate()).toMatchObject({ kind: 'Judged', provenNow: false });
    expect(prober.probes).toHaveLength(1);
  });

  it('comes before others for what a user does, and not for the others whose Secret has the same next key', async () => {
    const { prober, woken, validateWith, validate } = setUp();
    const uids = ['first', 'second', 'third'];
    for (const uid of uids) await validateWith(FULL, { uid });
    for (const uid of [...uids, 'new']) validate({ uid, secret: 'next' });
    const [first, second, third, newcomer] = prober.probes.slice(3);
    expect([first, second, third, newcomer].map((probe) => probe?.request.priority)).toEqual([
      'Changed',
      'Due',
      'Due',
      'New',
    ]);
    await second?.end(FULL);
    expect(woken.at(-1)).toBe('periodic');
    await third?.end(FULL);
    await validateWith(FULL, { uid: 'third', secret: 'next' });
    validate({ uid: 'third', secret: 'next', ignore: ['CorsAllowsApp'] });
    expect(prober.last.request.priority).toBe('Changed');
  });

  it('lets what is due stand back while somebody waits for it, however it ends', async () => {
    const { prober, validator, validate, validateWith, held } = setUp();
    validate();
    expect(held()).toBe(1);
    await prober.last.end(FULL);
    expect(held()).toBe(0);

    validate({ uid: 'fails' });
    await prober.last.fail(new Error('a bug'));
    validate({ uid: 'withdrawn' });
    validator.withdraw('withdrawn');
    await prober.last.end(FULL);
    expect(held()).toBe(0);

    await validateWith(FULL, { uid: 'follows' });
    validate({ uid: 'first', secret: 'next' });
    await prober.last.end(FULL);
    validate({ uid: 'follows', secret: 'next' });
    expect([prober.last.request.priority, held()]).toEqual(['Due', 0]);
  });

  it('that was withdrawn has no result', async () => {
    const { prober, validator, woken, validate } = setUp();
    validate();
    validator.withdraw('0123abcd');
    expect(prober.last.signal.aborted).toBe(true);
    await prober.last.end(FULL);

    expect(woken).toEqual([]);
    expect(validate()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(2);
  });

  it('that was withdrawn and then throws has no effect', async () => {
    const { prober, validator, woken, validate } = setUp();
    validate();
    validator.withdraw('0123abcd');
    await prober.last.fail(new Error('too late'));

    expect(woken).toEqual([]);
    expect(validate()).toEqual({ kind: 'Probing' });
  });

  it('is ended by a change of the key, and its end counts for nothing', async () => {
    const { prober, woken, validate } = setUp();
    validate({ secret: 'old' });
    const [old] = prober.probes;
    validate({ secret: 'new' });
    expect(old?.signal.aborted).toBe(true);
    await old?.end(FULL);

    expect(woken).toEqual([]);
    expect(validate({ secret: 'new' })).toEqual({ kind: 'Probing' });
    await prober.last.end(REFUSED);
    expect(judged(validate({ secret: 'new' })).provenNow).toBe(false);
  });

  it('is done again when the key changes for which another one proves the bucket', async () => {
    const { prober, validate } = setUp();
    validate({ provenFor: 'one' });
    await prober.last.end(FULL);
    expect(judged(validate({ provenFor: 'one' })).provenNow).toBe(true);

    expect(validate({ provenFor: 'two' })).toEqual({ kind: 'Probing' });
  });

  it('that ended just before the key changed proves nothing of the new one', async () => {
    const { prober, validate } = setUp();
    validate({ secret: 'old' });
    await prober.last.end(FULL);

    expect(validate({ secret: 'new' })).toEqual({ kind: 'Probing' });
    // Nor of the old one when that comes back: its result was for other inputs.
    expect(validate({ secret: 'old' })).toEqual({ kind: 'Probing' });
  });

  it('that throws is a bug: the call throws it, and the next one probes again', async () => {
    const { prober, woken, validate } = setUp();
    validate();
    await prober.last.fail(new Error('a bug'));

    expect(woken).toEqual(['fast']);
    expect(() => validate()).toThrow('a bug');
    expect(validate()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(2);
  });
});

it('a request during a light probe gets a full one, and is answered once', async () => {
  const { prober, clock, validate, validateWith } = setUp();
  await validateWith(FULL);
  clock.advance(1.2 * HOUR);
  validate();
  const light = prober.last;
  expect(light.request).toMatchObject({ mode: 'Light', priority: 'Due' });

  expect(validate({ requested: 'please' })).toEqual({ kind: 'Probing' });
  expect(light.signal.aborted).toBe(true);
  expect(prober.last.request).toMatchObject({ mode: 'Full', priority: 'Changed' });
  await light.end(LIGHT);
  expect(validate({ requested: 'please' })).toEqual({ kind: 'Probing' });
  await prober.last.end(FULL);

  expect(validate({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: true });
  // The status that acknowledges it has not come back yet.
  expect(validate({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: false });
  expect(prober.probes).toHaveLength(3);
  expect(validate({ requested: 'again' })).toEqual({ kind: 'Probing' });
});

it('a request during a full probe gets one that began after the request', async () => {
  const { prober, validate } = setUp();
  validate();
  validate({ requested: 'please' });

  expect(prober.probes.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await prober.last.end(FULL);
  expect(validate({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: true });
});

describe('a bucket that was proven', () => {
  it('is called broken at the fourth transient fault: three are warnings', async () => {
    const { clock, validateWith } = setUp();
    await validateWith(FULL);
    const seen: (readonly string[])[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      clock.advance(2 * HOUR);
      seen.push(outcomes(await validateWith(AWAY)));
    }

    const warned = ['EndpointReachable Warn'];
    expect(seen.slice(0, 3)).toEqual([warned, warned, warned]);
    expect(seen[3]).toContain('EndpointReachable Fail');
    clock.advance(2 * HOUR);
    const back = await validateWith(FULL);
    expect(outcomes(back)).toEqual([]);
    // Tolerated faults no longer count after a success.
    clock.advance(2 * HOUR);
    expect(isProven((await validateWith(AWAY)).results)).toBe(true);
  });

  it('is broken at once where the store refuses', async () => {
    const { clock, validateWith } = setUp();
    await validateWith(FULL);
    clock.advance(2 * HOUR);

    expect(isProven((await validateWith(REFUSED)).results)).toBe(false);
  });
});

describe('after a restart', () => {
  async function recorded() {
    const { clock, validateWith } = setUp();
    const { fingerprint, results, lastFullAt } = await validateWith(FULL);
    clock.advance(10 * MINUTE);
    return { recorded: { fingerprint, lastFullAt, checks: results }, ...setUp(clock) };
  }

  it('a fresh full validation counts: nothing is probed in full', async () => {
    const { recorded: known, prober, clock, validate, validateWith } = await recorded();
    const first = await validateWith(LIGHT, { recorded: known });

    expect(first).toMatchObject({ fingerprint: known.fingerprint, lastFullAt: known.lastFullAt, provenNow: false });
    clock.advance(2 * HOUR);
    validate({ recorded: known });
    expect(prober.probes.map(({ request }) => request.mode)).not.toContain('Full');
    expect(prober.probes.length).toBeGreaterThan(0);
  });

  it.each([
    ['Full', FULL],
    ['ReadOnly', LIGHT],
  ] as const)('of a version with fewer checks it is completed, as far as mode %s lets us', async (mode, seen) => {
    const { recorded: known, prober, validateWith } = await recorded();
    const NEW = ['VersioningEnabled', 'KmsUsable', 'EncryptionMatches', 'RequesterPaysOff', 'MixedContent'];
    const checks = known.checks.filter(({ name }) => !NEW.includes(name));
    const policy = { mode, intervalMs: HOUR, fullIntervalMs: 24 * HOUR };
    const { results } = await validateWith(seen, { recorded: { ...known, checks }, policy });
    expect(prober.last.request.mode).toBe(seen.mode);
    expect(isProven(results)).toBe(true);
    expect(results.find(({ name }) => name === 'CanWrite')?.result).toBe('Pass');
  });

  it('it does not count for another key', async () => {
    const { recorded: known, prober, validate } = await recorded();
    validate({ recorded: known, secret: 'other' });

    expect(prober.last.request).toMatchObject({ mode: 'Full', priority: 'New' });
  });
});

describe('a wall clock that is set back by two hours,', () => {
  const policy = { mode: 'Full', intervalMs: 1000 * HOUR, fullIntervalMs: 24 * HOUR } as const;

  it('delays no retry', async () => {
    const { prober, validator, clock, validateWith } = setUp();
    await validateWith(REFUSED);
    clock.setWall(-2 * HOUR);

    expect(validator.nextProbeIn('0123abcd', policy)).toBeLessThanOrEqual(33_000);
    clock.advance(33_000);
    await validateWith(REFUSED);
    expect(prober.probes).toHaveLength(2);
  });

  it('or forward by two days, makes nothing be probed', async () => {
    const { prober, clock, validateWith } = setUp();
    await validateWith(FULL);
    clock.setWall(48 * HOUR);
    await validateWith(FULL);
    expect(prober.probes).toHaveLength(1);
  });

  it('delays no full validation past its interval, where a status has one in the future', async () => {
    const { validateWith } = setUp();
    const { fingerprint, results: checks } = await validateWith(FULL);
    const waits = [0, 2 * HOUR].map((aheadMs) => {
      const { validator, clock, validate } = setUp();
      validate({ policy, recorded: { fingerprint, checks, lastFullAt: clock.now() + aheadMs } });
      return validator.nextProbeIn('0123abcd', policy);
    });
    expect(waits[1]).toBe(waits[0]);
    expect(waits[0]).toBeLessThanOrEqual(26.4 * HOUR);
  });
});

/** Calls the validator whenever a probe is due, for the given time; returns the minutes at which it probed. */
async function tryFor(hours: number, seen: Observations): Promise<readonly number[]> {
  const { prober, validator, clock, validateWith } = setUp();
  const policy = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;
  await validateWith(FULL);
  clock.advance(HOUR * 1.2);
  const began = clock.now();
  const at: number[] = [];
  while (clock.now() - began < hours * HOUR) {
    const before = prober.probes.length;
    await validateWith(seen);
    if (prober.probes.length > before) at.push((clock.now() - began) / MINUTE);
    clock.advance(Math.max(100, validator.nextProbeIn('0123abcd', policy) ?? HOUR));
  }
  return at;
}

describe('a store that is wrong for six hours', () => {
  it('is tried after 30 s, 1, 2, 5, then every 10 minutes where an administrator must fix it', async () => {
    const at = await tryFor(6, REFUSED);
    const waits = at.slice(1).map((minute, index) => minute - (at[index] ?? 0));

    for (const [index, minutes] of [0.5, 1, 2, 5, 10, 10, 10].entries()) {
      expect(Math.abs((waits[index] ?? 0) / minutes - 1)).toBeLessThanOrEqual(0.11);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(11.1);
    expect(at.length).toBeGreaterThan(35);
  });

  it('is tried at least every five minutes where it passes by itself, and not more than a fault is worth', async () => {
    const at = await tryFor(6, AWAY);
    const waits = at.slice(1).map((minute, index) => minute - (at[index] ?? 0));

    expect(Math.max(...waits)).toBeLessThanOrEqual(5);
    expect(at.filter((minute) => minute < 1).length).toBeGreaterThan(3);
    expect(at.length).toBeLessThan(600);
  });
});
