import { expect, it } from '@jest/globals';
import { FakeStore } from '../../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { contextOf, s3 } from '../../../test/support/fakes/observations.ts';
import { validatorOf } from '../../../test/support/fakes/teams.ts';
import { Secret } from '../../base/secret.ts';
import { isProven } from '../../checks/roll-up.ts';
import type { Validation } from './validation.ts';

const HOUR = 3_600_000;

/** Validates one object for six hours, whenever a probe is due, and notes what became of Ready. */
async function sixHours(store: FakeStore) {
  const clock = createFakeClock();
  const validator = validatorOf(store, clock);
  const credential = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } as const;
  const policy = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;

  function validate(wake: () => void): Validation {
    return validator.validate({
      uid: 'uid-1',
      target: { storage: s3, credential },
      context: contextOf(),
      ignore: [],
      policy,
      salt: new Secret('00112233445566778899aabbccddeeff'),
      wake,
    });
  }

  async function judged(): Promise<Validation & { readonly kind: 'Judged' }> {
    const woken = Promise.withResolvers<undefined>();
    const first = validate(() => woken.resolve(undefined));
    if (first.kind === 'Judged') return first;
    await woken.promise;
    return judged();
  }

  const began = clock.now();
  const ready: boolean[] = [];
  const modes: string[] = [];
  while (clock.now() - began < 6 * HOUR) {
    const { results, probed } = await judged();
    ready.push(isProven(results));
    if (probed !== undefined) modes.push(probed.mode);
    clock.advance(Math.max(100, validator.nextProbeIn('uid-1', policy) ?? HOUR));
  }
  return { ready: new Set(ready), modes };
}

it.each<[string, (store: FakeStore) => void]>([
  ['a store that answers 403 for absent keys', (store) => (store.hidesAbsence = true)],
  ['a gateway with a page of its own for 404', (store) => (store.isBehindGateway = true)],
  ['a gateway with a page of its own for that 403', (store) => (store.hidesAbsence = store.isBehindGateway = true)],
])('a key for one path stays Ready for six hours after one full probe: %s', async (_, arrange) => {
  const store = new FakeStore();
  arrange(store);
  const { ready, modes } = await sixHours(store);
  expect(ready).toEqual(new Set([true]));
  expect(modes[0]).toBe('Full');
  expect(new Set(modes.slice(1))).toEqual(new Set(['Light']));
  expect(modes.length).toBeGreaterThanOrEqual(6);
  expect({ written: store.written, left: store.keys() }).toEqual({ written: 3, left: [] });
});

it('a key that loses its signature is seen by the light probe', async () => {
  const store = new FakeStore();
  store.before = () => {
    if (store.written === 3) store.failures.set('list', { kind: 'SignatureMismatch', httpStatus: 403 });
  };
  expect((await sixHours(store)).ready).toContain(false);
});
