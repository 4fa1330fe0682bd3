import { Secret } from '../../../src/base/secret.ts';
import type { ValidationRequest } from '../../../src/controllers/validation/validation-request.ts';
import { createValidator, type Validation, type Validator } from '../../../src/controllers/validation/validation.ts';
import type { BucketStorage } from '../../../src/domain/bucket/storage.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { createSurveys } from '../../../src/probes/surveys.ts';
import { FakeStore } from './bucket.ts';
import { createFakeClock } from './clock.ts';
import { contextOf, s3 } from './observations.ts';
import { proberOf } from './probing.ts';
import { settle } from './settle.ts';

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const POLICY = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;

type Judged = Validation & { readonly kind: 'Judged' };

/** A validator whose probes go to one bucket in memory. */
export function validatorOf(store: FakeStore, clock: Clock): Validator {
  const surveys = createSurveys();
  const prober = proberOf(store, { clock, surveys });
  return createValidator({
    ...{ prober, clock, surveys, metrics: { recordProbe: () => undefined } },
    surveySalt: new Secret('salt'),
    hold: () => () => undefined,
  });
}

/** Teams on one bucket, each validated whenever it is woken or a probe of it is due. */
export function startTeams({
  count = 20,
  storage = s3,
}: { readonly count?: number; readonly storage?: BucketStorage } = {}) {
  const store = new FakeStore();
  const clock = createFakeClock();
  const validator = validatorOf(store, clock);
  const verdicts = new Map<string, Judged>();
  const proofs: string[] = [];
  const woken = new Set<string>();
  const changes = new Map<string, Partial<ValidationRequest>>();
  const uids = Array.from({ length: count }, (_, team) => `${String(team).padStart(4, '0')}abcd`);

  function validate(uid: string): void {
    const own = { ...storage, path: `teams/${uid}` };
    const verdict = validator.validate({
      uid,
      target: {
        storage: own,
        credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') },
      },
      context: contextOf({ storage: own }),
      ignore: [],
      policy: POLICY,
      salt: new Secret('00112233445566778899aabbccddeeff'),
      wake: () => wake(uid),
      ...changes.get(uid),
    });
    if (verdict.kind === 'Probing') return;
    verdicts.set(uid, verdict);
    if (verdict.provenNow) proofs.push(uid);
  }

  /** As the work queue does: one that is already waiting is not added again. */
  function wake(uid: string): void {
    if (woken.has(uid)) return;
    woken.add(uid);
    setImmediate(() => {
      woken.delete(uid);
      validate(uid);
    });
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
