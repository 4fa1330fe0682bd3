import { beforeEach, expect, it } from '@jest/globals';
import { instanceObject, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import { rowOf } from '../../domain/publication/ledger.ts';
import { idOf } from '../../domain/admission/world.ts';
import { ObservableMap } from '../../runtime/observable-map.ts';
import type { KubeObject } from '../../api/object.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import type { InstancePublication } from './instance-publication.ts';
import { watchPublications } from './publication-views.ts';

const KEY = 'ns/wandb';
const omega = team('omega', bucket('b', 'teams/omega'));
const { ledger } = update(EMPTY, [proven(omega, 'd1')]);
const record = onlyRecord(ledger, omega);
const row = rowOf(ledger, record)!;
const problem = { reason: 'PublishFailed', message: 'no answer', failureClass: 'transient' } as const;

const publication = (changes: Partial<InstancePublication> = {}): InstancePublication => ({
  salt: new Secret('s1'),
  claims: new Map([['TeamStorage/omega', { record, row, served: 'Yes' as const }]]),
  retained: 0,
  unserved: [],
  isKnown: true,
  ...changes,
});

function readerOf<T extends KubeObject>(...objects: readonly T[]): ObjectReader<T> {
  return { synced: true, get: () => undefined, list: () => objects };
}

let publications: ObservableMap<string, InstancePublication>;
let woken: string[] = [];
const changes = (next: InstancePublication): readonly string[] => {
  woken = [];
  publications.set([[KEY, next]]);
  return woken.sort();
};

beforeEach(() => {
  publications = new ObservableMap<string, InstancePublication>(() => false);
  watchPublications(
    {
      publications,
      instances: readerOf<InstanceStorage>(instanceObject('wandb')),
      teams: readerOf<TeamStorage>(teamObject('kappa'), teamObject('omega')),
    },
    {
      claims: (claims) => woken.push(...claims.map(idOf)),
      instances: (keys) => woken.push(...keys),
    },
  );
  publications.set([[KEY, publication()]]);
});

const ALL = ['InstanceStorage/ns/wandb', 'TeamStorage/ns/kappa', 'TeamStorage/ns/omega'];
const claims = (omegaClaim: object): InstancePublication['claims'] =>
  new Map([['TeamStorage/omega', { record, row, served: 'Yes' as const, ...omegaClaim }]]);

it.each<[string, Partial<InstancePublication>, readonly string[]]>([
  ['nothing is another', {}, []],
  ['a claim waits for others', { claims: claims({ waitsFor: ['kappa'] }) }, ['TeamStorage/ns/omega']],
  [
    'a claim is held by another incarnation',
    { claims: claims({ record: { ...record, uid: 'u2' } }) },
    ['TeamStorage/ns/omega'],
  ],
  [
    'a field changed that a status may or may not show',
    { claims: claims({ shownTomorrow: true }) },
    ['TeamStorage/ns/omega'],
  ],
  ['a claim is published no more', { claims: new Map() }, ['TeamStorage/ns/omega']],
  ['the ledger was begun anew', { salt: new Secret('s2') }, ALL],
  ['the output Secret is not known any more', { isKnown: false }, [...ALL, KEY]],
  ['the counts of the instance are others', { retained: 1 }, [KEY]],
  [
    'publishing is at fault: no claim that is served',
    { problem },
    ['InstanceStorage/ns/wandb', 'TeamStorage/ns/kappa', KEY],
  ],
])('wakes those whose view changed, where %s', (_, next, expected) => {
  expect(changes(publication(next))).toEqual([...expected].sort());
});

it('wakes all at the first publication, and none by the same again', () => {
  expect(changes(publication({ isKnown: false, claims: new Map() })).length).toBeGreaterThan(0);
  expect(changes(publication({ isKnown: false, claims: new Map() }))).toEqual([]);
});
