import { describe, expect, it } from '@jest/globals';
import { COMMA, SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  storageOf,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import { emptyLedger, slotAddress, type ClaimRecord } from '../publication/ledger.ts';
import { idOf, keyOf } from './world.ts';

describe('a claim', () => {
  const wandb = instanceObject('wandb');

  it('a team takes the bucket of the object of the kind that it names, not of a namesake of another kind', () => {
    const world = new PublishingWorld();
    const fromTeam = teamObject('t', { bucketFrom: { teamStorageRef: { name: 'wandb' } } });
    const fromInstance = teamObject('i', { bucketFrom: { instanceStorageRef: { name: 'wandb' } } });
    world.put(wandb, teamObject('wandb', { bucket: bucketSpec('of-team') }), fromTeam, fromInstance);

    expect(world.of(fromTeam)?.storage?.name).toBe('of-team');
    expect(world.of(fromInstance)?.storage?.name).toBe('runs');
  });

  it('of two claims on one team the loser is accepted once spec.team of the winner changes', () => {
    const world = new PublishingWorld();
    const older = (team: string) =>
      teamObject('a', { team, bucket: bucketSpec('a') }, { creationTimestamp: '2026-01-01T00:00:00Z' });
    const newer = teamObject('b', { team: 'omega', bucket: bucketSpec('b') });
    world.ledgers.settle('ns/wandb', emptyLedger(SALT_TEXT, COMMA));
    world.put(wandb, older('omega'), newer);
    expect(world.of(newer)?.refusal?.reason).toBe('TeamConflict');

    world.put(older('kappa'));
    expect(world.of(newer)?.refusal).toBeUndefined();
  });

  it('names a claim that is held elsewhere when another claim takes its new bucket exclusively', async () => {
    const world = new PublishingWorld();
    const at = (name: string, place: string, more: object = {}) =>
      teamObject(name, { bucket: bucketSpec(place), ...more });
    world.put(wandb, at('moving', 'old'));
    world.prove(at('moving', 'old'), 'd1');
    await world.publish();
    world.put(at('moving', 'new'));
    const alone = at('alone', 'new', { isolation: 'Required' });
    world.put(alone);
    world.prove(alone, 'd1');
    world.noted = [];
    await world.publish();
    expect(world.noted.map(idOf)).toContain('TeamStorage/ns/moving');
  });

  it('a bound claim at its place is still validated when it is refused', () => {
    const world = new PublishingWorld();
    const bound = teamObject('a', { bucket: bucketSpec('b', { path: 'a' }) });
    const record: ClaimRecord = {
      kind: 'TeamStorage',
      name: 'a',
      uid: 'uid-a',
      address: slotAddress(storageOf(bucketSpec('b', { path: 'a' }))),
      mode: 'AccessKey',
      hasRow: true,
      boundRevision: 1,
      boundAt: '2026-01-01T00:00:00Z',
      provenAt: '2026-01-01T00:00:00Z',
    };
    world.ledgers.settle('ns/wandb', { ...emptyLedger(SALT_TEXT, COMMA), claims: [record] });
    world.put(
      instanceObject('wandb', { deployment: { type: 'SaaSCloud', cloud: 'AWS', availability: 'byob-2024' } }),
      bound,
    );
    const { refusal, mayProve } = world.of(bound) ?? {};

    expect([refusal?.reason, mayProve]).toEqual(['NotAvailable', true]);
  });

  it('a claim that left a record at another instance is not refused while its own ledger is not known', () => {
    const world = new PublishingWorld();
    const moved = teamObject('a', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    const record = (name: string): ClaimRecord => ({
      kind: 'TeamStorage',
      name: 'a',
      address: slotAddress(storageOf(bucketSpec(name))),
      mode: 'AccessKey',
      hasRow: true,
      boundRevision: 1,
      boundAt: '2026-01-01T00:00:00Z',
      provenAt: '2026-01-01T00:00:00Z',
    });
    world.put(wandb, instanceObject('other', { bucket: bucketSpec('other-runs') }), moved);
    world.ledgers.settle('ns/other', { ...emptyLedger(SALT_TEXT, COMMA), claims: [record('former')] });
    expect(world.of(moved)?.refusal?.reason).toBe('LedgerUnknown');

    world.ledgers.settle('ns/wandb', { ...emptyLedger(SALT_TEXT, COMMA), claims: [record('b')] });
    expect(world.of(moved)?.refusal).toBeUndefined();
    world.ledgers.settle('ns/wandb', emptyLedger(SALT_TEXT, COMMA));
    expect(world.of(moved)?.refusal?.reason).toBe('BucketChangeForbidden');
  });

  it('a newcomer waits while the ledger of its namespace, or of another on its bucket, is not known', () => {
    const world = new PublishingWorld();
    const here = teamObject('a', { bucket: bucketSpec('b') });
    const there = teamObject('x', { bucket: bucketSpec('b', { path: 'x' }) }, { namespace: 'n2' });
    world.put(wandb, here, instanceObject('wandb', {}, { namespace: 'n2', uid: 'uid-2' }), there);
    expect(world.of(here)?.refusal?.reason).toBe('LedgerUnknown');

    world.ledgers.settle('ns/wandb', emptyLedger(SALT_TEXT, COMMA));
    expect(world.of(here)?.refusal?.message).toContain('an instance in another namespace');
    world.ledgers.settle('n2/wandb', emptyLedger(SALT_TEXT, COMMA));
    expect(world.of(here)?.refusal).toBeUndefined();
  });

  it('that its status calls bound keeps others out until its ledger is found not to hold it, and no longer', () => {
    const world = new PublishingWorld();
    const boundBucket = { provider: 'S3Compatible' as const, name: 'b', endpoint: 'https://minio.example' };
    const lost = teamObject('lost', { bucket: bucketSpec('b'), isolation: 'Required' }, { status: { boundBucket } });
    const elder = { creationTimestamp: '2026-01-01T12:00:00Z' };
    const other = teamObject('other', { bucket: bucketSpec('b', { path: 'other' }) }, elder);
    world.put(wandb, lost, other);
    expect(world.of(other)?.refusal).toBeDefined();

    world.ledgers.settle('ns/wandb', emptyLedger(SALT_TEXT, COMMA));
    expect(world.of(other)?.refusal).toBeUndefined();
  });
});

it('names a claim as its key does', () => {
  expect(idOf(keyOf(teamObject('a')))).toBe('TeamStorage/ns/a');
});
