import { describe, expect, it } from '@jest/globals';
import { SALT_TEXT } from '../../../test/support/fakes/publication.ts';
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
import { defined } from '../../base/defined.ts';
import type { FormerLedger } from '../../domain/publication/former-ledger.ts';
import { claimId, type Ledger } from '../../domain/publication/ledger.ts';
import { digestOfData, renderOutputs } from '../../domain/publication/outputs.ts';
import { sealOf } from '../../domain/publication/seal.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';
import { Secret } from '../../base/secret.ts';

describe('a ledger that was put back', () => {
  /** As a version before the seal kept it. */
  const formerOf = ({ salt, rows, claims }: Ledger): FormerLedger => ({
    salt,
    records: claims.map(({ kind, name, uid = '', provenAt }) => ({
      claim: { kind, name, uid, team: name },
      storage: storageOf(bucketSpec('b')),
      ...defined({ credential: rows[0]?.credential }),
      provenAt,
      deletionPolicy: 'Retain',
      retained: false,
    })),
  });

  it('from before everything was deleted: the outputs are kept, and the config of the server does not change', async () => {
    const world = await published();
    const [secret, hash] = [world.secret(), world.publication()?.server?.hash];
    const former = { ...world.ledger(), salt: new Secret('0'.repeat(32)) };
    world.stored.set('ns/wandb', { kind: 'Known', ledger: former, resourceVersion: '1' });
    await world.publish();

    expect(world.ledger().salt.reveal()).toBe(SALT_TEXT);
    expect([world.secret(), world.publication()?.server?.hash]).toEqual([secret, hash]);
  });

  it('in a former format: what was published since is kept, and only its sources and its Retain count', async () => {
    const more = teamObject('more', { bucket: bucketSpec('more'), deletionPolicy: 'Remove' });
    const world = await published();
    const former = formerOf(world.ledger());
    world.put(more);
    world.prove(more, 'd2');
    await world.publish();
    const [before, hash] = [world.secret(), world.publication()?.server?.hash];

    world.stored.set('ns/wandb', { kind: 'Former', ledger: former, resourceVersion: '1' });
    await world.publish();
    expect(before['SUPPORTED_FILE_STORES']).toMatch(/id-d1.*id-d2/);
    expect([world.secret(), world.publication()?.server?.hash]).toEqual([before, hash]);
    expect(world.events).toContain('LedgerRecovered');
  });

  it('from before a former version was run for a while, with a higher number: what was published since is kept', async () => {
    const more = teamObject('more', { bucket: bucketSpec('more') });
    const world = await published();
    const before = { ...world.ledger(), revision: 30 };
    const { data } = world.outputs.get('Secret ns/wandb') ?? { data: {} };
    world.outputs.set('Secret ns/wandb', { data, seal: undefined, resourceVersion: '7' });
    world.stored.set('ns/wandb', { kind: 'Former', ledger: formerOf(before), resourceVersion: '1' });
    world.put(more);
    world.prove(more, 'd2');
    await world.publish();

    world.stored.set('ns/wandb', { kind: 'Known', ledger: before, resourceVersion: '2' });
    await world.publish();
    expect(world.secret()['SUPPORTED_FILE_STORES']).toMatch(/id-d1.*id-d2/);
    expect(world.events).toContain('LedgerRecovered');
  });

  it('is none where only the Secret is another one: the ConfigMap has the hash of the ledger, which wins', async () => {
    const world = await published();
    const former = { ...world.ledger(), salt: new Secret('0'.repeat(32)) };
    const { secret, digest } = renderOutputs(former, 'wandb-storage');
    world.put(teamObject('more', { bucket: bucketSpec('more') }));
    world.prove(teamObject('more', { bucket: bucketSpec('more') }), 'd2');
    await world.publish();
    const [before, hash] = [world.secret(), world.publication()?.server?.hash];

    world.outputs.set('Secret ns/wandb', { data: secret, seal: sealOf(former, digest), resourceVersion: '1' });
    await world.publish();
    expect([world.secret(), world.publication()?.server?.hash]).toEqual([before, hash]);
    expect(world.ledger().salt.reveal()).toBe(SALT_TEXT);
    expect(world.events).not.toContain('LedgerRecovered');
  });

  it('is none that was recovered beside its ConfigMap and could not write its Secret, where an older Secret is put back', async () => {
    const first = await published();
    const standing = first.outputs.get('Secret ns/wandb');
    if (standing === undefined) throw new Error('no Secret');
    first.stored.delete('ns/wandb');
    first.outputs.set('Secret ns/wandb', { data: standing.data, seal: undefined, resourceVersion: '7' });
    first.randomSalt = () => 'f'.repeat(32);
    const fileStores = { variables: ['FILE_STORES', 'MY_STORES'] };
    first.put(instanceObject('wandb', { fileStores }, { generation: 2 }));
    first.failWrite = { ...REFUSAL, status: 403 };
    await first.publish();
    expect(first.ledger().salt.reveal()).toBe('f'.repeat(32));

    const world = worldWith(instanceObject('wandb', { fileStores }, { generation: 2 }), omega);
    const [key, former] = [new Secret(SALT_TEXT), {}];
    const digest = digestOfData({ salt: key }, former);
    for (const [name, output] of first.outputs) world.outputs.set(name, output);
    world.outputs.set('Secret ns/wandb', {
      data: former,
      seal: sealOf({ salt: key, revision: 0 }, digest),
      resourceVersion: '8',
    });
    for (const [name, ledger] of first.stored) world.stored.set(name, ledger);
    await world.publish();
    expect(world.secret()['MY_STORES']).toContain('id-d1');
  });

  it('is none where an older Secret with the same data is put back and the status was lost: the hash stays', async () => {
    const first = await published();
    const older = first.outputs.get('Secret ns/wandb');
    if (older === undefined) throw new Error('no Secret');
    const world = worldWith(omega);
    world.randomSalt = () => 'f'.repeat(32);
    world.prove(omega, 'd1', { salt: new Secret('f'.repeat(32)) });
    await world.publish();
    const hash = world.publication()?.server?.hash;
    expect(world.secret()).toEqual(older.data);
    expect(hash).not.toBe(first.publication()?.server?.hash);

    world.outputs.set('Secret ns/wandb', { ...older, resourceVersion: '9' });
    await world.publish();
    expect(world.publication()?.server?.hash).toBe(hash);
  });

  describe('from before its claim was to be retained, which is gone by now', () => {
    const spec = (deletionPolicy: 'Retain' | 'Remove') => ({ bucket: bucketSpec('b'), deletionPolicy });
    const gone = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };

    it.each([
      ['and nothing else has changed since', false],
      ['and something else was published since', true],
    ])('%s: the entry stays', async (_, isMore) => {
      const world = worldWith(teamObject('omega', spec('Remove')));
      world.prove(omega, 'd1');
      await world.publish();
      const older = { kind: 'Known', ledger: world.ledger(), resourceVersion: '1' } as const;
      const retained = teamObject('omega', spec('Retain'), { generation: 2 });
      const more = teamObject('more', { bucket: bucketSpec('more') });
      world.put(retained, ...(isMore ? [more] : []));
      if (isMore) world.prove(more, 'd2');
      await world.publish();
      world.remove(retained);
      await world.publish();
      const before = world.secret();

      world.stored.set('ns/wandb', older);
      world.evidence = gone;
      await world.publish();
      await world.publish();
      expect(before['SUPPORTED_FILE_STORES']).toContain('id-d1');
      expect(world.secret()).toEqual(before);
      expect(world.events).toContain('LedgerRecovered');
    });

    it('with no outputs left beside it, which would show that it is older: the entry stays', async () => {
      const world = worldWith(teamObject('omega', spec('Remove')));
      world.prove(omega, 'd1');
      await world.publish();
      const older = { kind: 'Known', ledger: world.ledger(), resourceVersion: '1' } as const;
      const retained = teamObject('omega', spec('Retain'), { generation: 2 });
      world.put(retained);
      await world.publish();
      world.remove(retained);
      await world.publish();
      world.outputs.clear();
      world.stored.set('ns/wandb', older);
      world.evidence = gone;
      await world.publish();
      expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
    });

    it('and the ledger since has published the same: the entry stays, also after a restart', async () => {
      const first = worldWith(teamObject('omega', spec('Remove')));
      first.prove(omega, 'd1');
      await first.publish();
      const [before, hash] = [first.secret(), first.publication()?.server?.hash ?? ''];
      const since = { ...first.ledger(), salt: new Secret('0'.repeat(32)) };
      const { secret, digest } = renderOutputs(since, 'wandb-storage');
      const sealed = { data: secret, seal: sealOf(since, digest), resourceVersion: '9' };
      const world = new PublishingWorld();
      world.put({ ...wandb, status: { config: { hash } } });
      for (const [name, output] of first.outputs) world.outputs.set(name, output);
      world.outputs.set('Secret ns/wandb', sealed);
      world.stored.set('ns/wandb', { kind: 'Known', ledger: first.ledger(), resourceVersion: '1' });
      world.evidence = gone;
      await world.publish();
      await world.publish();
      expect(world.secret()).toEqual(before);
      expect(world.publication()?.server?.hash).toBe(hash);
      expect(world.events).toContain('LedgerRecovered');
    });
  });
});
