import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, proofOf, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { INSTANCE_LABEL, type InstanceStorage, type TeamStorage } from '../../api/resources.ts';
import { ObservableMap } from '../../runtime/observable-map.ts';
import type { ObjectChange, WatchedCache } from '../../ports/kube.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import type { PartialObject } from '../../api/object.ts';
import { Ledgers } from '../admission/ledgers.ts';
import type { InstancePublication } from './instance-publication.ts';
import { wirePublicationTriggers } from './publication-triggers.ts';

it('wakes the instance that a team leaves once another one has published it, and no other', () => {
  const omega = team('omega', bucket('a'));
  const { ledger } = update(EMPTY, [proven(omega, 'd1')]);
  const [record] = ledger.claims;
  if (record === undefined) throw new Error('nothing is published');
  const ledgers = new Ledgers(() => ['prod', 'lab', 'idle']);
  for (const name of ['prod', 'lab']) ledgers.settle(`ns/${name}`, ledger);
  ledgers.settle('ns/idle', EMPTY);
  const publications = new ObservableMap<string, InstancePublication>(() => false);
  const woken: string[] = [];
  const watch = (): never => ({ reader: { by: () => [], list: () => [] }, onChange: () => undefined }) as never;
  wirePublicationTriggers({
    watches: { instances: watch(), teams: watch(), managedSecrets: watch(), configMaps: watch() },
    queue: { runningFor: () => 0, add: () => undefined, addAfter: (key: string) => void woken.push(key) },
    proofs: new ObservableMap<string, Proof>(() => false),
    publications,
    ledgers,
    ledgerStore: { invalidate: () => true },
    outputs: { invalidate: () => true },
    removals: { deleted: () => undefined },
    clock: { monotonic: () => 0 },
    hold: () => () => undefined,
    instancesOf: () => [],
  });

  const published = { record, served: 'Yes' } as const;
  const report = (instance: string): void =>
    publications.set([[instance, { claims: new Map([[claimId(omega), published]]), retained: 0, unserved: [] }]]);
  report('ns/prod');
  expect(woken).toEqual(['ns/lab']);
  // A record that stays at both places: reports that bring nothing new wake nobody.
  report('ns/lab');
  for (const instance of ['ns/prod', 'ns/lab', 'ns/prod']) report(instance);
  expect(woken).toEqual(['ns/lab', 'ns/prod']);

  // Published at another bucket: only now may it be where the team resolves.
  const moved = { record: { ...record, address: bucket('b') }, served: 'Yes' } as const;
  publications.set([['ns/prod', { claims: new Map([[claimId(omega), moved]]), retained: 0, unserved: [] }]]);
  expect(woken).toEqual(['ns/lab', 'ns/prod', 'ns/lab']);
});

/** A watch that shows what the test gives it. */
function createWatch<T extends PartialObject = PartialObject>() {
  const handlers: ((change: ObjectChange<T>) => void)[] = [];
  const cache: WatchedCache<T> = {
    reader: { synced: true, get: () => undefined, list: () => [], by: () => [] },
    onChange: (handler) => void handlers.push(handler),
  };
  return {
    cache,
    show(object: T): void {
      for (const handler of handlers) handler({ type: 'added', object });
    },
  };
}

/** Triggers over one team `omega` of the instance `prod`, whose ledger holds the digest `d1` unless it is another one. */
function omegaOnProd(ledger = update(EMPTY, [proven(team('omega', bucket('a')), 'd1')]).ledger) {
  const ledgers = new Ledgers(() => ['prod']);
  ledgers.settle('ns/prod', ledger);
  const publications = new ObservableMap<string, InstancePublication>(() => false);
  const proofs = new ObservableMap<string, Proof>(() => false);
  const waits: number[] = [];
  const lanes: string[] = [];
  const object = { kind: 'TeamStorage', metadata: { namespace: 'ns', name: 'omega', uid: 'uid-omega' } };
  const none = (): never => ({ reader: { by: () => [], list: () => [] }, onChange: () => undefined }) as never;
  const teams = createWatch<TeamStorage>();
  const managedSecrets = createWatch();
  const configMaps = createWatch();
  wirePublicationTriggers({
    watches: {
      instances: none(),
      teams: { ...teams.cache, reader: { by: () => [object], list: () => [object] } } as never,
      managedSecrets: managedSecrets.cache,
      configMaps: configMaps.cache,
    },
    queue: {
      runningFor: () => 0,
      add: () => undefined,
      addAfter(_key: string, milliseconds: number, lane: string) {
        waits.push(milliseconds);
        lanes.push(lane);
      },
    },
    proofs,
    publications,
    ledgers,
    ledgerStore: { invalidate: (_key, version) => version !== 'own ledger' },
    outputs: { invalidate: (_kind, _key, version) => version !== 'own output' },
    removals: { deleted: () => undefined },
    clock: { monotonic: () => 0 },
    hold: () => () => undefined,
    instancesOf: () => ['ns/prod'],
  });
  // So many runs that the next one has to wait.
  for (let runs = 0; runs < 3; runs += 1) {
    publications.set([['ns/prod', { claims: new Map(), retained: 0, unserved: [] }]]);
  }
  return {
    proofs,
    waits,
    lanes,
    managedSecrets,
    configMaps,
    showTeam: () => teams.show({ ...object, spec: {} } as never),
  };
}

it('publishes a credential that replaces a published one sooner after a run than a proof that confirms it', () => {
  const { proofs, waits } = omegaOnProd();
  proofs.set([['uid-omega', proofOf(bucket('a'), 'd1')]]);
  expect(waits).toEqual([1_000]);
  proofs.set([['uid-omega', proofOf(bucket('a'), 'd2')]]);
  expect(waits).toEqual([1_000, 200]);
});

it('publishes the first proof of a claim as soon as a rotated credential', () => {
  const { proofs, waits } = omegaOnProd(EMPTY);
  proofs.set([['uid-omega', proofOf(bucket('a'), 'd1')]]);
  expect(waits).toEqual([200]);
});

it('publishes an edit of a published claim as soon as a rotated credential', () => {
  const { waits, showTeam } = omegaOnProd();
  showTeam();
  expect(waits).toEqual([200]);
});

it('publishes another place of a published claim as soon as a rotated credential', () => {
  const { proofs, waits } = omegaOnProd();
  proofs.set([['uid-omega', proofOf(bucket('b'), 'd1')]]);
  expect(waits).toEqual([200]);
});

it('holds up only what confirms: what another client changed is put right whoever else waits', () => {
  const { proofs, lanes, configMaps } = omegaOnProd();
  proofs.set([['uid-omega', proofOf(bucket('a'), 'd1')]]);
  const metadata = { namespace: 'ns', name: 'prod-storage', resourceVersion: 'foreign' };
  configMaps.show({
    ...{ apiVersion: 'v1', kind: 'PartialObjectMetadata' },
    metadata: { ...metadata, labels: { [INSTANCE_LABEL]: 'prod' } },
  });
  proofs.set([['uid-omega', proofOf(bucket('a'), 'd2')]]);
  expect(lanes).toEqual(['periodic', 'fast', 'fast']);
});

it('does not wake the publisher by its own writes, only by those of other clients', () => {
  const { waits, managedSecrets, configMaps } = omegaOnProd();
  const output = (resourceVersion: string): PartialObject => ({
    apiVersion: 'v1',
    kind: 'PartialObjectMetadata',
    metadata: { namespace: 'ns', name: 'prod-storage', resourceVersion, labels: { [INSTANCE_LABEL]: 'prod' } },
  });
  managedSecrets.show(output('own ledger'));
  managedSecrets.show(output('own output'));
  configMaps.show(output('own output'));
  expect(waits).toEqual([]);
  managedSecrets.show(output('foreign'));
  configMaps.show(output('foreign'));
  expect(waits).toHaveLength(2);
});

type Watches = Parameters<typeof wirePublicationTriggers>[0]['watches'];

/** Triggers over some watches and ledgers: the instances that they wake. */
function wokenBy(watches: Partial<Watches>, ledgers: Ledgers, instancesOf: readonly string[] = []): readonly string[] {
  const none = (): never => ({ reader: { by: () => [], list: () => [] }, onChange: () => undefined }) as never;
  const woken: string[] = [];
  const wake = (key: string): void => void woken.push(key);
  wirePublicationTriggers({
    watches: { instances: none(), teams: none(), managedSecrets: none(), configMaps: none(), ...watches },
    queue: { runningFor: () => 0, add: wake, addAfter: wake },
    proofs: new ObservableMap<string, Proof>(() => false),
    publications: new ObservableMap<string, InstancePublication>(() => false),
    ledgers,
    ledgerStore: { invalidate: () => true },
    outputs: { invalidate: () => true },
    removals: { deleted: () => undefined },
    clock: { monotonic: () => 0 },
    hold: () => () => undefined,
    instancesOf: () => instancesOf,
  });
  return woken;
}

it('wakes the instances whose ledger has been read when another one of the namespace appears', () => {
  const ledgers = new Ledgers((namespace) => (namespace === 'ns' ? ['prod', 'lab', 'unread'] : ['prod']));
  for (const key of ['ns/prod', 'ns/lab', 'other/prod']) ledgers.settle(key, EMPTY);
  const instances = createWatch<InstanceStorage>();
  const woken = wokenBy({ instances: instances.cache }, ledgers);
  instances.show({ kind: 'InstanceStorage', metadata: { namespace: 'ns', name: 'lab', generation: 1 } } as never);
  expect(woken).toEqual(['ns/lab', 'ns/prod']);
});

describe('a team that appears', () => {
  const omega = team('omega', bucket('a'));
  const boundBucket = { provider: 'S3', name: 'a' };

  it.each([
    ['is no cause to publish before it is proven', EMPTY, {}, []],
    ['is one where the ledger has a record of its name', update(EMPTY, [proven(omega, 'd1')]).ledger, {}, ['ns/prod']],
    ['is one where its status says that it was published', EMPTY, { status: { boundBucket } }, ['ns/prod']],
    ['is one while a ledger has not been read', undefined, {}, ['ns/prod']],
  ])('%s', (_, ledger, changes, expected) => {
    const ledgers = new Ledgers(() => ['prod']);
    if (ledger !== undefined) ledgers.settle('ns/prod', ledger);
    const teams = createWatch<TeamStorage>();
    const woken = wokenBy({ teams: teams.cache }, ledgers, ['ns/prod']);
    teams.show({
      ...{ apiVersion: 'storage.wandb.com/v1alpha1', kind: 'TeamStorage', spec: { team: 'omega' } },
      ...{ metadata: { namespace: 'ns', name: 'omega', generation: 1 } },
      ...changes,
    } as never);
    expect(woken).toEqual(expected);
  });
});
