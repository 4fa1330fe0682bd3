import { describe, expect, it } from '@jest/globals';
import {
  bucketSpec,
  instanceObject,
  omega,
  published,
  REFUSAL,
  teamObject,
  wandb,
} from '../../../test/support/fakes/publishing-world.ts';

describe('what keeps an instance from publishing', () => {
  it.each(['failWrite', 'failSave', 'failRead'] as const)(
    'a refusal (%s) leaves the bound claim bound and served, and is reported after three tries',
    async (fault) => {
      const world = await published();
      const other = teamObject('other', { bucket: bucketSpec('c') });
      world.put(other);
      world.prove(other, 'o');
      world[fault] = REFUSAL;
      const reasons: (string | undefined)[] = [];
      for (let tries = 1; tries <= 3; tries += 1) {
        await world.publish();
        reasons.push(world.publication()?.problem?.reason);
      }

      expect(reasons).toEqual([undefined, undefined, 'PublishFailed']);
      expect(world.claim(omega)).toMatchObject({ served: 'Yes', record: { name: 'omega' } });
      expect(world.claim(other)?.served ?? 'No').toBe('No');
      expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');

      world[fault] = undefined;
      await world.publish();
      expect([world.publication()?.problem, world.claim(other)?.served]).toEqual([undefined, 'Yes']);
    },
  );

  it('a refusal is not tried again before its time, whatever wakes the publisher meanwhile', async () => {
    const world = await published();
    world.prove(omega, 'd2');
    world.failSave = REFUSAL;
    for (let tries = 1; tries <= 4; tries += 1) await world.publish();
    world.failSave = undefined;
    expect(await world.wake()).toMatchObject({ kind: 'requeue', lane: 'fast' });
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
    await world.publish();
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d2');
  });

  it('a Retry-After of the API server is respected', async () => {
    const world = await published();
    world.prove(omega, 'd2');
    world.failSave = { ...REFUSAL, status: 429, reason: 'TooManyRequests', retryAfterMs: 40_000 };
    expect(await world.publish()).toMatchObject({ kind: 'requeue', afterMs: 40_000 });
  });

  it('a write of another process causes another try, and is no fault', async () => {
    const world = await published();
    world.prove(omega, 'd2');
    world.failSave = { status: 409, reason: 'Conflict', message: '' };
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await world.publish()).toMatchObject({ kind: 'requeue', afterMs: 1_000 });
    }
    expect(world.publication()?.problem).toBeUndefined();
  });

  it('a spec that does not say how file stores are written leaves ledger and Secret alone', async () => {
    const world = await published();
    const before = [...world.writes];
    world.put(instanceObject('wandb', { fileStores: { separator: 5 } as never }));
    world.remove(omega);
    await world.publish();

    expect(world.writes).toEqual(before);
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
    expect(world.of(wandb)?.refusal?.reason).toBe('InvalidSpec');
    expect(world.claim(omega)?.served).toBe('Yes');
  });

  it('an error elsewhere in its spec does not prevent publication', async () => {
    const world = await published();
    const other = teamObject('other', { bucket: bucketSpec('c') });
    world.put(instanceObject('wandb', { validation: { interval: '1y' } }), other);
    world.prove(other, 'o');
    await world.publish();

    expect(world.claim(other)?.served).toBe('Yes');
  });

  it('a ledger of a newer version is left as it is, and so is all that it published', async () => {
    const world = await published();
    const before = [...world.writes];
    world.failLoad = { kind: 'Newer', secret: 'wandb-storage-ledger' };
    world.prove(omega, 'd2');
    await world.publish();

    expect(world.publication()?.problem?.reason).toBe('LedgerTooNew');
    expect([world.writes, world.claim(omega)?.served]).toEqual([before, 'Yes']);
  });
});
