import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditMark, writesSince, type AuditedWrite, type AuditMark } from '../../servers/audit.ts';
import { conditionOf, untilReconciled } from '../../servers/conditions.ts';
import { createDeployment, untilRolledOut } from '../../servers/deployments.ts';
import { publishedStores } from '../../servers/file-stores.ts';
import { createUser } from '../../servers/minio.ts';
import { applySecret, applyStorage, eventsOf, getStorage, minioBucket, untilStorage } from '../../servers/objects.ts';
import { bundleOfRevision } from '../../servers/old-bundle.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import {
  distinctData,
  LEDGER,
  ledgerText,
  OUTPUT,
  rawData,
  watchOutputs,
  type WatchedOutputs,
} from '../../servers/outputs.ts';
import { publishNamespace, untilAllPublished } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

/** The last revision that wrote ledgers of format 2. */
const REVISION = 'b57b588';
const RESTART = { mode: 'Automatic', minInterval: '1s', selector: { matchLabels: { app: 'server' } } };
const TEAMS = ['plain', 'first', 'second'];
/** Two Secrets on one bucket: the old version let both in, and published the key that was proven last. */
const CONFLICTING = ['first', 'second'];
type Events = Readonly<Record<string, readonly string[]>>;

let namespace = '';
let operator: OperatorProcess;
let outputs: WatchedOutputs;
let before: {
  readonly secret: object;
  readonly configMap: object;
  readonly events: Events;
};
let mark: AuditMark;
const at = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
const instance = () => ({ namespace, kind: 'InstanceStorage', name: 'wandb' }) as const;

beforeAll(async () => {
  await publishByOldVersion();
  mark = auditMark(sharedServers().auditLog);
  outputs = await watchOutputs(namespace);
  before = {
    secret: await rawData(namespace, 'secrets', OUTPUT),
    configMap: await rawData(namespace, 'configmaps', OUTPUT),
    events: await events(),
  };
  operator = await startOperator(namespace);
  for (const name of TEAMS) await untilReconciled(at(name));
  await untilReconciled(instance());
  await untilRolledOut(namespace);
}, 240_000);

afterAll(async () => {
  await operator.stop();
});

async function publishByOldVersion(): Promise<void> {
  const { minio } = sharedServers();
  const shared = await newBucket('shared');
  const on = (name: string) => minioBucket(minio, shared, name, { path: `teams/${name}` });
  const plain = await newBucket('plain');
  const world = await publishNamespace('upgrade', {
    instance: { delivery: { restart: RESTART } },
    teams: {
      plain: { team: 'plain', bucket: minioBucket(minio, plain, 'root') },
      first: { team: 'first', bucket: on('first') },
    },
    prepare: async (where) => {
      for (const name of CONFLICTING) {
        const user = { name: `${where}-${name}`, secret: `secret-of-${name}` };
        await createUser(minio, { ...user, buckets: [shared], actions: ['s3:*'] });
        await applySecret(where, name, { ACCESS_KEY: user.name, SECRET_KEY: user.secret });
      }
      await createDeployment(where, 'server', { app: 'server' });
    },
    operator: { bundle: bundleOfRevision(REVISION) },
  });
  ({ namespace } = world);
  await applyStorage(namespace, 'TeamStorage', 'second', { team: 'second', bucket: on('second') });
  await untilAllPublished(namespace, TEAMS);
  await untilRolledOut(namespace);
  await untilReconciled(instance());
  expect(JSON.parse(await ledgerText(namespace))).toMatchObject({ format: 2 });
  await world.operator.stop();
}

async function events(): Promise<Events> {
  const names = ['wandb', ...TEAMS];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await eventsOf(namespace, name)] as const)),
  );
}

/** What the new version wrote so far. */
function writes(): readonly AuditedWrite[] {
  return writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
}

function written(resource: string, name: string): number {
  return writes().filter((write) => write.resource === resource && write.name === name && write.code < 300).length;
}

it('an upgrade rewrites the ledger once, in format 3', async () => {
  await until('the ledger has format 3', async () => {
    const text = await ledgerText(namespace);
    return text.includes('"format":3');
  });
  expect(written('secrets', LEDGER)).toBe(1);
});

it('an upgrade changes no byte of what is published, and seals the Secret by one write', async () => {
  await outputs.finish();
  expect(distinctData(outputs.secrets)).toEqual([before.secret]);
  expect(distinctData(outputs.configMaps)).toEqual([before.configMap]);
  expect(outputs.deletions).toBe(0);
  expect(written('secrets', OUTPUT)).toBe(1);
  expect(written('configmaps', OUTPUT)).toBeLessThanOrEqual(1);
  const [first, ...later] = outputs.secrets.map(({ metadata }) => Object.keys(metadata.annotations ?? {}));
  expect(later.at(-1)?.length).toBeGreaterThan(first?.length ?? 0);
});

it('an upgrade restarts no Deployment', () => {
  expect(writes().filter(({ resource }) => resource === 'deployments')).toEqual([]);
});

it('an upgrade reports a credential conflict that the old version had let in, and nothing else', async () => {
  await until('one of the two is not published', async () => {
    const objects = await Promise.all(CONFLICTING.map((name) => getStorage(namespace, 'TeamStorage', name)));
    const published = objects.map((object) => conditionOf(object, 'Published')).sort();
    return published.join() === 'False CredentialConflict,True Published';
  });
  const objects = await Promise.all(CONFLICTING.map((name) => getStorage(namespace, 'TeamStorage', name)));
  const refused = objects.find((object) => conditionOf(object, 'Published').startsWith('False'))?.metadata.name ?? '';
  // The key that the server has is the other one's.
  const keys = (await publishedStores(namespace)).map(({ accessKeyId }) => accessKeyId);
  expect(keys).not.toContain(`${namespace}-${refused}`);
  await untilStorage(instance(), { ready: 'True', published: 'True' });
  await untilStorage(at('plain'), { ready: 'True', published: 'True' });
  await until('the conflict has an event', async () => {
    return (await events())[refused]?.at(-1) === 'CredentialConflict';
  });
  const expected = { ...before.events, [refused]: [...(before.events[refused] ?? []), 'CredentialConflict'] };
  expect(await events()).toEqual(expected);
});
