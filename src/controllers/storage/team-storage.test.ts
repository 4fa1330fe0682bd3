import { expect, it } from '@jest/globals';
import { EMPTY } from '../../../test/support/fakes/publication.ts';
import { instanceObject, PublishingWorld, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import type { InstanceStorage } from '../../api/resources.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { ObservableMap } from '../../runtime/observable-map.ts';
import { createTeamKind } from './team-storage.ts';

const kappa = teamObject('kappa');
const key = { namespace: 'ns', name: 'kappa' };

/** An instance that is Ready, or not. */
function wandb(status: 'True' | 'False'): InstanceStorage {
  const condition = {
    type: 'Ready',
    status,
    reason: 'Valid',
    message: 'Said.',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  return instanceObject('wandb', {}, { status: { conditions: [condition] } });
}

function createWorld() {
  const world = new PublishingWorld();
  world.put(wandb('False'), kappa);
  world.ledgers.settle('ns/wandb', EMPTY);
  const kind = createTeamKind({
    teams: world.teams.reader,
    instances: world.instances.reader,
    admissions: world.admissions,
    provisions: new ObservableMap(() => false),
    statuses: { current: (object) => object },
    clock: world.clock,
  });
  const readyAfter = (change: () => void): unknown => {
    const resolved = kind.resolve(key);
    change();
    if (resolved === undefined) return undefined;
    return findCondition(kind.report({ resolved }).status.conditions ?? [], 'Ready');
  };
  return { world, readyAfter };
}

it('a team on the instance bucket follows a status of the instance that nothing else follows', () => {
  const { world, readyAfter } = createWorld();
  expect(readyAfter(() => undefined)).toMatchObject({
    status: 'False',
    message: expect.stringContaining('InstanceStorage wandb, which is not Ready: Said.') as unknown,
  });
  world.put(wandb('True'));
  expect(readyAfter(() => undefined)).toMatchObject({ status: 'True' });
});

it('is reported as it was resolved, also where the instance has gone meanwhile', () => {
  const { world, readyAfter } = createWorld();
  world.put(wandb('True'));
  expect(readyAfter(() => world.remove(wandb('True')))).toMatchObject({ status: 'True' });
});
