import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proofOf } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  storageOf,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import { atLeast } from '../../../test/support/property-runs.ts';
import { claimId, compare } from '../../domain/publication/ledger.ts';
import { isProven, type LiveClaim } from '../../domain/publication/live-claim.ts';
import { claimantsOf, liveClaims } from './live-claims.ts';

const BUCKETS = [bucketSpec('b1'), bucketSpec('b2')] as const;
const INSTANCES = ['wandb', 'other'];

const specs = fc.constantFrom(
  { bucket: BUCKETS[0] },
  { bucket: BUCKETS[0], isolation: 'Required' as const },
  { bucket: BUCKETS[0], instanceRef: { name: 'other' } },
  { bucket: BUCKETS[1], bucketChangePolicy: 'Allow' as const },
  { bucketFrom: { teamStorageRef: { name: 't0' } } },
  { bucket: bucketSpec('NO NAME OF A BUCKET') },
  {},
);
const statuses = fc.constantFrom(undefined, {
  boundBucket: { provider: 'S3Compatible' as const, name: 'b1', endpoint: 'https://minio.example' },
});
const TEAMS = ['t0', 't1', 't2'];
const teams = fc.constantFrom(...TEAMS);
const incarnations = fc.constantFrom('1', '2');
/** What happens in a namespace. */
const events = fc.oneof(
  fc
    .record({ name: teams, team: fc.constantFrom('vision', 'audio'), spec: specs, uid: incarnations, status: statuses })
    .map(({ name, team, spec, uid, status }) => (world: PublishingWorld) => {
      world.put(
        teamObject(name, { team, ...spec }, { uid: `${name}-${uid}`, ...(status !== undefined && { status }) }),
      );
    }),
  teams.map((name) => (world: PublishingWorld) => world.remove(teamObject(name))),
  fc
    .record({ name: teams, uid: incarnations, spec: fc.constantFrom(...BUCKETS), key: fc.constantFrom('d1', 'd2') })
    .map(({ name, uid: incarnation, spec, key }) => (world: PublishingWorld) => {
      const uid = `${name}-${incarnation}`;
      const instance = world.admissions.of({ kind: 'TeamStorage', namespace: 'ns', name })?.instanceName ?? 'wandb';
      world.proofs.set([[uid, { ...proofOf(storageOf(spec), key), uid, instance: `ns/${instance}` }]]);
    }),
  fc.constantFrom(...INSTANCES).map((name) => (world: PublishingWorld) => world.put(instanceObject(name))),
  fc.constantFrom(...INSTANCES).map((name) => (world: PublishingWorld) => world.remove(instanceObject(name))),
  fc.constantFrom(...INSTANCES).map((name) => async (world: PublishingWorld) => {
    await world.publish(name);
  }),
);

/** The claims by name, and the order of those that are proven: the others have none. */
function claimsIn(world: PublishingWorld, name: string): readonly [readonly LiveClaim[], readonly string[]] {
  const instance = { namespace: 'ns', name };
  const objects = { instances: world.instances.reader, teams: world.teams.reader };
  const claims = liveClaims(instance, claimantsOf(instance, objects), {
    admissions: world.admissions,
    proofOf: (uid) => world.proofs.get(uid),
  });
  return [claims.toSorted((left, right) => compare(left.name, right.name)), claims.filter(isProven).map(claimId)];
}

function whereaboutsIn({ admissions }: PublishingWorld, name: string): unknown {
  return withoutVersions(admissions.whereaboutsOf({ kind: 'TeamStorage', namespace: 'ns', name }));
}

/** Each world counts versions of its own. */
function withoutVersions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, part: unknown) => (key === 'resourceVersion' ? 0 : part)));
}

/** A world in which everything is as it is now, and nothing was there before. */
function asItIs(world: PublishingWorld): PublishingWorld {
  const anew = new PublishingWorld();
  anew.put(...structuredClone(world.instances.reader.list()), ...structuredClone(world.teams.reader.list()));
  for (const { instance, ledger } of world.ledgers.in('ns')) anew.ledgers.settle(`ns/${instance}`, ledger);
  for (const { metadata } of world.teams.reader.list()) {
    const { uid = '' } = metadata;
    anew.proofs.set([[uid, world.proofs.get(uid)]]);
  }
  return anew;
}

it('makes the claims of earlier runs anew wherever something has changed that they depend on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { minLength: 2, maxLength: 16 }), async (history) => {
      const world = new PublishingWorld();
      world.put(instanceObject('wandb'));
      for (const happen of history) {
        await happen(world);
        const anew = asItIs(world);
        for (const name of TEAMS) expect(whereaboutsIn(world, name)).toEqual(whereaboutsIn(anew, name));
        for (const name of INSTANCES) expect(claimsIn(world, name)).toEqual(claimsIn(anew, name));
      }
    }),
    atLeast(300),
  );
});
