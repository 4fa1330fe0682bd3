import { describe, expect, it } from '@jest/globals';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';
import type { TeamStorage } from '../../api/resources.ts';

const wandb = instanceObject('wandb');
const REFUSAL = { status: 500, reason: 'InternalError', message: 'etcd' };

const omegaWith = (spec: Partial<TeamStorage['spec']> = {}): TeamStorage =>
  teamObject('omega', { bucket: bucketSpec('b'), ...spec });

async function published(omega = omegaWith()): Promise<PublishingWorld> {
  const world = new PublishingWorld();
  world.put(wandb, omega);
  world.prove(wandb, 'w1');
  world.prove(omega, 'd1');
  await world.publish();
  return world;
}

/** Lines of the log about claims, without the namespace and the instance that all of them have. */
function lines(world: PublishingWorld): readonly string[] {
  return world.log.lines
    .filter(({ fields }) => 'bucket' in fields)
    .map(({ level, message, fields }) => {
      const { kind, name, bucket } = fields as Readonly<Record<string, string>>;
      return `${level} ${message}: ${kind ?? ''}/${name ?? ''} ${bucket ?? ''}`;
    });
}

const gone = { ...NO_EVIDENCE, gone: new Set([claimId({ kind: 'TeamStorage', name: 'omega' })]) };

describe('the trail of a publication, in the log and in events on the claim', () => {
  it('reports what was published', async () => {
    const world = await published();
    expect(lines(world)).toEqual([
      'info bucket published: InstanceStorage/wandb runs',
      'info bucket published: TeamStorage/omega b',
    ]);
    expect(world.trail).toEqual(['Published InstanceStorage/wandb', 'Published TeamStorage/omega']);
  });

  it('does not report what is published already', async () => {
    const world = await published();
    await world.publish();
    expect(world.trail).toHaveLength(2);
  });

  it('reports that a credential was rotated', async () => {
    const world = await published();
    world.prove(omegaWith(), 'd2');
    await world.publish();
    expect(lines(world).slice(2)).toEqual(['info published credential rotated: TeamStorage/omega b']);
    expect(world.trail.slice(2)).toEqual(['Rotated TeamStorage/omega']);
  });

  it('reports once that a bucket stays after its object', async () => {
    const world = await published();
    world.remove(omegaWith());
    await world.publish();
    await world.publish();
    expect(lines(world).slice(2)).toEqual(['info published bucket retained: TeamStorage/omega b']);
    expect(world.trail.slice(2)).toEqual(['Retained TeamStorage/omega']);
  });

  it('reports it again when the object was created and deleted once more', async () => {
    const world = await published();
    for (const change of ['remove', 'put', 'remove'] as const) {
      world[change](omegaWith());
      await world.publish();
    }
    expect(world.trail.slice(2)).toEqual(['Retained TeamStorage/omega', 'Retained TeamStorage/omega']);
  });

  it('reports that a bucket was removed', async () => {
    const omega = omegaWith({ deletionPolicy: 'Remove' });
    const world = await published(omega);
    world.remove(omega);
    world.evidence = gone;
    await world.publish();
    expect(lines(world).slice(2)).toEqual(['info published bucket removed: TeamStorage/omega b']);
    expect(world.trail.slice(2)).toEqual(['Removed TeamStorage/omega']);
  });

  it('a bucket that other teams use stays in the Secret, and the event states it', async () => {
    const omega = omegaWith({ deletionPolicy: 'Remove' });
    const world = await published(omega);
    const sigma = teamObject('sigma', { bucket: bucketSpec('b', { path: 'sigma' }) });
    world.put(sigma);
    world.prove(sigma, 'd1');
    await world.publish();
    world.remove(omega);
    world.evidence = gone;
    await world.publish();
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('/b');
    expect(world.notes.at(-1)).toContain('keeps the bucket, because other storages use it');
  });

  it('reports for a team that moved what was published and what was removed', async () => {
    const world = await published();
    const moved = teamObject('omega', { bucket: bucketSpec('c'), bucketChangePolicy: 'Allow' }, { generation: 2 });
    world.put(moved);
    world.prove(moved, 'd1');
    world.evidence = { ...NO_EVIDENCE, confirmed: gone.gone };
    await world.publish();
    expect(lines(world).slice(2).toSorted()).toEqual([
      'info bucket published: TeamStorage/omega c',
      'info published bucket removed: TeamStorage/omega b',
    ]);
  });

  it('waits until the outputs are written', async () => {
    const world = await published();
    world.prove(omegaWith(), 'd2');
    world.failWrite = REFUSAL;
    await world.publish();
    expect(world.trail).toHaveLength(2);

    world.failWrite = undefined;
    await world.publish();
    expect(world.trail.slice(2)).toEqual(['Rotated TeamStorage/omega']);
  });

  it('names no credential', async () => {
    const world = await published();
    const reported = JSON.stringify([world.log.lines, world.notes]);
    for (const secret of ['id-d1', 'secret-d1', 'id-w1']) expect(reported).not.toContain(secret);
    expect(world.secret()['SUPPORTED_FILE_STORES']).toContain('id-d1');
  });
});

describe('the level of a publication that fails', () => {
  it('is warn while it may pass by itself, then error, once', async () => {
    const world = await published();
    world.prove(omegaWith(), 'd2');
    world.failWrite = REFUSAL;
    for (let tries = 0; tries < 5; tries += 1) await world.publish();
    expect(world.log.messages('warn')).toEqual(['publication will be retried', 'publication will be retried']);
    expect(world.log.messages('error')).toEqual(['config not published']);
  });
});

describe('after a start', () => {
  it('what is retained from before is in the log, without an event', async () => {
    const before = await published();
    const world = new PublishingWorld();
    for (const [key, ledger] of before.stored) world.stored.set(key, ledger);
    for (const [key, output] of before.outputs) world.outputs.set(key, output);
    world.put(wandb);
    await world.publish();
    expect(lines(world)).toEqual(['info published bucket retained: TeamStorage/omega b']);
    expect(world.trail).toEqual([]);
  });
});
