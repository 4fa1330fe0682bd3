import { describe, expect, it } from '@jest/globals';
import {
  bucketSpec,
  createdAt,
  instanceObject,
  published,
  PublishingWorld,
  REFUSAL,
  teamObject,
  worldWith,
} from '../../../test/support/fakes/publishing-world.ts';

// What a deployment that cannot be read, a refused edit and a passing fault must not change.
describe('what is not known', () => {
  /** A team whose bucket the server reaches by its own identity. */
  async function onItsOwnCloud() {
    const s3 = { provider: 'S3', name: 'b', s3: { region: 'eu-central-1' } } as const;
    const native = teamObject('native', { bucket: s3 });
    const world = new PublishingWorld();
    const deployment = { type: 'SelfManaged', cloud: 'AWS' } as const;
    world.put(instanceObject('wandb', { deployment }), native);
    world.prove(native, 'x');
    await world.publish();
    return { world, native, deployment };
  }

  it('gives no entry to a team that needs none while the cloud of the server cannot be read', async () => {
    const { world, native, deployment } = await onItsOwnCloud();
    expect(world.claim(native)?.served).toBe('NotNeeded');

    world.put(instanceObject('wandb', { deployment: { ...deployment, cloud: 'Mars' as never } }, { generation: 2 }));
    await world.publish();
    expect(world.claim(native)?.served).toBe('NotNeeded');
    expect(world.secret()).toEqual({});
  });

  it('says that a retained bucket needs no entry only while the server runs on its cloud', async () => {
    const { world, native, deployment } = await onItsOwnCloud();
    world.remove(native);
    world.put(teamObject('native', { bucket: bucketSpec('other'), suspend: true }, { uid: 'again' }));
    world.put(instanceObject('wandb', { deployment, suspend: true }, { generation: 2 }));
    await world.publish();
    expect(world.claim(native)?.served).toBe('NotNeeded');
    world.put(instanceObject('wandb', { deployment: { ...deployment, cloud: 'OnPremises' } }, { generation: 3 }));
    await world.publish();
    expect(world.claim(native)?.served).toBe('No');
  });

  it('keeps no other server from its restarts when a claim names that, and is refused', async () => {
    const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, createdAt('09'));
    const there = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    const world = worldWith(lab, there);
    world.prove(there, 'd1');
    await world.publish('lab');
    await world.publish();

    const boundBucket = { provider: 'S3Compatible', name: 'b', endpoint: 'https://minio.example' };
    const moved = teamObject(
      'omega',
      { bucket: bucketSpec('b'), instanceRef: { name: 'lab' } },
      { generation: 2, status: { boundBucket, instanceRef: { name: 'lab' } } },
    );
    world.put(moved);
    await world.publish('lab');
    expect(world.of(moved)?.refusal?.reason).toBe('BucketChangeForbidden');
    expect(world.publication('lab')?.unserved).toEqual([]);
  });

  it('waits for a claim that may be in an unread ledger, and tries again', async () => {
    const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, createdAt('09'));
    const boundBucket = { provider: 'S3Compatible', name: 'b', endpoint: 'https://minio.example' };
    const bound = teamObject(
      'omega',
      { bucket: bucketSpec('b'), instanceRef: { name: 'lab' } },
      { status: { boundBucket } },
    );
    const world = worldWith(lab, bound);

    expect(await world.publish('lab')).toMatchObject({ kind: 'requeue' });
    expect(world.publication('lab')?.unserved).toEqual(['TeamStorage/omega']);
    await world.publish();
    expect(await world.publish('lab')).toEqual({ kind: 'done' });
    expect(world.publication('lab')?.unserved).toEqual(['TeamStorage/omega']);
  });

  it.each([
    ['the team', { team: 'omega', bucket: bucketSpec('c') }],
    ['a bucket of its own', { bucket: bucketSpec('b', { path: 'x' }) }],
  ])('refuses no claim on %s before its own ledger was read: it may have been first', async (_, spec) => {
    const alone = teamObject('omega', { bucket: bucketSpec('b'), isolation: 'Required' }, createdAt('01'));
    const restored = teamObject('restored', spec, createdAt('02'));
    const world = worldWith(alone, restored);
    world.prove(alone, 'd1');
    await world.publish();
    const ledger = world.ledger();
    expect(['TeamConflict', 'IsolationViolated']).toContain(world.of(restored)?.refusal?.reason);

    world.ledgers.settle('ns/wandb', undefined);
    expect(world.of(restored)).toMatchObject({ refusal: { reason: 'LedgerUnknown' }, mayProve: false });
    world.ledgers.settle('ns/wandb', ledger);
    expect(['TeamConflict', 'IsolationViolated']).toContain(world.of(restored)?.refusal?.reason);
  });

  it('keeps the config of the present Secret when the next one cannot be written', async () => {
    const world = await published();
    const before = world.publication()?.server;
    const kappa = teamObject('kappa', { bucket: bucketSpec('c') });
    world.put(kappa);
    world.prove(kappa, 'd2');
    world.failWrite = REFUSAL;
    for (let tries = 0; tries < 4; tries += 1) await world.publish();
    expect(before).toBeDefined();
    expect(world.publication()?.server).toEqual(before);

    // An edited value was never the config of the server.
    const standing = world.outputs.get('Secret ns/wandb')!;
    world.outputs.set('Secret ns/wandb', { ...standing, data: { ...standing.data, BY_HAND: 'x' } });
    await world.publish();
    expect(world.publication()?.server).toBeUndefined();
    world.failWrite = undefined;
    await world.publish();
    expect(world.publication()?.server?.hash).not.toBe(before?.hash);
  });
});
