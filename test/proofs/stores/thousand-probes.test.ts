import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { keepVersions, listEverything, listLive, rootClient } from '../../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  getStorage,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { randomFrom, SEED } from '../../servers/random.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const PROBES = process.env['BYOB_SOAK'] === '1' ? 1000 : 40;
/** In each of the two buckets. */
const TEAMS = 5;
const PROBE_FOLDER = '.wandb-storage-probe/';

let namespace = '';
let operator: OperatorProcess;
let buckets: readonly string[] = [];
const teams = Array.from({ length: 2 * TEAMS }, (_, index) => `team-${index}`);
const minio = () => sharedServers().minio;

beforeAll(async () => {
  namespace = await newNamespace('probes');
  buckets = [await newBucket('plain'), await newBucket('versioned')];
  await keepVersions(minio(), buckets[1] ?? '');
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  for (const [index, team] of teams.entries()) {
    const bucket = minioBucket(minio(), buckets[index % 2] ?? '', 'root', { path: `teams/${team}` });
    await applyStorage(namespace, 'TeamStorage', team, { team, bucket });
  }
  await putUserObjects();
  operator = await startOperator(namespace);
  for (const name of teams) await untilStorage({ namespace, kind: 'TeamStorage', name }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop('SIGKILL');
});

/** Of users, some with two versions and a deleted one, some where probes work. */
async function putUserObjects(): Promise<void> {
  const client = rootClient(minio());
  for (const Bucket of buckets) {
    for (const team of teams) {
      for (const name of ['model.bin', 'model.bin', `${PROBE_FOLDER}readme.txt`, `${PROBE_FOLDER}somebody/data`]) {
        await client.send(new PutObjectCommand({ Bucket, Key: `teams/${team}/${name}`, Body: `${team} ${name}` }));
      }
    }
  }
  client.destroy();
}

async function live() {
  return Promise.all(buckets.map((bucket) => listLive(minio(), bucket)));
}

/** Every version of what users put there. */
async function ofUsers() {
  const all = await Promise.all(buckets.map((bucket) => listEverything(minio(), bucket)));
  return all.map((lines) => lines.filter((line) => !/\.wandb-storage-probe\/[0-9a-f]{8}-/.test(line)));
}

/** How many full probes came to their end, in all processes so far. */
const fullProbes = (): number => operator.log().filter((line) => line['mode'] === 'Full').length;

async function requestAll(): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>();
  for (const team of teams) tokens.set(team, await requestValidation(namespace, 'TeamStorage', team));
  return tokens;
}

async function untilHandled(tokens: ReadonlyMap<string, string>): Promise<void> {
  for (const [team, token] of tokens) {
    await until(
      `${team} was validated`,
      async () => (await getStorage(namespace, 'TeamStorage', team)).status?.lastHandledReconcileAt === token,
    );
  }
}

it(`after ${PROBES} full probes with kills at random moments, no probe object lives and no object of users was touched (seed ${SEED})`, async () => {
  const before = { live: await live(), users: await ofUsers() };
  const random = randomFrom(SEED);
  let kills = 0;

  for (let round = 0; fullProbes() < PROBES; round += 1) {
    const tokens = await requestAll();
    if (round % 3 === 2) {
      await new Promise((resolve) => setTimeout(resolve, random() * 400));
      await operator.restart('SIGKILL');
      kills += 1;
    } else {
      await untilHandled(tokens);
    }
  }
  await untilHandled(await requestAll());

  expect(kills).toBeGreaterThan(0);
  expect(await live()).toEqual(before.live);
  expect(await ofUsers()).toEqual(before.users);
}, 900_000);
