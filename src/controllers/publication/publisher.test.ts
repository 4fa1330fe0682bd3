import { expect, it } from '@jest/globals';
import { bucketSpec, omega, published, teamObject, worldWith } from '../../../test/support/fakes/publishing-world.ts';

it('yields to other work before it decides, after it has reserved and rendered, and before and while it reports', async () => {
  const world = worldWith(omega);
  world.prove(omega, 'd1');
  const seen: unknown[] = [];
  world.timeSlice = () => {
    const reserved = world.ledgers.view('ns/wandb')?.claims.length;
    seen.push([reserved, world.writes.length, world.claim(omega)?.served]);
    return Promise.resolve();
  };
  await world.publish();

  expect(seen).toEqual([
    [0, 0, undefined],
    [0, 0, undefined],
    [1, 0, undefined],
    [1, 0, undefined],
    [1, 3, undefined],
    [1, 3, undefined],
  ]);
  expect(world.claim(omega)?.served).toBe('Yes');
});

it('a proof of an object whose spec is invalid by now is not published', async () => {
  const world = worldWith(omega);
  world.prove(omega, 'd1');
  world.put(teamObject('omega', { bucket: bucketSpec('b'), suspend: 'yes' as never }));
  await world.publish();

  expect(world.claim(omega)).toBeUndefined();
});

it('writes the ledger first, then the Secret, then the ConfigMap, and nothing without a change', async () => {
  const world = await published();
  expect(world.writes).toEqual(['ledger wandb', 'Secret wandb', 'ConfigMap wandb']);

  await world.publish();
  expect(world.writes).toHaveLength(3);
});

it('a rotation goes on while the member that would prove it is suspended', async () => {
  const shared = (name: string, secret: string, suspend = false) =>
    teamObject(name, { bucket: bucketSpec('b', { path: name, secret }), suspend });
  const world = worldWith(shared('omega', 's'), shared('kappa', 's'));
  world.prove(shared('omega', 's'), 'd1');
  world.prove(shared('kappa', 's'), 'd1');
  await world.publish();

  world.put(shared('omega', 'new'));
  world.prove(shared('omega', 'new'), 'd2');
  await world.publish();
  expect(world.claim(omega)).toMatchObject({ waitsFor: ['kappa'], row: { digest: 'd1' } });

  world.put(shared('kappa', 's', true));
  await world.publish();
  expect(world.claim(omega)).toMatchObject({ row: { digest: 'd2' }, record: { digest: 'd2' } });
  expect(world.claim(shared('kappa', 's'))).toMatchObject({ served: 'Yes', record: { digest: 'd1' } });
});

it('a bucketFrom source that changes its bucket leaves the entry and refuses the change', async () => {
  const source = (name: string) => teamObject('source', { bucket: bucketSpec(name), bucketChangePolicy: 'Allow' });
  const user = teamObject('user', { bucketFrom: { teamStorageRef: { name: 'source' }, path: 'user' } });
  const world = worldWith(source('b'), user);
  world.prove(user, 'd1');
  await world.publish();
  world.put(source('c'));

  expect(world.of(user)).toMatchObject({ refusal: { reason: 'BucketChangeForbidden' }, mayProve: false });
  world.prove(user, 'd1');
  await world.publish();
  expect(world.claim(user)).toMatchObject({ served: 'Yes', record: { address: { name: 'b' } } });
  expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('/b?');
});

it('a bucketFrom source that is deleted and created again on another bucket does the same', async () => {
  const source = (name: string, uid: string) => teamObject('source', { bucket: bucketSpec(name) }, { uid });
  const user = teamObject('user', { bucketFrom: { teamStorageRef: { name: 'source' }, path: 'user' } });
  const world = worldWith(source('b', 'uid-source'), user);
  world.prove(user, 'd1');
  await world.publish();
  world.remove(source('b', 'uid-source'));
  await world.publish();
  world.put(source('c', 'uid-again'));

  expect(world.of(user)).toMatchObject({ refusal: { reason: 'BucketChangeForbidden' }, mayProve: false });
  world.prove(user, 'd1');
  await world.publish();
  expect(world.claim(user)).toMatchObject({ served: 'Yes', record: { address: { name: 'b' } } });
});
