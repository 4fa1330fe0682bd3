import { afterEach, expect, it } from '@jest/globals';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { untilReconciled } from '../../servers/conditions.ts';
import { createDeployment, untilRolledOut } from '../../servers/deployments.ts';
import { publishedStores } from '../../servers/file-stores.ts';
import { createUser } from '../../servers/minio.ts';
import { applySecret, minioBucket } from '../../servers/objects.ts';
import {
  deleteLedger,
  distinctData,
  LEDGER,
  ledgerText,
  OUTPUT,
  rawData,
  restoreLedger,
  watchOutputs,
} from '../../servers/outputs.ts';
import { publishNamespace, untilAllPublished, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { until } from '../../servers/until.ts';

const TIMEOUT_MS = 240_000;
const TEAMS = ['near', 'away'];
const RESTART = { mode: 'Automatic', minInterval: '1s', selector: { matchLabels: { app: 'server' } } };
/** One operator, namespace and store for each test: a lost ledger spares nothing. */
let world: PublishedNamespace;
let line: TcpProxy;
let nearBucket = '';
const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;
const instance = () => ({ namespace: world.namespace, kind: 'InstanceStorage', name: 'wandb' }) as const;

afterEach(async () => {
  await world.operator.stop();
  await line.stop();
});

/** A team on a store that can go away, one on a store that stays, and a Deployment under automatic restarts. */
async function publish(): Promise<void> {
  const { minio } = sharedServers();
  line = await startTcpProxy(Number(new URL(minio.endpoint).port));
  nearBucket = await newBucket('near');
  const awayBucket = await newBucket('away');
  const behindLine = { endpoint: `http://127.0.0.1:${String(line.port)}` };
  world = await publishNamespace('ledger', {
    instance: { delivery: { restart: RESTART } },
    teams: {
      near: { team: 'near', bucket: minioBucket(minio, nearBucket, 'rotating') },
      away: { team: 'away', bucket: minioBucket(behindLine, awayBucket, 'root') },
    },
    prepare: async (namespace) => {
      await rotateTo(namespace, 1);
      await createDeployment(namespace, 'server', { app: 'server' });
    },
  });
  await untilRolledOut(world.namespace);
}

const keyOf = (namespace: string, number: number): string => `${namespace}-${String(number)}`;

async function rotateTo(namespace: string, number: number): Promise<void> {
  const user = { name: keyOf(namespace, number), secret: `secret-of-key-${String(number)}` };
  await createUser(sharedServers().minio, { ...user, buckets: [nearBucket], actions: ['s3:*'] });
  await applySecret(namespace, 'rotating', { ACCESS_KEY: user.name, SECRET_KEY: user.secret });
}

/** Loses the ledger while a store is down, waits until all are Ready again, and expects that nobody noticed. */
async function expectNoTrace(lose: () => Promise<void>): Promise<void> {
  const { namespace, operator } = world;
  const secret = await rawData(namespace, 'secrets', OUTPUT);
  const { 'secret-hash': hash } = await rawData(namespace, 'configmaps', OUTPUT);
  const outputs = await watchOutputs(namespace);
  const { auditLog } = sharedServers();
  const mark = auditMark(auditLog);
  line.cut();
  await lose();
  await untilReconciled(at('near'));
  await untilReconciled(at('away'));
  await until('there is a ledger again that can be read', async () => (await ledgerText(namespace)) !== '', 60);

  line.mend();
  await untilReconciled(at('away'));
  await untilAllPublished(namespace, TEAMS);
  await untilReconciled(instance());
  await untilRolledOut(namespace);
  await outputs.finish();
  const writes = writesSince(auditLog, mark, { user: operator.user, namespace });
  expect({
    secrets: distinctData(outputs.secrets),
    hashes: [...new Set(outputs.configMaps.map(({ data }) => data?.['secret-hash']))],
    deletions: outputs.deletions,
    restarts: writes.filter(({ resource }) => resource === 'deployments').map(({ name }) => name),
  }).toEqual({ secrets: [secret], hashes: [hash], deletions: 0, restarts: [] });
}

it(
  'a ledger that is deleted while the operator is stopped changes no byte of the Secret and restarts nothing',
  async () => {
    await publish();
    await expectNoTrace(async () => {
      await world.operator.stopOnly();
      await deleteLedger(world.namespace);
      await world.operator.startAgain();
    });
  },
  TIMEOUT_MS,
);

it(
  'a ledger that is deleted while the operator runs changes neither the Secret nor its hash',
  async () => {
    await publish();
    await expectNoTrace(() => deleteLedger(world.namespace));
  },
  TIMEOUT_MS,
);

it(
  'a ledger of garbage is recovered from the outputs, byte for byte',
  async () => {
    await publish();
    const garbage = Buffer.from('this is no ledger').toString('base64');
    await expectNoTrace(async () => {
      await world.operator.stopOnly();
      await restoreLedger(world.namespace, { 'ledger.json.gz': garbage });
      await world.operator.startAgain();
    });
  },
  TIMEOUT_MS,
);

it(
  'an older ledger put back beside newer outputs does not bring a rotated key back',
  async () => {
    await publish();
    const { namespace, operator } = world;
    const older = await rawData(namespace, 'secrets', LEDGER);
    await rotateTo(namespace, 2);
    await until('the new key is published', async () => {
      const stores = await publishedStores(namespace);
      return stores.some(({ accessKeyId }) => accessKeyId === keyOf(namespace, 2));
    });
    await untilAllPublished(namespace, TEAMS);
    await untilRolledOut(namespace);

    await expectNoTrace(async () => {
      await operator.stopOnly();
      await restoreLedger(namespace, older);
      await operator.startAgain();
    });
    expect(await rawData(namespace, 'secrets', LEDGER)).not.toEqual(older);
  },
  TIMEOUT_MS,
);
