import { describe, expect, it } from '@jest/globals';
import { EMPTY } from '../../../test/support/fakes/publication.ts';
import type { PublishingWorld } from '../../../test/support/fakes/publishing-world.ts';
import {
  bucketSpec,
  createdAt,
  instanceObject,
  REFUSAL,
  teamObject,
  worldWith,
} from '../../../test/support/fakes/publishing-world.ts';

describe('two claims on one team', () => {
  const late = teamObject('late', { team: 'omega', bucket: bucketSpec('late') }, createdAt('02'));
  const early = teamObject('early', { team: 'omega', bucket: bucketSpec('early') }, createdAt('01'));

  it('that were both proven before either was reported: only the one that wins is published', async () => {
    const world = worldWith(late, early);
    world.prove(late, 'l');
    world.prove(early, 'e');
    await world.publish();

    expect(world.claim(early)?.served).toBe('Yes');
    expect(world.claim(late)).toBeUndefined();
    expect(world.secret()['SUPPORTED_FILE_STORES']).not.toContain('late');
  });

  it.each(['Forbid', 'Allow'] as const)(
    'the one that is published stays, also when its spec names another instance (%s)',
    async (bucketChangePolicy) => {
      const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, createdAt('09'));
      const spec = { team: 'omega', bucket: bucketSpec('late'), bucketChangePolicy };
      const world = worldWith(lab, teamObject('late', { ...spec, instanceRef: { name: 'wandb' } }, createdAt('02')));
      world.prove(teamObject('late', spec), 'l');
      await world.publish('lab');
      await world.publish();
      const moved = teamObject(
        'late',
        { ...spec, instanceRef: { name: 'lab' } },
        { generation: 2, ...createdAt('02') },
      );
      const rival = teamObject(
        'early',
        { team: 'omega', bucket: bucketSpec('early'), instanceRef: { name: 'wandb' } },
        createdAt('01'),
      );
      world.put(moved, rival);
      world.prove(rival, 'e');
      await world.publish();

      expect(world.of(rival)?.refusal?.reason).toBe('TeamConflict');
      expect(world.claim(moved)?.served).toBe('Yes');
      expect(world.secret()['SUPPORTED_FILE_STORES']).not.toContain('early');
    },
  );

  it('the one that was published stays, also when an older one is proven', async () => {
    const world = worldWith(late);
    world.prove(late, 'l');
    await world.publish();
    world.put(early);
    world.prove(early, 'e');
    await world.publish();

    expect(world.claim(late)?.served).toBe('Yes');
    expect(world.claim(early)).toBeUndefined();
    expect(world.of(early)?.refusal?.reason).toBe('TeamConflict');
  });
});

describe('two instances that race for one bucket', () => {
  const other = instanceObject('other', { bucket: bucketSpec('other-runs') });
  const claim = (name: string, instance: string) =>
    teamObject(name, {
      bucket: bucketSpec('b', { path: name }),
      instanceRef: { name: instance },
      isolation: 'Required',
    });
  const [first, second] = [claim('first', 'wandb'), claim('second', 'other')];

  /** Both ledgers are known, so both can be decided. */
  async function racing(): Promise<PublishingWorld> {
    const world = worldWith(other, first, second);
    world.stored.set('ns/wandb', { kind: 'Known', ledger: EMPTY, resourceVersion: '0' });
    world.stored.set('ns/other', { kind: 'Known', ledger: EMPTY, resourceVersion: '0' });
    await world.publish('wandb');
    await world.publish('other');
    world.prove(first, 'd1');
    world.prove(second, 'd2');
    return world;
  }

  it('see each other, also while the first is still being written', async () => {
    const world = await racing();
    let isRacing = true;
    world.whileSaving = async () => {
      if (!isRacing) return;
      isRacing = false;
      await world.publish('other');
    };
    await world.publish('wandb');

    expect(world.ledger('wandb').claims.map(({ name }) => name)).toEqual(['first']);
    expect(world.of(second)?.refusal?.reason).toBe('IsolationViolated');
    expect(world.ledger('other').claims).toEqual([]);
  });

  it.each([0, 500])('see each other while it is unknown whether the first was written (%d)', async (status) => {
    const world = await racing();
    world.failSave = { ...REFUSAL, status };
    await world.publish('wandb');
    world.failSave = undefined;
    await world.publish('other');
    expect(world.ledger('other').claims).toEqual([]);

    await world.publish('wandb');
    expect(world.ledger('wandb').claims.map(({ name }) => name)).toEqual(['first']);
  });

  it('give way to each other where the first was refused', async () => {
    const world = await racing();
    world.failSave = { ...REFUSAL, status: 403 };
    await world.publish('wandb');
    world.failSave = undefined;
    await world.publish('other');
    expect(world.ledger('other').claims.map(({ name }) => name)).toEqual(['second']);
  });
});

it('newcomers stop short of the limit of an environment variable, and a rotation of what stands still fits', async () => {
  const teams = Array.from({ length: 80 }, (_, at) =>
    teamObject(`t${String(at)}`, { bucket: bucketSpec(`b${String(at)}`) }),
  );
  const world = worldWith(...teams);
  for (const one of teams) world.prove(one, `${one.metadata.name}-${'x'.repeat(1_000)}`);
  await world.publish();
  const served = teams.filter((one) => world.claim(one)?.served === 'Yes');
  const refused = teams.filter((one) => world.claim(one)?.refusal?.reason === 'FileStoresFull');

  expect([served.length > 0, refused.length > 0, served.length + refused.length]).toEqual([true, true, 80]);
  expect(world.publication()?.fileStoresBytes).toBeLessThanOrEqual((128 - 4) * 1024 - 256);
  const [first] = served;
  if (first === undefined) throw new Error('no claim has an entry');
  world.prove(first, `rotated-${'y'.repeat(2_000)}`);
  await world.publish();
  expect(world.claim(first)).toMatchObject({
    served: 'Yes',
    row: { digest: expect.stringContaining('rotated') as unknown },
  });
});
