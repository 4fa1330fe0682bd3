import { expect, it } from '@jest/globals';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { ObservableMap } from '../../runtime/observable-map.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import { claimId } from '../../domain/publication/ledger.ts';
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
    queue: { add: () => undefined, addAfter: (key: string) => void woken.push(key) },
    proofs: new ObservableMap<string, Proof>(() => false),
    publications,
    ledgers,
    ledgerStore: { invalidate: () => undefined },
    outputs: { invalidate: () => undefined },
    removals: { deleted: () => undefined },
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
});
