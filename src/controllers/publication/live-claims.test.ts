import { beforeEach, expect, it } from '@jest/globals';
import { EMPTY, proofOf, proven, team, update } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  storageOf,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import { liveClaims } from './live-claims.ts';

const TEAMS = 30;
const INSTANCE = { namespace: 'ns', name: 'wandb' };

let world: PublishingWorld;
let proofs: Map<string, Proof>;
let resolved: number;

function bucketOf(index: number) {
  return bucketSpec(`bucket-${index % 3}`, { path: `teams/${index}` });
}

function teamOf(index: number, generation: number) {
  const metadata = { generation, resourceVersion: `${index}-${generation}` };
  return teamObject(`team-${index}`, { bucket: bucketOf(index) }, metadata);
}

function prove(index: number, key: string): void {
  const uid = `uid-team-${index}`;
  proofs.set(uid, { ...proofOf(storageOf(bucketOf(index)), key), uid });
}

function run(): readonly LiveClaim[] {
  return claimsOf(INSTANCE);
}

function claimsOf(instance: typeof INSTANCE): readonly LiveClaim[] {
  return liveClaims(instance, world.teams.reader.list('ns'), {
    admissions: {
      of: (key) => world.admissions.of(key),
      mayProve: (resolution) => world.admissions.mayProve(resolution),
      rankOf: (resolution) => world.admissions.rankOf(resolution),
      whereabouts: (object) => {
        resolved += 1;
        return world.admissions.whereabouts(object);
      },
    },
    proofOf: (uid) => proofs.get(uid),
  });
}

/** Names of the claims that were made anew. */
function madeIn(before: readonly LiveClaim[], after: readonly LiveClaim[]): readonly string[] {
  return after.filter((claim) => !before.includes(claim)).map(({ name }) => name);
}

beforeEach(() => {
  world = new PublishingWorld();
  proofs = new Map();
  world.put(instanceObject('wandb'));
  world.ledgers.settle('ns/wandb', EMPTY);
  for (let index = 0; index < TEAMS; index += 1) {
    world.put(teamOf(index, 1));
    prove(index, 'key');
  }
  resolved = 0;
});

it('makes only the claims anew whose object or proof has changed since the last run', () => {
  const first = run();
  expect(first).toHaveLength(TEAMS);
  expect(madeIn(first, run())).toEqual([]);

  world.put(teamOf(4, 2));
  prove(7, 'other key');
  const second = run();
  expect([...madeIn(first, second)].sort()).toEqual(['team-4', 'team-7']);
  expect(second.find(({ name }) => name === 'team-7')?.proof?.digest).toBe('other key');
});

it('makes a claim for each instance that has it, with its proof only where that was made', () => {
  const other = { namespace: 'ns', name: 'other' };
  world.put(instanceObject('other'));
  const moved = { bucket: bucketOf(0), instanceRef: { name: 'other' }, bucketChangePolicy: 'Allow' as const };
  world.put(teamObject('team-0', moved, { generation: 2 }));
  const proof = { ...proofOf(storageOf(bucketOf(0)), 'key'), uid: 'uid-team-0', instance: 'ns/other' };
  proofs.set('uid-team-0', proof);
  const placed = update(EMPTY, [proven(team('team-0', storageOf(bucketOf(0))), 'key')]).ledger;
  for (const name of ['wandb', 'other']) world.ledgers.settle(`ns/${name}`, placed);

  const proofAt = (instance: typeof other) => claimsOf(instance).find(({ name }) => name === 'team-0')?.proof;
  expect([proofAt(INSTANCE), proofAt(other), proofAt(INSTANCE)]).toEqual([undefined, proof, undefined]);
});

it('resolves each spec once in a run', () => {
  run();
  expect(resolved).toBe(TEAMS);
});
