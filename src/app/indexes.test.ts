import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TeamStorage } from '../api/resources.ts';
import { teamConflict } from '../domain/admission/team-conflict.ts';
import { createObjectCache } from '../kube/object-cache.ts';
import { referenceKey, sourceKey, TEAM_INDEXES, teamKey, type TeamIndex } from '../controllers/storage/indexes.ts';

const NEITHER = { proven: false };
const NAMES = ['a', 'b', 'c', 'd'];
const teams: fc.Arbitrary<TeamStorage> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    namespace: fc.constantFrom('n1', 'n2'),
    version: fc.nat(),
    generation: fc.constantFrom('1', '2'),
    team: fc.constantFrom('kappa', 'omega'),
    secret: fc.constantFrom(undefined, 's1', 's2'),
    source: fc.constantFrom(undefined, ...NAMES),
  })
  .map(({ name, namespace, version, generation, team, secret, source }) => ({
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name, namespace, uid: `${namespace}-${name}-${generation}`, resourceVersion: String(version) },
    spec: {
      team,
      ...(secret !== undefined && {
        bucket: {
          provider: 'S3' as const,
          name: 'x',
          s3: { region: 'r', credentials: { accessKey: { secretRef: { name: secret } } } },
        },
      }),
      ...(secret === undefined && source !== undefined && { bucketFrom: { teamStorageRef: { name: source } } }),
    },
  }));
const keyOfTeam = ({ metadata, spec }: TeamStorage): string =>
  teamKey({ namespace: metadata.namespace ?? '', team: spec.team });
const steps = fc.array(fc.record({ remove: fc.boolean(), team: teams }), { maxLength: 30 });

it('finds by index what a search through all finds, after any history', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const cache = createObjectCache<TeamStorage, TeamIndex>({ indexes: TEAM_INDEXES });
      for (const { remove, team } of history) {
        if (remove) cache.writer.remove(team);
        else cache.writer.put(team);
      }
      const { reader } = cache;
      const all = reader.list();
      const same = (found: readonly TeamStorage[], wanted: (team: TeamStorage) => boolean): void => {
        expect(new Set(found)).toEqual(new Set(all.filter(wanted)));
        expect(found).toHaveLength(new Set(found).size);
      };
      same(reader.list('n1'), ({ metadata }) => metadata.namespace === 'n1');
      for (const one of all) {
        const { namespace = '', name, uid = '' } = one.metadata;
        const near = (other: TeamStorage): boolean => other.metadata.namespace === namespace;
        same(reader.by('uid', uid), (other) => other.metadata.uid === uid);
        same(reader.by('team', keyOfTeam(one)), (other) => near(other) && other.spec.team === one.spec.team);
        same(
          reader.by('source', sourceKey('TeamStorage', one)),
          (other) => near(other) && other.spec.bucketFrom?.teamStorageRef?.name === name,
        );
        same(
          reader.by('reference', referenceKey('Secret', { namespace, name: 's1' })),
          (other) => near(other) && JSON.stringify(other.spec.bucket ?? {}).includes('"s1"'),
        );
        expect(teamConflict(one, reader.by('team', keyOfTeam(one)), () => NEITHER)).toEqual(
          teamConflict(one, all.filter(near), () => NEITHER),
        );
      }
    }),
  );
});

it('has a change in the index before listeners are called', () => {
  const cache = createObjectCache<TeamStorage, TeamIndex>({ indexes: TEAM_INDEXES });
  const seen: number[] = [];
  cache.onChange(({ object }) => seen.push(cache.reader.by('team', keyOfTeam(object)).length));
  const [team] = fc.sample(teams, { numRuns: 1, seed: 1 });
  if (team === undefined) throw new Error('no sample');
  cache.writer.put(team);
  cache.writer.remove(team);
  expect(seen).toEqual([1, 0]);
});
