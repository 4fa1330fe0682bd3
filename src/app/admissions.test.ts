import { expect, it } from '@jest/globals';
import { EMPTY } from '../../test/support/fakes/publication.ts';
import { bucketSpec, instanceObject, PublishingWorld, teamObject } from '../../test/support/fakes/publishing-world.ts';
import { INSTANCE_LABEL, MANAGED_BY_LABEL, MANAGER } from '../api/resources.ts';
import type { PartialObject } from '../api/object.ts';
import { createObjectCache } from '../kube/object-cache.ts';
import { PUBLIC_CLOUDS } from '../domain/bucket/store-endpoint.ts';
import { createAdmissions } from './admissions.ts';

const ledgerSecret = (name: string, instance: string) => ({
  metadata: { namespace: 'ns', name, labels: { [MANAGED_BY_LABEL]: MANAGER, [INSTANCE_LABEL]: instance } },
});

function admissionsWith(...secrets: readonly ReturnType<typeof ledgerSecret>[]) {
  const world = new PublishingWorld();
  world.put(instanceObject('wandb'), teamObject('omega', { bucket: bucketSpec('b') }));
  const managedSecrets = { reader: { synced: true, get: () => undefined, list: () => secrets } };
  const { admissions, ledgers } = createAdmissions({
    watches: { instances: world.instances, teams: world.teams, managedSecrets } as never,
    proofs: world.proofs,
    clouds: PUBLIC_CLOUDS,
  });
  ledgers.settle('ns/wandb', EMPTY);
  return admissions.of({ kind: 'TeamStorage', namespace: 'ns', name: 'omega' });
}

it('waits for the ledger of a deleted instance', () => {
  const own = ledgerSecret('wandb-storage-ledger', 'wandb');
  expect(admissionsWith(own, ledgerSecret('old-storage-ledger', 'old'))?.refusal?.reason).toBe('LedgerUnknown');
});

it('does not wait for a copy of a ledger, which has the same labels', () => {
  const own = ledgerSecret('wandb-storage-ledger', 'wandb');
  expect(admissionsWith(own, ledgerSecret('old-wandb-storage-ledger', 'wandb'))?.refusal).toBeUndefined();
});

it('sees instances and ledgers that were added or deleted since the last call', () => {
  const world = new PublishingWorld();
  const managedSecrets = createObjectCache<PartialObject>();
  const { ledgers } = createAdmissions({
    watches: { instances: world.instances, teams: world.teams, managedSecrets },
    proofs: world.proofs,
    clouds: PUBLIC_CLOUDS,
  });
  const names = (): readonly string[] => ledgers.in('ns').map(({ instance }) => instance);
  const old = { apiVersion: 'v1', kind: 'Secret', ...ledgerSecret('old-storage-ledger', 'old') };

  expect(names()).toEqual([]);
  world.put(instanceObject('wandb'));
  expect(names()).toEqual(['wandb']);
  managedSecrets.writer.put(old);
  expect(names()).toEqual(['wandb', 'old']);
  managedSecrets.writer.remove(old);
  world.remove(instanceObject('wandb'));
  expect(names()).toEqual([]);
});

it('resolves a claim again only for what concerns it, however often statuses and ledgers are written', () => {
  const world = new PublishingWorld();
  const omega = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
  world.put(instanceObject('wandb'), instanceObject('lab'), omega);
  world.ledgers.settle('ns/wandb', EMPTY);
  const first = world.admissions.whereabouts(omega);

  world.put({ ...instanceObject('lab'), status: { observedGeneration: 1 } });
  world.ledgers.settle('ns/lab', { ...EMPTY, revision: 1 });
  world.ledgers.settle('ns/wandb', { ...EMPTY, revision: 2 });
  expect(world.admissions.whereabouts(omega)).toBe(first);

  const edited = instanceObject('wandb', { deployment: { type: 'SelfManaged', cloud: 'AWS' } });
  world.put(edited);
  expect(world.admissions.whereabouts(omega).instance?.spec).toEqual(edited.spec);
});
