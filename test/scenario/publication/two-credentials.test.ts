import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SECRETS, TEAM_STORAGES, type SecretObject } from '../../../src/api/resources.ts';
import { conditionOf, untilCondition, untilReconciled } from '../../servers/conditions.ts';
import { parseFileStores, publishedStores } from '../../servers/file-stores.ts';
import { createUser } from '../../servers/minio.ts';
import { applySecret, applyStorage, minioBucket, untilStorage } from '../../servers/objects.ts';
import { OUTPUT, valueOf } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { watchVersions } from '../../servers/versions.ts';

// An entry of the file stores is for a whole bucket and has one key: teams on one bucket share it.

let world: PublishedNamespace;
const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  world = await publishNamespace('credentials');
});

afterAll(async () => {
  await world.operator.stop();
});

/** Makes a user with access to one bucket and puts its key into a Secret; the id of the key. */
async function putKey(secret: string, user: string, bucket: string): Promise<string> {
  const id = `${world.namespace}-${user}`;
  await createUser(sharedServers().minio, { name: id, secret: `secret-${user}`, buckets: [bucket], actions: ['s3:*'] });
  await applySecret(world.namespace, secret, { ACCESS_KEY: id, SECRET_KEY: `secret-${user}` });
  return id;
}

async function claim(name: string, bucket: string, secret: string): Promise<void> {
  const spec = minioBucket(sharedServers().minio, bucket, secret, { path: `teams/${name}` });
  await applyStorage(world.namespace, 'TeamStorage', name, { team: name, bucket: spec });
}

/** Keys that the entry of a bucket had, each once, in order; none is an empty text. */
function keysOf(versions: readonly SecretObject[], bucket: string): readonly string[] {
  const keys = versions.map((version) => {
    const stores = parseFileStores(valueOf(version, 'SUPPORTED_FILE_STORES') || undefined);
    return stores.find((store) => store.bucket === bucket)?.accessKeyId ?? '';
  });
  return [...new Set(keys)];
}

it('a second credential on a bucket is refused, and the entry keeps the key of the incumbent', async () => {
  const bucket = await newBucket('shared');
  const key = await putKey('one', 'one', bucket);
  await putKey('two', 'two', bucket);
  await claim('incumbent', bucket, 'one');
  await untilStorage(at('incumbent'), { ready: 'True', published: 'True' });
  const secrets = await watchVersions(SECRETS, world.namespace, OUTPUT);

  // By its name it comes first, whatever an order may go by.
  await claim('a-newcomer', bucket, 'two');
  await until('the newcomer has a verdict', async () => {
    const { reason } = await untilCondition(at('a-newcomer'), 'Published', {});
    return reason !== 'AwaitingProof';
  });
  await untilReconciled(at('a-newcomer'));
  await untilReconciled(at('incumbent'));
  expect(keysOf(secrets.seen, bucket)).toEqual([key]);
  const { message } = await untilCondition(at('a-newcomer'), 'Published', {
    status: 'False',
    reason: 'CredentialConflict',
  });
  expect(message).toContain('incumbent');
  await untilStorage(at('a-newcomer'), { ready: 'False' });
  await untilStorage(at('incumbent'), { ready: 'True', published: 'True', publishedReason: 'Published' });
  await secrets.stop();
  expect(keysOf(secrets.seen, bucket)).toEqual([key]);
});

it('a Secret that two teams share may rotate: both are Ready with the new key, and no conflict is reported', async () => {
  const bucket = await newBucket('common');
  const teams = ['left', 'right'];
  await putKey('common', 'before', bucket);
  for (const name of teams) await claim(name, bucket, 'common');
  for (const name of teams) await untilStorage(at(name), { ready: 'True', published: 'True' });
  const reported = await watchVersions(TEAM_STORAGES, world.namespace);

  const key = await putKey('common', 'after', bucket);
  await until('the new key is published', async () => {
    const stores = await publishedStores(world.namespace);
    return stores.some((store) => store.bucket === bucket && store.accessKeyId === key);
  });
  for (const name of teams) {
    await untilReconciled(at(name));
    await untilStorage(at(name), { ready: 'True', published: 'True', publishedReason: 'Published' });
  }
  await reported.stop();
  const conflicts = reported.seen
    .filter(({ metadata }) => teams.includes(metadata.name))
    .filter((version) => conditionOf(version, 'Published').includes('Conflict'));
  expect(conflicts.map(({ metadata }) => metadata.name)).toEqual([]);
});
