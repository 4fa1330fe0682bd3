import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { contextOf, endpointFails, goodObservations, listFails, s3 } from '../../../test/fakes/observations.ts';
import { FakeProber } from '../../../test/fakes/prober.ts';
import { isProven } from '../../checks/roll-up.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { Secret } from '../../base/secret.ts';
import { createValidator, type Validation, type ValidationRequest } from './validation.ts';

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
  const validator = createValidator({ prober, clock, metrics: { recordProbe: () => undefined } });
  const woken: string[] = [];
  function look(changes: Partial<ValidationRequest> & { readonly secret?: string } = {}): Validation {
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
  async function lookAndSee(seen: Observations, changes: Parameters<typeof look>[0] = {}) {
    const first = look(changes);
    if (first.kind === 'Judged') return first;
    await prober.last.end(seen);
    return judged(look(changes));
  }
  return { prober, validator, clock, woken, look, lookAndSee };
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
    const { prober, woken, look } = setUp();
    expect(look()).toEqual({ kind: 'Probing' });
    expect(look()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(1);
    await prober.last.end(FULL);

    expect(woken).toEqual(['fast']);
    expect(look()).toMatchObject({ kind: 'Judged', provenNow: true, probed: { mode: 'Full' } });
    expect(look()).toMatchObject({ kind: 'Judged', provenNow: false });
    expect(prober.probes).toHaveLength(1);
  });

  it('that was withdrawn has no result', async () => {
    const { prober, validator, woken, look } = setUp();
    look();
    validator.withdraw('0123abcd');
    expect(prober.last.signal.aborted).toBe(true);
    await prober.last.end(FULL);

    expect(woken).toEqual([]);
    expect(look()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(2);
  });

  it('that was withdrawn and then throws has no effect', async () => {
    const { prober, validator, woken, look } = setUp();
    look();
    validator.withdraw('0123abcd');
    await prober.last.fail(new Error('too late'));

    expect(woken).toEqual([]);
    expect(look()).toEqual({ kind: 'Probing' });
  });

  it('is ended by a change of the key, and its end counts for nothing', async () => {
    const { prober, woken, look } = setUp();
    look({ secret: 'old' });
    const [old] = prober.probes;
    look({ secret: 'new' });
    expect(old?.signal.aborted).toBe(true);
    await old?.end(FULL);

    expect(woken).toEqual([]);
    expect(look({ secret: 'new' })).toEqual({ kind: 'Probing' });
    await prober.last.end(REFUSED);
    expect(judged(look({ secret: 'new' })).provenNow).toBe(false);
  });

  it('is done again when the key changes for which another one proves the bucket', async () => {
    const { prober, look } = setUp();
    look({ provenFor: 'one' });
    await prober.last.end(FULL);
    expect(judged(look({ provenFor: 'one' })).provenNow).toBe(true);

    expect(look({ provenFor: 'two' })).toEqual({ kind: 'Probing' });
  });

  it('that ended just before the key changed proves nothing of the new one', async () => {
    const { prober, look } = setUp();
    look({ secret: 'old' });
    await prober.last.end(FULL);

    expect(look({ secret: 'new' })).toEqual({ kind: 'Probing' });
    // Nor of the old one when that comes back: its result was for other inputs.
    expect(look({ secret: 'old' })).toEqual({ kind: 'Probing' });
  });

  it('that throws is a bug: the call throws it, and the next one probes again', async () => {
    const { prober, woken, look } = setUp();
    look();
    await prober.last.fail(new Error('a bug'));

    expect(woken).toEqual(['fast']);
    expect(() => look()).toThrow('a bug');
    expect(look()).toEqual({ kind: 'Probing' });
    expect(prober.probes).toHaveLength(2);
  });
});

it('a request during a light probe gets a full one, and is answered once', async () => {
  const { prober, clock, look, lookAndSee } = setUp();
  await lookAndSee(FULL);
  clock.advance(1.2 * HOUR);
  look();
  const light = prober.last;
  expect(light.request).toMatchObject({ mode: 'Light', urgent: false });

  expect(look({ requested: 'please' })).toEqual({ kind: 'Probing' });
  expect(light.signal.aborted).toBe(true);
  expect(prober.last.request).toMatchObject({ mode: 'Full', urgent: true });
  await light.end(LIGHT);
  expect(look({ requested: 'please' })).toEqual({ kind: 'Probing' });
  await prober.last.end(FULL);

  expect(look({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: true });
  // The status that acknowledges it has not come back yet.
  expect(look({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: false });
  expect(prober.probes).toHaveLength(3);
  expect(look({ requested: 'again' })).toEqual({ kind: 'Probing' });
});

it('a request during a full probe gets one that began after the request', async () => {
  const { prober, look } = setUp();
  look();
  look({ requested: 'please' });

  expect(prober.probes.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await prober.last.end(FULL);
  expect(look({ requested: 'please' })).toMatchObject({ kind: 'Judged', provenNow: true });
});

describe('a bucket that was proven', () => {
  it('is called broken at the fourth transient fault: three are warnings', async () => {
    const { clock, lookAndSee } = setUp();
    await lookAndSee(FULL);
    const seen: (readonly string[])[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      clock.advance(2 * HOUR);
      seen.push(outcomes(await lookAndSee(AWAY)));
    }

    const warned = ['EndpointReachable Warn'];
    expect(seen.slice(0, 3)).toEqual([warned, warned, warned]);
    expect(seen[3]).toContain('EndpointReachable Fail');
    clock.advance(2 * HOUR);
    const back = await lookAndSee(FULL);
    expect(outcomes(back)).toEqual([]);
    // Tolerated faults no longer count after a success.
    clock.advance(2 * HOUR);
    expect(isProven((await lookAndSee(AWAY)).results)).toBe(true);
  });

  it('is broken at once where the store refuses', async () => {
    const { clock, lookAndSee } = setUp();
    await lookAndSee(FULL);
    clock.advance(2 * HOUR);

    expect(isProven((await lookAndSee(REFUSED)).results)).toBe(false);
  });
});

describe('after a restart', () => {
  async function recorded() {
    const { clock, lookAndSee } = setUp();
    const { fingerprint, results, lastFullAt } = await lookAndSee(FULL);
    clock.advance(10 * MINUTE);
    return { recorded: { fingerprint, lastFullAt, checks: results }, ...setUp(clock) };
  }

  it('a fresh full validation counts: nothing is probed in full', async () => {
    const { recorded: known, prober, clock, look, lookAndSee } = await recorded();
    const first = await lookAndSee(LIGHT, { recorded: known });

    expect(first).toMatchObject({ fingerprint: known.fingerprint, lastFullAt: known.lastFullAt, provenNow: false });
    clock.advance(2 * HOUR);
    look({ recorded: known });
    expect(prober.probes.map(({ request }) => request.mode)).not.toContain('Full');
    expect(prober.probes.length).toBeGreaterThan(0);
  });

  it.each([
    ['Full', FULL],
    ['ReadOnly', LIGHT],
  ] as const)('of a version with fewer checks it is completed, as far as mode %s lets us', async (mode, seen) => {
    const { recorded: known, prober, lookAndSee } = await recorded();
    const NEW = ['VersioningEnabled', 'KmsUsable', 'EncryptionMatches', 'RequesterPaysOff', 'MixedContent'];
    const checks = known.checks.filter(({ name }) => !NEW.includes(name));
    const policy = { mode, intervalMs: HOUR, fullIntervalMs: 24 * HOUR };
    const { results } = await lookAndSee(seen, { recorded: { ...known, checks }, policy });
    expect(prober.last.request.mode).toBe(seen.mode);
    expect(isProven(results)).toBe(true);
    expect(results.find(({ name }) => name === 'CanWrite')?.result).toBe('Pass');
  });

  it('it does not count for another key', async () => {
    const { recorded: known, prober, look } = await recorded();
    look({ recorded: known, secret: 'other' });

    expect(prober.last.request).toMatchObject({ mode: 'Full', urgent: true });
  });
});

describe('a wall clock that is set back by two hours,', () => {
  const policy = { mode: 'Full', intervalMs: 1000 * HOUR, fullIntervalMs: 24 * HOUR } as const;

  it('delays no retry', async () => {
    const { prober, validator, clock, lookAndSee } = setUp();
    await lookAndSee(REFUSED);
    clock.setWall(-2 * HOUR);

    expect(validator.nextProbeIn('0123abcd', policy)).toBeLessThanOrEqual(33_000);
    clock.advance(33_000);
    await lookAndSee(REFUSED);
    expect(prober.probes).toHaveLength(2);
  });

  it('or forward by two days, makes nothing be probed', async () => {
    const { prober, clock, lookAndSee } = setUp();
    await lookAndSee(FULL);
    clock.setWall(48 * HOUR);
    await lookAndSee(FULL);
    expect(prober.probes).toHaveLength(1);
  });

  it('delays no full validation past its interval, where a status has one in the future', async () => {
    const { lookAndSee } = setUp();
    const { fingerprint, results: checks } = await lookAndSee(FULL);
    const waits = [0, 2 * HOUR].map((aheadMs) => {
      const { validator, clock, look } = setUp();
      look({ policy, recorded: { fingerprint, checks, lastFullAt: clock.now() + aheadMs } });
      return validator.nextProbeIn('0123abcd', policy);
    });
    expect(waits[1]).toBe(waits[0]);
    expect(waits[0]).toBeLessThanOrEqual(26.4 * HOUR);
  });
});

/** Calls the validator whenever a probe is due, for the given time; returns the minutes at which it probed. */
async function tryFor(hours: number, seen: Observations): Promise<readonly number[]> {
  const { prober, validator, clock, lookAndSee } = setUp();
  const policy = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;
  await lookAndSee(FULL);
  clock.advance(HOUR * 1.2);
  const began = clock.now();
  const at: number[] = [];
  while (clock.now() - began < hours * HOUR) {
    const before = prober.probes.length;
    await lookAndSee(seen);
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
