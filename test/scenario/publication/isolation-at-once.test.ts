import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { conditionOf } from '../../servers/conditions.ts';
import { applyStorage, getStorage, minioBucket } from '../../servers/objects.ts';
import { watchOutputs } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const PAIRS = 20;
let world: PublishedNamespace;

beforeAll(async () => {
  world = await publishNamespace('at-once');
});

afterAll(async () => {
  await world.operator.stop();
});

/** `published` or the reason of the refusal; nothing while the operator has not decided. */
async function outcomeOf(name: string): Promise<string | undefined> {
  const object = await getStorage(world.namespace, 'TeamStorage', name);
  if (object.status?.observedGeneration !== object.metadata.generation) return undefined;
  const accepted = conditionOf(object, 'Accepted');
  if (accepted.startsWith('False')) return accepted.slice('False '.length);
  return conditionOf(object, 'Published').startsWith('True') ? 'published' : undefined;
}

/** Claims in the listing of a ConfigMap. */
function claimsIn(data: Readonly<Record<string, string>> | undefined): readonly string[] {
  const stores = parse(data?.['stores.yaml'] ?? '[]') as readonly { readonly claim: string }[];
  return stores.map(({ claim }) => claim.replace('TeamStorage/', ''));
}

it('of two teams that require isolation and are applied together on one bucket, one is published and the other refused', async () => {
  const buckets = await Promise.all(Array.from({ length: PAIRS }, () => newBucket('pair')));
  const pairs = buckets.map((bucket, index) => ({
    bucket,
    names: ['left', 'right'].map((side) => `${side}-${String(index)}`),
  }));
  const outputs = await watchOutputs(world.namespace);
  await Promise.all(
    pairs.flatMap(({ bucket, names }) =>
      names.map((name) =>
        applyStorage(world.namespace, 'TeamStorage', name, {
          team: name,
          isolation: 'Required',
          bucket: minioBucket(sharedServers().minio, bucket, 'root', { path: `teams/${name}` }),
        }),
      ),
    ),
  );

  const outcomes: string[][] = [];
  for (const { names } of pairs) {
    let pair: readonly (string | undefined)[] = [];
    await until(
      `${names.join(' and ')} are decided`,
      async () => {
        pair = await Promise.all(names.map(outcomeOf));
        return pair.every((outcome) => outcome !== undefined);
      },
      60,
    );
    outcomes.push(pair.map(String).sort());
  }
  await outputs.finish();

  // Not for a moment were both listed.
  const together = outputs.configMaps.flatMap(({ data }) => {
    const claims = new Set(claimsIn(data));
    return pairs.filter(({ names }) => names.every((name) => claims.has(name))).map(({ names }) => names.join(' '));
  });
  expect([...new Set(together)]).toEqual([]);
  expect(outcomes).toEqual(pairs.map(() => ['IsolationViolated', 'published']));
});
