import { beforeEach, describe, expect, it } from '@jest/globals';
import { PLAIN_WISH, specOf, type Slot, type Wish } from '../../../test/support/publication-model/universe.ts';
import { World } from '../../../test/support/publication-model/world.ts';
import type { TeamStorageStatus } from '../../api/resources.ts';

const INSTANCE: Slot = { kind: 'InstanceStorage', namespace: 'wandb', name: 'prod' };
const TEAM: Slot = { kind: 'TeamStorage', namespace: 'wandb', name: 't1' };
const ON_MINIO = { bucket: 'b3', path: '', secret: 'k1' } as const;
const ON_AWS = { bucket: 'b2', path: '', secret: 'ambient' } as const;
const DELETES = { change: 'Allow', deletion: 'Remove' } as const;

let world: World;
const wish = (changes: Partial<Wish>) => specOf(TEAM, { ...PLAIN_WISH, team: 'omega', ...DELETES, ...changes });

async function ask(spec: Record<string, unknown>): Promise<TeamStorageStatus> {
  await world.put(TEAM, spec);
  await world.pass(60_000);
  return world.truth.teams.reader.get(TEAM)?.status ?? {};
}

/** The team on CoreWeave, whose region may be left out. */
function onCoreWeave(changes: object): Record<string, unknown> {
  const credentials = { accessKey: { secretRef: { name: 'k1' } } };
  return {
    ...wish({ at: 'nothing' }),
    bucket: { provider: 'CoreWeave', name: 'cw', coreWeave: { credentials, ...changes } },
  };
}

beforeEach(async () => {
  world = new World();
  await world.setUp();
  const { deployment, ...spec } = specOf(INSTANCE, PLAIN_WISH);
  await world.put(INSTANCE, { ...spec, deployment: { ...(deployment as object), availability: 'byob-2026' } });
  await world.pass(10_000);
});

describe('what the status says of the bucket', () => {
  it('is no longer the region that was taken out of the spec', async () => {
    expect(await ask(onCoreWeave({ region: 'US-EAST-04A' }))).toMatchObject({ region: 'US-EAST-04A' });

    expect(await ask(onCoreWeave({}))).not.toHaveProperty('region');
  });

  it('is all about the new bucket, not in part about the former one', async () => {
    await ask(wish({ at: ON_AWS }));
    const status = await ask(onCoreWeave({}));

    expect(status).toMatchObject({ provider: 'CoreWeave', bucket: 'cw', credentialMode: 'AccessKey' });
    expect(JSON.stringify({ ...status, boundBucket: undefined, conditions: [] })).not.toMatch(/b2-data|eu-central-1/);
  });

  it('does not name who signed in to the former bucket while the credentials of the new one are missing', async () => {
    const before = await ask(wish({ at: ON_AWS }));
    expect(before.principal).toBeDefined();

    const gone = { credentials: { accessKey: { secretRef: { name: 'not-there' } } } };
    expect(await ask(onCoreWeave(gone))).not.toHaveProperty('principal');
  });

  it('stays while the spec has a problem', async () => {
    const { bucket, address, region, principal } = await ask(wish({ at: ON_MINIO }));

    expect(await ask({ ...wish({ at: 'nothing' }), bucket: { provider: 'CoreWeave', name: '' } })).toMatchObject({
      ...{ bucket, address, region, principal },
    });
  });

  it('is gone, with the result of the validation, when the team goes to the instance bucket', async () => {
    const before = await ask(wish({ at: ON_MINIO }));
    expect(before).toMatchObject({ checks: expect.anything() as unknown, config: expect.anything() as unknown });

    const status = await ask(wish({ at: 'nothing' }));
    expect(status.bucket).toBe('(instance bucket)');
    for (const field of [
      'address',
      'provider',
      'region',
      'principal',
      'credentialMode',
      'checks',
      'rotation',
      'config',
    ])
      expect(status).not.toHaveProperty(field);
    expect(status).not.toHaveProperty('lastFullValidationTime');
  });
});
