import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TEAM_STORAGES, type TeamStorage } from '../../../src/api/resources.ts';
import { conditionOf, untilCondition, untilReconciled } from '../../servers/conditions.ts';
import { createUser } from '../../servers/minio.ts';
import { applySecret, applyStorage, minioBucket, untilStorage } from '../../servers/objects.ts';
import { distinctData, OUTPUT, rawData, watchOutputs, type WatchedOutputs } from '../../servers/outputs.ts';
import { withhold } from '../../servers/permissions.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { watchVersions, type Versions } from '../../servers/versions.ts';

// The ledger is written by a replace, which is the verb update. Without it nothing may be published, since the
// ledger comes first; whatever stands goes on.

const TIMEOUT_MS = 180_000;
let world: PublishedNamespace;
let rotatingBucket = '';
let editedBucket = '';
let giveBack: () => Promise<void>;
let outputs: WatchedOutputs;
let before: Readonly<Record<string, string>>;
let published: Versions<TeamStorage>;
const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  const { minio } = sharedServers();
  rotatingBucket = await newBucket('rotating');
  editedBucket = await newBucket('edited');
  const quietBucket = await newBucket('quiet');
  world = await publishNamespace('forbidden', {
    teams: {
      edited: { team: 'edited', bucket: minioBucket(minio, editedBucket, 'root') },
      quiet: { team: 'quiet', bucket: minioBucket(minio, quietBucket, 'root') },
      rotating: { team: 'rotating', bucket: minioBucket(minio, rotatingBucket, 'rotating') },
    },
    prepare: (namespace) => rotateTo(namespace, 1),
  });
  before = await rawData(world.namespace, 'secrets', OUTPUT);
  outputs = await watchOutputs(world.namespace);
  published = await watchVersions(TEAM_STORAGES, world.namespace, 'quiet');
  giveBack = await withhold(world.namespace, 'update', 'secrets');
});

afterAll(async () => {
  await world.operator.stop();
});

async function rotateTo(namespace: string, number: number): Promise<void> {
  const user = { name: `${namespace}-${String(number)}`, secret: `secret-of-key-${String(number)}` };
  await createUser(sharedServers().minio, { ...user, buckets: [rotatingBucket], actions: ['s3:*'] });
  await applySecret(namespace, 'rotating', { ACCESS_KEY: user.name, SECRET_KEY: user.secret });
}

it(
  'a new team learns which permission keeps it from being published',
  async () => {
    const bucket = minioBucket(sharedServers().minio, await newBucket('newcomer'), 'root');
    await applyStorage(world.namespace, 'TeamStorage', 'newcomer', { team: 'newcomer', bucket });

    await untilStorage(at('newcomer'), { ready: 'False', published: 'False' }, 90);
    const { message, reason } = await untilCondition(at('newcomer'), 'Published', { status: 'False' });
    expect(reason).not.toBe('AwaitingProof');
    expect(message).toMatch(/\bupdate\b/);
    expect(message).toMatch(/\bsecrets\b/i);
  },
  TIMEOUT_MS,
);

it(
  'an edited team acknowledges its generation and stays published',
  async () => {
    const { minio } = sharedServers();
    const own = { name: `${world.namespace}-edited`, secret: 'secret-of-the-edited' };
    await createUser(minio, { ...own, buckets: [editedBucket], actions: ['s3:*'] });
    await applySecret(world.namespace, 'edited', { ACCESS_KEY: own.name, SECRET_KEY: own.secret });
    const spec = { team: 'edited', bucket: minioBucket(minio, editedBucket, 'edited') };
    await applyStorage(world.namespace, 'TeamStorage', 'edited', spec);

    await untilCondition(at('edited'), 'Published', { status: 'True', reason: 'LastKnownGood' }, 90);
  },
  TIMEOUT_MS,
);

it(
  'a rotated key that cannot be written is not reported as published',
  async () => {
    await rotateTo(world.namespace, 2);

    await untilStorage(at('rotating'), { published: 'True', publishedReason: 'LastKnownGood' }, 90);
  },
  TIMEOUT_MS,
);

it('a team that nothing happened to stays Ready and published, and the Secret as it is', async () => {
  await untilReconciled(at('quiet'));
  await outputs.finish();
  await published.stop();
  expect(distinctData(outputs.secrets)).toEqual([before]);
  const changed = published.seen.filter(
    (version) =>
      conditionOf(version, 'Ready') !== 'True Valid' || conditionOf(version, 'Published') !== 'True Published',
  );
  expect(changed.map(({ status }) => status?.conditions)).toEqual([]);
});

it(
  'everything is published without an edit once the permission is given back',
  async () => {
    await giveBack();

    for (const name of ['newcomer', 'rotating', 'edited', 'quiet']) {
      await untilStorage(at(name), { ready: 'True', published: 'True', publishedReason: 'Published' }, 90);
    }
  },
  TIMEOUT_MS,
);
