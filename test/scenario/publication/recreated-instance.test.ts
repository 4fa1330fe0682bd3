import { afterEach, expect, it } from '@jest/globals';
import { INSTANCE_STORAGES, type InstanceStorage, type SecretObject } from '../../../src/api/resources.ts';
import { conditionOf, untilCondition, untilReconciled } from '../../servers/conditions.ts';
import { applyStorage, deleteStorage, minioBucket, readSecret, untilStorage } from '../../servers/objects.ts';
import { distinctData, OUTPUT, rawData, valueOf, watchOutputs } from '../../servers/outputs.ts';
import { onPremises, publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { watchVersions } from '../../servers/versions.ts';

const TIMEOUT_MS = 180_000;
const FORMAT = { fileStores: { separator: ';', variables: ['MY_STORES', 'SUPPORTED_FILE_STORES'] } };
let world: PublishedNamespace;
const instance = () => ({ namespace: world.namespace, kind: 'InstanceStorage', name: 'wandb' }) as const;
const team = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

afterEach(async () => {
  await world.operator.stop();
});

/** An InstanceStorage with Retain, the default, and a format of its own, and two teams. */
async function publish(): Promise<void> {
  const { minio } = sharedServers();
  const buckets = [await newBucket('omega'), await newBucket('theta')];
  world = await publishNamespace('recreated', {
    instance: FORMAT,
    teams: Object.fromEntries(
      ['omega', 'theta'].map((name, index) => [
        name,
        { team: name, bucket: minioBucket(minio, buckets[index] ?? '', 'root') },
      ]),
    ),
  });
}

/** Deletes the InstanceStorage and creates it again with another bucket. */
async function recreate(bucket: string, extra: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await deleteStorage(world.namespace, 'InstanceStorage', 'wandb');
  await applyStorage(world.namespace, 'InstanceStorage', 'wandb', onPremises(bucket, { ...FORMAT, ...extra }));
}

it(
  'an InstanceStorage that is deleted with Retain leaves the Secret as it is, byte for byte',
  async () => {
    await publish();
    const { namespace, operator } = world;
    const before = await rawData(namespace, 'secrets', OUTPUT);
    expect(Object.keys(before)).toContain('MY_STORES');
    const outputs = await watchOutputs(namespace);
    await deleteStorage(namespace, 'InstanceStorage', 'wandb');
    for (const name of ['omega', 'theta']) await untilReconciled(team(name));
    await operator.restart();
    for (const name of ['omega', 'theta']) await untilReconciled(team(name));
    await outputs.finish();

    expect(distinctData(outputs.secrets)).toEqual([before]);
    expect(outputs.deletions).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'an InstanceStorage that is recreated with another bucket is refused while bucketChangePolicy is Forbid',
  async () => {
    await publish();
    const before = await rawData(world.namespace, 'secrets', OUTPUT);
    const outputs = await watchOutputs(world.namespace);
    await recreate(await newBucket('other'));

    await untilCondition(instance(), 'Accepted', { status: 'False', reason: 'BucketChangeForbidden' }, 60);
    await untilStorage(instance(), { ready: 'False', reason: 'BucketChangeForbidden' });
    await untilReconciled(instance());
    await untilStorage(team('omega'), { published: 'True' });
    await outputs.finish();
    expect(distinctData(outputs.secrets)).toEqual([before]);
  },
  TIMEOUT_MS,
);

it(
  'an InstanceStorage that is recreated with Allow switches BUCKET to the proven one, and is Published only then',
  async () => {
    await publish();
    const { namespace } = world;
    const next = await newBucket('next');
    const outputs = await watchOutputs(namespace);
    const reported = await watchVersions(INSTANCE_STORAGES, namespace, 'wandb');
    const [old] = reported.seen.map(({ metadata }) => metadata.uid);
    await recreate(next, { bucketChangePolicy: 'Allow' });
    await untilStorage(instance(), { ready: 'True', published: 'True', publishedReason: 'Published' }, 60);
    expect((await readSecret(namespace, OUTPUT))?.['BUCKET']).toContain(next);
    await Promise.all([outputs.finish(), reported.stop()]);

    const successors = reported.seen.filter(({ metadata }) => metadata.uid !== old);
    const premature = successors.filter(
      (version) =>
        conditionOf(version, 'Published') === 'True Published' && !bucketAt(outputs.secrets, version).includes(next),
    );
    expect(premature.map(({ status }) => status?.conditions)).toEqual([]);
    // The old one until the new one is proven: never none, never a third.
    const strange = outputs.secrets
      .map((version) => valueOf(version, 'BUCKET'))
      .filter((address) => !address.includes(world.instanceBucket) && !address.includes(next));
    expect(strange).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'a restart of the operator does not switch BUCKET after the InstanceStorage was recreated with another bucket',
  async () => {
    await publish();
    const { namespace, operator } = world;
    await recreate(await newBucket('another'), { bucketChangePolicy: 'Allow' });
    await untilStorage(instance(), { ready: 'True', published: 'True' }, 60);
    const before = await rawData(namespace, 'secrets', OUTPUT);

    const outputs = await watchOutputs(namespace);
    await operator.restart();
    await untilReconciled(instance());
    for (const name of ['omega', 'theta']) await untilReconciled(team(name));
    await outputs.finish();
    expect(distinctData(outputs.secrets)).toEqual([before]);
  },
  TIMEOUT_MS,
);

/** `BUCKET` at the moment of a version: resource versions of one API server are in the order of its writes. */
function bucketAt(secrets: readonly SecretObject[], { metadata }: InstanceStorage): string {
  const moment = BigInt(metadata.resourceVersion ?? 0);
  const standing = secrets.findLast((secret) => BigInt(secret.metadata.resourceVersion ?? 0) <= moment);
  return standing === undefined ? '' : valueOf(standing, 'BUCKET');
}
