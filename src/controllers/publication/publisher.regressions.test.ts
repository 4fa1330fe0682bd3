import { describe, expect, it } from '@jest/globals';
import {
  bucketSpec,
  createdAt,
  instanceObject,
  omega,
  published,
  PublishingWorld,
  REFUSAL,
  storageOf,
  teamObject,
  wandb,
  worldWith,
} from '../../../test/support/fakes/publishing-world.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';

// Each reproduces a fault of an earlier version.
describe('regressions', () => {
  it('where a team left its files is recorded with a new object of its name too, and not only after a restart', async () => {
    const left = (name: string) =>
      world
        .ledger()
        .claims.filter((one) => one.name === name)
        .map((one) => one.filesLeftIn);
    const isolation = { filesLeftIn: 'wandb' };
    const first = teamObject('omega', { bucket: bucketSpec('b') });
    const world = worldWith({ ...first, status: { isolation } });
    world.prove(first, 'd1');
    await world.publish();
    expect(left('omega')).toEqual(['wandb']);

    const second = teamObject('omega', { bucket: bucketSpec('b2'), bucketChangePolicy: 'Allow' }, { uid: 'second' });
    world.put(second);
    world.prove(second, 'd2');
    await world.publish();
    expect(left('omega')).toEqual(['wandb', 'wandb']);
    expect(world.admissions.of({ kind: 'TeamStorage', namespace: 'ns', name: 'omega' })?.isolation?.filesLeftIn).toBe(
      'wandb',
    );
  });

  it('a ledger that cannot be read for a moment takes no place from a bound claim', async () => {
    const world = await published();
    const rival = teamObject('rival', { team: 'omega', bucket: bucketSpec('c') }, createdAt('01'));
    world.put(rival);
    world.prove(rival, 'r');
    world.failLoad = { kind: 'Kube', failure: REFUSAL };
    for (let tries = 0; tries < 5; tries += 1) await world.publish();

    expect(world.claim(omega)).toMatchObject({ served: 'Yes', record: { name: 'omega' } });
    expect(world.of(omega)?.refusal).toBeUndefined();
    expect(world.of(rival)?.refusal?.reason).toBe('TeamConflict');
  });

  it('a ledger that was not read since the start takes none either', () => {
    const world = new PublishingWorld();
    const boundBucket = { provider: 'S3Compatible', name: 'b', endpoint: 'https://minio.example' };
    const bound = teamObject('omega', { bucket: bucketSpec('b') }, { status: { boundBucket }, ...createdAt('09') });
    const rival = teamObject('rival', { team: 'omega', bucket: bucketSpec('c') }, createdAt('01'));
    world.put(wandb, bound, rival);

    expect(world.of(bound)?.refusal?.reason).toBe('LedgerUnknown');
    expect(world.of(rival)?.refusal?.reason).toBe('LedgerUnknown');
  });

  it('a cache that is behind withdraws nothing', async () => {
    const world = await published();
    const removable = teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: 'Remove' });
    world.put(removable);
    await world.publish();
    world.remove(removable);
    await world.publish();
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');

    world.evidence = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };
    await world.publish();
    expect(world.secret()).not.toHaveProperty('SUPPORTED_FILE_STORES');
  });

  it.each([
    ['Retain', 'Remove', true],
    ['Remove', 'Retain', false],
  ] as const)(
    'a policy that was edited to %s just before the deletion counts, and not %s before',
    async (last, before, isKept) => {
      const world = await published();
      world.put(teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: before }));
      await world.publish();
      // No publication between the edit and the deletion.
      const edited = teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: last });
      world.put(edited);
      world.remove(edited);
      await world.publish();
      world.evidence = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };
      await world.publish();

      expect('SUPPORTED_FILE_STORES' in world.secret()).toBe(isKept);
    },
  );

  it('a kind that is not served any more is retained for good, whatever its objects said last', async () => {
    const world = await published();
    const removable = teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: 'Remove' });
    world.put(removable);
    await world.publish();
    world.remove(removable);
    world.evidence = { ...NO_EVIDENCE, unserved: new Set(['TeamStorage']) };
    await world.publish();
    world.evidence = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };
    await world.publish();

    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
  });

  it('a proof for a bucket that the spec has corrected is not published', async () => {
    const world = worldWith(teamObject('omega', { bucket: bucketSpec('typo') }));
    world.prove(teamObject('omega', { bucket: bucketSpec('typo') }), 'd1');
    world.put(omega);
    await world.publish();

    expect(world.ledger().claims).toEqual([]);
    expect(world.secret()).toEqual({});
  });

  it.each([
    ['another instance', { instance: 'ns/other' }],
    ['another incarnation', { uid: 'uid-before' }],
  ])('a proof for %s is not published', async (_, changes) => {
    const world = worldWith(omega);
    world.prove(omega, 'd1', changes);
    await world.publish();

    expect(world.ledger().claims).toEqual([]);
  });

  it('recreating an InstanceStorage does not change the publication of its teams', async () => {
    const world = await published();
    const before = world.claim(omega);
    world.remove(wandb);
    await world.publish();
    expect(world.publication()?.salt?.reveal()).toBe(world.ledger().salt.reveal());
    world.put(instanceObject('wandb', {}, { uid: 'uid-again' }));
    await world.publish();

    expect(world.claim(omega)).toEqual(before);
    expect(world.of(omega)).toMatchObject({ mayProve: true, record: { digest: 'd1', uid: 'uid-omega' } });
    expect(world.writes.filter((write) => write.startsWith('ledger'))).toHaveLength(1);
  });

  it('an InstanceStorage whose name is too long for its outputs has nothing published of its own bucket', async () => {
    const long = instanceObject('w'.repeat(56));
    const world = new PublishingWorld();
    world.put(long);
    expect(world.of(long)).toMatchObject({ isResolved: false, mayProve: false, refusal: { reason: 'InvalidSpec' } });

    const storage = storageOf(bucketSpec('runs'));
    world.proofs.set([[long.metadata.uid ?? '', { ...proofOfRuns(storage), uid: long.metadata.uid ?? '' }]]);
    await world.publish(long.metadata.name);
    expect(world.secret(long.metadata.name)).toEqual({});
  });
});

function proofOfRuns(storage: ReturnType<typeof storageOf>) {
  return { instance: `ns/${'w'.repeat(56)}`, storage, digest: 'd', inputs: 'i', provenAt: '2026-01-01T00:00:00Z' };
}
