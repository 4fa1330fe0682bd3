import { describe, expect, it } from '@jest/globals';
import { SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import type { PublishingWorld } from '../../../test/support/fakes/publishing-world.ts';
import {
  bucketSpec,
  omega,
  published,
  REFUSAL,
  teamObject,
  wandb,
  worldWith,
} from '../../../test/support/fakes/publishing-world.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { readSeal } from '../../domain/publication/seal.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';
import { Secret } from '../../base/secret.ts';

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
