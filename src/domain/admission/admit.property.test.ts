import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucket, COMMA, SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import { atLeast } from '../../../test/support/property-runs.ts';
import { without } from '../../base/defined.ts';
import { boundBucketOf } from '../bucket/bucket-id.ts';
import { PUBLIC_CLOUDS } from '../bucket/store-endpoint.ts';
import { emptyLedger, recordsOf, slotAddress, type ClaimRecord, type Ledger } from '../publication/ledger.ts';
import { admit, type Admission } from './admit.ts';
import { idOf, type Claimant, type ClaimKey, type World } from './world.ts';

const NAMESPACES = ['ns', 'n2'] as const;
const INSTANCES = ['wandb', 'other'] as const;
const TEAMS = ['a', 'b', 'c', 'd'] as const;

interface TeamChange {
  readonly what: 'team';
  readonly namespace: string;
  readonly name: string;
  readonly object: Claimant | undefined;
}
interface InstanceChange extends Omit<TeamChange, 'what'> {
  readonly what: 'instance';
}
interface LedgerChange {
  readonly what: 'ledger';
  readonly namespace: string;
  readonly name: string;
  readonly ledger: Ledger | undefined;
}
type Change = TeamChange | InstanceChange | LedgerChange;

const named = fc.record({ namespace: fc.constantFrom(...NAMESPACES), age: fc.integer({ min: 1, max: 3 }) });
const paths = fc.constantFrom(undefined, 'p', 'p/q', 'x');
const buckets = fc.record({ bucket: fc.constantFrom('b1', 'b1', 'b2'), path: paths });

const teamChanges: fc.Arbitrary<TeamChange> = fc
  .record({
    at: named,
    name: fc.constantFrom(...TEAMS),
    team: fc.constantFrom('omega', 'kappa'),
    where: fc.constantFrom('own', 'own', 'own', 'from team', 'from instance', 'none', 'broken'),
    place: buckets,
    from: fc.constantFrom(...TEAMS),
    ref: fc.constantFrom(undefined, 'wandb', ...INSTANCES),
    isolation: fc.constantFrom('Required' as const, 'Preferred' as const),
    bucketChangePolicy: fc.constantFrom('Forbid' as const, 'Allow' as const),
    incarnation: fc.constantFrom('1', '2'),
    isGone: fc.constantFrom(false, false, false, true),
  })
  .map(({ at, name, team, where, place, from, ref, isolation, bucketChangePolicy, incarnation, isGone }) => {
    const { path } = place;
    const spec = {
      own: { bucket: bucketSpec(place.bucket, path === undefined ? {} : { path }) },
      'from team': { bucketFrom: { teamStorageRef: { name: from }, ...(path !== undefined && { path }) } },
      'from instance': { bucketFrom: { instanceStorageRef: { name: 'wandb' }, ...(path !== undefined && { path }) } },
      none: {},
      broken: { bucket: { provider: 'S3' as const, name: '..' } },
    }[where];
    const { namespace, age } = at;
    const object = teamObject(
      name,
      { team, isolation, bucketChangePolicy, ...(ref !== undefined && { instanceRef: { name: ref } }), ...spec },
      { namespace, uid: `${namespace}-${name}-${incarnation}`, creationTimestamp: `2026-01-0${String(age)}T00:00:00Z` },
    );
    return { what: 'team', namespace, name, object: isGone ? undefined : object };
  });

const instanceChanges: fc.Arbitrary<InstanceChange> = fc
  .record({
    at: named,
    name: fc.constantFrom(...INSTANCES),
    place: fc.record({ bucket: fc.constantFrom('b1', 'runs', 'runs'), path: paths }),
    type: fc.constantFrom('SelfManaged' as const, 'SaaSCloud' as const),
    isGone: fc.constantFrom(false, false, true),
  })
  .map(({ at: { namespace, age }, name, place, type, isGone }) => {
    const cloud = type === 'SelfManaged' ? ('OnPremises' as const) : ('AWS' as const);
    const object = instanceObject(
      name,
      {
        deployment: { type, cloud },
        bucket: bucketSpec(place.bucket, place.path === undefined ? {} : { path: place.path }),
      },
      { namespace, uid: `${namespace}-${name}`, creationTimestamp: `2026-01-0${String(age)}T00:00:00Z` },
    );
    return { what: 'instance', namespace, name, object: isGone ? undefined : object };
  });

const records = fc.record({
  kind: fc.constantFrom('TeamStorage' as const, 'TeamStorage' as const, 'InstanceStorage' as const),
  name: fc.constantFrom(...TEAMS),
  place: buckets,
  revision: fc.integer({ min: 1, max: 4 }),
  isKnown: fc.boolean(),
});
const ledgerChanges: fc.Arbitrary<LedgerChange> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom(...INSTANCES),
    records: fc.uniqueArray(records, {
      maxLength: 4,
      selector: ({ name, place }) => `${name} ${place.bucket} ${place.path ?? ''}`,
    }),
    isUnknown: fc.constantFrom(false, false, false, true),
  })
  .map(({ namespace, name, records: found, isUnknown }) => {
    const claims = found.map(({ kind, name: claim, place, revision, isKnown }): ClaimRecord => ({
      kind,
      name: kind === 'InstanceStorage' ? name : claim,
      ...(isKnown && { uid: `${namespace}-${claim}-1` }),
      address: slotAddress(bucket(place.bucket, place.path ?? '')),
      mode: 'AccessKey',
      hasRow: kind === 'TeamStorage',
      boundRevision: revision,
      boundAt: `2026-02-0${String(revision)}T00:00:00Z`,
      provenAt: '2026-01-01T00:00:00Z',
    }));
    const ledger = { ...emptyLedger(SALT_TEXT, COMMA), claims };
    return { what: 'ledger', namespace, name, ledger: isUnknown ? undefined : ledger };
  });

const histories = fc.array(fc.oneof({ weight: 4, arbitrary: teamChanges }, instanceChanges, ledgerChanges), {
  minLength: 1,
  maxLength: 16,
});

const ALL: readonly ClaimKey[] = NAMESPACES.flatMap((namespace) => [
  ...INSTANCES.map((name) => ({ kind: 'InstanceStorage' as const, namespace, name })),
  ...TEAMS.map((name) => ({ kind: 'TeamStorage' as const, namespace, name })),
]);

function worldOf(world: PublishingWorld): World {
  return {
    instance: (key) => world.instances.reader.get(key),
    instancesIn: (namespace) => world.instances.reader.list(namespace),
    team: (key) => world.teams.reader.get(key),
    teamsNamed: (namespace, team) => world.teams.reader.list(namespace).filter(({ spec }) => spec.team === team),
    ledgersIn: (namespace) => world.ledgers.in(namespace),
    clouds: PUBLIC_CLOUDS,
    isProven: (uid) => world.proofs.get(uid) !== undefined,
  };
}

function play(world: PublishingWorld, change: Change): void {
  const { namespace, name } = change;
  if (change.what === 'ledger') world.ledgers.settle(`${namespace}/${name}`, change.ledger);
  else if (change.object !== undefined) world.put(change.object);
  else {
    const reader = change.what === 'team' ? world.teams.reader : world.instances.reader;
    const object = reader.get({ namespace, name });
    if (object !== undefined) world.remove(object);
  }
}

function decided<T>(of: (key: ClaimKey) => T): ReadonlyMap<string, T> {
  return new Map(ALL.map((key) => [idOf(key), of(key)] as const));
}

/** Of an instance counts what people declared. */
function declared(admission: Admission | undefined): unknown {
  const { instance } = admission ?? {};
  if (instance === undefined) return admission;
  return { ...admission, instance: { ...instance, metadata: without(instance.metadata, 'resourceVersion') } };
}

/** Whether the admission changed for a cause in other claims only: place, record and rivals are the same. */
function isWokenByOthers(old: Admission | undefined, now: Admission | undefined): boolean {
  if (old === undefined || now === undefined) return false;
  const [before, after] = [old, now].map(({ storage, record, isolation, refusal }) => ({
    place: JSON.stringify([storage, record, refusal?.reason === 'TeamConflict']),
    shown: JSON.stringify([isolation?.condition, refusal?.reason === 'IsolationViolated' && refusal.message]),
  }));
  return before?.place === after?.place && before?.shown !== after?.shown;
}

/** A world in which every namespace has its instances. */
function begun(): PublishingWorld {
  const world = new PublishingWorld();
  for (const namespace of NAMESPACES) {
    world.put(...INSTANCES.map((name) => instanceObject(name, {}, { namespace, uid: `${namespace}-${name}` })));
  }
  return world;
}

function played(history: readonly Change[]): PublishingWorld {
  const world = begun();
  for (const change of history) play(world, change);
  return world;
}

/** Every ledger is known; a bound claim has it in its status, as after publication. */
function settled(history: readonly Change[]): PublishingWorld {
  const world = played(history);
  for (const key of NAMESPACES.flatMap((one) => INSTANCES.map((each) => `${one}/${each}`))) {
    if (world.ledgers.view(key) === undefined) world.ledgers.settle(key, emptyLedger(SALT_TEXT, COMMA));
  }
  for (const object of objectsOf(world)) {
    const { record, storage } = world.of(object) ?? {};
    if (record === undefined || storage === undefined) continue;
    world.put({ ...object, status: { boundBucket: boundBucketOf(storage) } });
  }
  return world;
}

/** Of one team at most one claim is bound. */
function hasOneBoundForEachTeam(world: PublishingWorld): boolean {
  const bound = world.teams.reader
    .list()
    .filter((team) => world.of(team)?.record !== undefined)
    .map(({ metadata, spec }) => `${metadata.namespace ?? ''} ${spec.team}`);
  return new Set(bound).size === bound.length;
}

/** A claim that moves has two for a moment, and which of them counts depends on both ledgers. */
function hasOneRecordForEachClaim(world: PublishingWorld): boolean {
  return objectsOf(world).every((object) => {
    const { kind, metadata } = object;
    const views = world.ledgers.in(metadata.namespace ?? '');
    const records = views.flatMap(({ ledger }) =>
      ledger === undefined ? [] : recordsOf(ledger, { kind, name: metadata.name }),
    );
    return records.length <= 1;
  });
}

function objectsOf(world: PublishingWorld): readonly Claimant[] {
  return [...world.instances.reader.list(), ...world.teams.reader.list()];
}

describe('admission, after any history', () => {
  it('decides exactly as without memory (property)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = played(history);
        const fresh = admit(worldOf(world), ALL);
        expect(decided((key) => declared(world.admissions.of(key)))).toEqual(
          decided((key) => declared(fresh.get(idOf(key)))),
        );
      }),
      atLeast(300),
    );
  });

  it('lets count the proofs of those alone that it accepts or has published (property)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = played(history);
        for (const object of objectsOf(world)) {
          const { mayProve, refusal, record, isResolved } = world.of(object) ?? {};
          expect(mayProve).toBe(isResolved === true && (refusal === undefined || record !== undefined));
          expect(world.admissions.mayProve(world.admissions.whereabouts(object))).toBe(mayProve);
        }
      }),
      atLeast(300),
    );
  });

  it('returns all claims whose isolation changed (property)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = begun();
        for (const change of history) {
          const before = decided((key) => world.admissions.of(key));
          world.noted = [];
          play(world, change);
          const returned = new Set(world.noted.map(idOf));
          for (const [id, now] of decided((key) => world.admissions.of(key))) {
            const isItsOwn = change.what !== 'team' || id.endsWith(`/${change.name}`);
            if (!isItsOwn && isWokenByOthers(before.get(id), now)) expect([id, returned.has(id)]).toEqual([id, true]);
          }
        }
      }),
      atLeast(300),
    );
  });

  it('has an order that is total, in which bound comes before proven before neither (property)', () => {
    fc.assert(
      fc.property(histories, fc.subarray(TEAMS.map((name) => `ns-${name}-1`)), (history, proven) => {
        const world = played(history);
        for (const uid of proven) world.proofs.set([[uid, { uid } as never]]);
        const objects = objectsOf(world);
        const rankOf = (object: Claimant): string => world.admissions.rankOf(world.admissions.whereabouts(object));
        const ranks = objects.map(rankOf);
        expect(new Set(ranks).size).toBe(ranks.length);
        const standing = (object: Claimant): number => {
          const admission = world.of(object);
          if (admission?.record !== undefined) return 0;
          return world.proofs.get(object.metadata.uid ?? '') === undefined ? 2 : 1;
        };
        // One that is held where its spec does not resolve counts as bound: the tests of conflicts cover that.
        const known = objects.filter(
          (object) =>
            world.ledgers.in(object.metadata.namespace ?? '').every(({ ledger }) => ledger) &&
            (world.of(object)?.bound === undefined || world.of(object)?.record !== undefined),
        );
        const sorted = known.toSorted((left, right) => (rankOf(left) < rankOf(right) ? -1 : 1));
        expect(sorted.map(standing)).toEqual(known.map(standing).sort());
      }),
    );
  });

  it('refuses no claim because of an unread ledger: a newcomer waits, and a bound claim keeps its bucket (property)', () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(...NAMESPACES),
        fc.constantFrom(...INSTANCES),
        (history, namespace, name) => {
          const world = settled(history);
          fc.pre(hasOneBoundForEachTeam(world) && hasOneRecordForEachClaim(world));
          const before = decided((key) => world.admissions.of(key));
          world.ledgers.settle(`${namespace}/${name}`, undefined);
          world.note(ALL);
          const after = decided((key) => world.admissions.of(key));
          // The records may have determined the instance of a claim that names none: without them it is another case.
          fc.pre([...after].every(([id, now]) => now?.instanceName === before.get(id)?.instanceName));
          for (const [id, now] of after) {
            if (before.get(id)?.refusal !== undefined || now === undefined) continue;
            const allowed = now.record === undefined ? [undefined, 'LedgerUnknown'] : [undefined];
            expect({ id, allowed }).toMatchObject({
              allowed: expect.arrayContaining([now.refusal?.reason]) as unknown,
            });
          }
        },
      ),
      atLeast(300),
    );
  });
});

// Each reproduces a fault of an earlier version.
