import { describe, expect, it } from '@jest/globals';
import { EMPTY, SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
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
import { readSeal } from '../../domain/publication/seal.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';
import { Secret } from '../../base/secret.ts';

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

const at = (second: string) => ({ creationTimestamp: `2026-01-01T00:00:${second}Z` });

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

describe('two claims on one team', () => {
  const late = teamObject('late', { team: 'omega', bucket: bucketSpec('late') }, at('02'));
  const early = teamObject('early', { team: 'omega', bucket: bucketSpec('early') }, at('01'));

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
      const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, at('09'));
      const spec = { team: 'omega', bucket: bucketSpec('late'), bucketChangePolicy };
      const world = worldWith(lab, teamObject('late', { ...spec, instanceRef: { name: 'wandb' } }, at('02')));
      world.prove(teamObject('late', spec), 'l');
      await world.publish('lab');
      await world.publish();
      const moved = teamObject('late', { ...spec, instanceRef: { name: 'lab' } }, { generation: 2, ...at('02') });
      const rival = teamObject(
        'early',
        { team: 'omega', bucket: bucketSpec('early'), instanceRef: { name: 'wandb' } },
        at('01'),
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

describe('the ledger is lost, and the Secret was edited by hand', () => {
  const edited = (world: PublishingWorld) => ({ ...world.secret(), BY_HAND: 'x' });

  /** Lost and edited, and seen so by the operator. */
  async function damaged(): Promise<PublishingWorld> {
    const world = await published();
    const standing = world.outputs.get('Secret ns/wandb');
    if (standing === undefined) throw new Error('no Secret');
    world.outputs.set('Secret ns/wandb', { ...standing, data: edited(world) });
    world.stored.delete('ns/wandb');
    world.proofs.set([[omega.metadata.uid ?? '', undefined]]);
    await world.publish();
    return world;
  }

  /** Another process over the same API server, which has proven nothing yet. */
  function restarted(before: PublishingWorld): PublishingWorld {
    const world = worldWith(omega);
    for (const [key, ledger] of before.stored) world.stored.set(key, ledger);
    for (const [key, output] of before.outputs) world.outputs.set(key, output);
    return world;
  }

  it('the Secret is left alone until something is proven, also by an operator that was restarted', async () => {
    const first = await damaged();
    const before = first.secret();
    expect(before).toHaveProperty('BY_HAND');
    const world = restarted(first);
    await world.publish();
    await world.publish();
    expect([world.secret(), world.writes]).toEqual([before, []]);
    // The Secret is not what the ledger renders, so nothing is restarted for it.
    expect(world.publication()?.server).toBeUndefined();

    world.prove(omega, 'd1');
    await world.publish();
    expect(world.secret()).not.toHaveProperty('BY_HAND');
    expect(world.writes).toEqual(['ledger wandb', 'Secret wandb']);
    expect(world.claim(omega)?.served).toBe('Yes');
    await world.publish();
    expect(world.writes).toHaveLength(2);
  });

  it('with the Secret deleted what was edited is given up: it is written again from the ledger', async () => {
    const world = restarted(await damaged());
    world.outputs.delete('Secret ns/wandb');
    await world.publish();

    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
    expect(world.ledger()).not.toHaveProperty('awaitsProof');
  });
});

describe('a ledger that is recovered and cannot be written', () => {
  it.each([
    ['without a seal', false],
    ['with a seal', true],
  ])('stays the same one at each try (%s), and is reported once, when it is written', async (_, isSealed) => {
    const world = await published();
    const standing = world.outputs.get('Secret ns/wandb');
    if (standing === undefined) throw new Error('no Secret');
    world.outputs.set('Secret ns/wandb', { ...standing, seal: isSealed ? standing.seal : undefined });
    world.stored.delete('ns/wandb');
    let salts = 0;
    world.randomSalt = () => `${'f'.repeat(31)}${String((salts += 1))}`;
    world.failSave = { ...REFUSAL, status: 403 };
    await world.publish();
    const known = world.ledgers.known('ns/wandb');
    await world.publish();
    await world.publish();
    expect(known?.salt.reveal()).toBe(isSealed ? SALT_TEXT : `${'f'.repeat(31)}1`);
    expect([world.ledgers.known('ns/wandb') === known, world.events]).toEqual([true, []]);

    world.failSave = undefined;
    await world.publish();
    await world.publish();
    expect(world.ledger().salt.reveal()).toBe(known?.salt.reveal());
    expect(world.events).toEqual(['metric', 'LedgerRecovered']);
  });
});

describe('an entry whose claim is unknown', () => {
  const gone = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'cleaner' })]) };
  const cleaner = (deletionPolicy: 'Retain' | 'Remove') =>
    teamObject('cleaner', { bucket: bucketSpec('b'), deletionPolicy });

  /** Ledger, listing and claim are lost. */
  async function forgotten(): Promise<PublishingWorld> {
    const world = await published();
    world.stored.delete('ns/wandb');
    world.outputs.delete('ConfigMap ns/wandb');
    world.remove(omega);
    await world.publish();
    expect(world.ledger().claims.map(({ name }) => name)).toEqual(['']);
    return world;
  }

  it.each([
    ['the key in it', 'd1'],
    ['another key', 'd2'],
  ])('is removed as the runbook describes, with %s', async (_, key) => {
    const world = await forgotten();
    const before = world.secret()['SUPPORTED_FILE_STORES'];
    world.put(cleaner('Retain'));
    world.prove(cleaner('Retain'), key, { salt: new Secret('another') });
    await world.publish();
    expect(world.claim(cleaner('Retain'))?.served).toBe('Yes');
    expect(world.secret()['SUPPORTED_FILE_STORES'] === before).toBe(key === 'd1');

    world.put(cleaner('Remove'));
    await world.publish();
    world.remove(cleaner('Remove'));
    world.evidence = gone;
    await world.publish();
    expect(world.secret()).not.toHaveProperty('SUPPORTED_FILE_STORES');
    expect(world.ledger().claims).toEqual([]);
  });

  it('does not leave with a claim that had Remove when it came', async () => {
    const world = await forgotten();
    const before = world.secret();
    world.put(cleaner('Remove'));
    world.prove(cleaner('Remove'), 'd1', { salt: new Secret('another') });
    await world.publish();
    world.remove(cleaner('Remove'));
    world.evidence = gone;
    await world.publish();
    expect(world.secret()).toEqual(before);
  });
});

it('the seal follows each ledger that is written; a seal by itself changes no data, and a restart writes none', async () => {
  const world = await published();
  const before = [world.secret(), world.publication()?.server];
  world.put(teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: 'Remove' }, { generation: 2 }));
  world.writes.length = 0;
  await world.publish();

  expect(world.writes).toEqual(['ledger wandb', 'Secret wandb']);
  expect(readSeal(world.outputs.get('Secret ns/wandb')?.seal)?.revision).toBe(world.ledger().revision);
  expect([world.secret(), world.publication()?.server]).toEqual(before);
  const again = worldWith(teamObject('omega', { bucket: bucketSpec('b'), deletionPolicy: 'Remove' }));
  for (const [key, ledger] of world.stored) again.stored.set(key, ledger);
  for (const [key, output] of world.outputs) again.outputs.set(key, output);
  await again.publish();
  expect(again.writes).toEqual([]);
});

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
    const rival = teamObject('rival', { team: 'omega', bucket: bucketSpec('c') }, at('01'));
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
    const bound = teamObject('omega', { bucket: bucketSpec('b') }, { status: { boundBucket }, ...at('09') });
    const rival = teamObject('rival', { team: 'omega', bucket: bucketSpec('c') }, at('01'));
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

function proofOfRuns(storage: ReturnType<typeof storageOf>) {
  return { instance: `ns/${'w'.repeat(56)}`, storage, digest: 'd', inputs: 'i', provenAt: '2026-01-01T00:00:00Z' };
}

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
    const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, at('09'));
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
    const lab = instanceObject('lab', { bucket: bucketSpec('labruns') }, at('09'));
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
    const alone = teamObject('omega', { bucket: bucketSpec('b'), isolation: 'Required' }, at('01'));
    const restored = teamObject('restored', spec, at('02'));
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

describe('an instance that is gone and left nothing', () => {
  /** Its ledger is lost, its outputs have no seal, and no write of a recovery succeeds. */
  async function unwritten(): Promise<PublishingWorld> {
    const world = await published();
    const standing = world.outputs.get('Secret ns/wandb');
    if (standing === undefined) throw new Error('nothing published');
    world.outputs.set('Secret ns/wandb', { ...standing, seal: undefined });
    world.stored.delete('ns/wandb');
    world.failSave = REFUSAL;
    world.randomSalt = () => 'a'.repeat(32);
    await world.publish();
    return world;
  }

  it('leaves no series and no recovery behind', async () => {
    const world = await unwritten();
    const outputs = [...world.outputs];
    world.remove(wandb);
    world.outputs.clear();
    await world.publish();
    expect(world.forgotten).toEqual(['wandb']);

    for (const [id, output] of outputs) world.outputs.set(id, output);
    world.failSave = undefined;
    world.randomSalt = () => 'b'.repeat(32);
    await world.publish();
    expect(world.ledger().salt.reveal()).toBe('b'.repeat(32));
  });
});
