import { describe, expect, it } from '@jest/globals';
import {
  bucketSpec,
  instanceObject,
  omega,
  published,
  teamObject,
  worldWith,
} from '../../../test/support/fakes/publishing-world.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';

describe('the number of retained buckets', () => {
  const gone = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };

  it('is without the one that a new claim adopts, as soon as that is published', async () => {
    const world = await published();
    world.remove(omega);
    await world.publish();
    expect(world.publication()?.retained).toBe(1);

    const heir = teamObject('heir', { bucket: bucketSpec('b') });
    world.put(heir);
    world.prove(heir, 'd1');
    await world.publish();
    expect([world.claim(heir)?.served, world.publication()?.retained]).toEqual(['Yes', 0]);
  });

  it('is without the one that was removed, as soon as it is', async () => {
    const removed = teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: 'Remove' });
    const world = worldWith(removed);
    world.prove(removed, 'd1');
    await world.publish();
    world.remove(removed);
    await world.publish();
    expect(world.publication()?.retained).toBe(1);

    world.evidence = gone;
    await world.publish();
    expect([world.ledger().claims, world.publication()?.retained]).toEqual([[], 0]);
  });
});

describe('an InstanceStorage that is deleted with Remove', () => {
  const removed = instanceObject('wandb', { deletionPolicy: 'Remove' });
  const gone = { gone: new Set(['InstanceStorage/wandb']), confirmed: new Set<string>(), unserved: new Set<never>() };

  it.each([
    ['that names it', teamObject('kappa', { instanceRef: { name: 'wandb' } })],
    ['that was resolved to it', teamObject('kappa', {}, { status: { instanceRef: { name: 'wandb' } } })],
    ['whose bucket is unknown, as after it was created again', teamObject('kappa')],
  ])('keeps its keys while a team is on its bucket %s, and not longer', async (_, kappa) => {
    const world = worldWith(removed, kappa);
    world.prove(removed, 'd1');
    await world.publish();
    const before = world.secret();
    expect(before['BUCKET']).toContain('runs');
    world.remove(removed);
    world.evidence = gone;
    await world.publish();
    expect(world.secret()).toEqual(before);

    world.remove(kappa);
    await world.publish();
    expect(world.secret()).not.toHaveProperty('BUCKET');
  });

  it('leaves while the teams have buckets of their own, and these stay', async () => {
    const world = worldWith(removed, omega);
    world.prove(removed, 'd1');
    world.prove(omega, 'd1');
    await world.publish();
    world.remove(removed);
    world.evidence = gone;
    await world.publish();
    expect(world.secret()).not.toHaveProperty('BUCKET');
    expect(world.claim(omega)).toMatchObject({ served: 'Yes' });
  });
});
