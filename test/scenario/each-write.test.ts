import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApiFront, type ApiFront, type Moment, type PassingWrite } from '../servers/api-front.ts';
import { auditMark, writesSince } from '../servers/audit.ts';
import { probeObjects } from '../servers/fleet.ts';
import { createUser, listEverything } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  readSecret,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { randomFrom, SEED } from '../servers/random.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

/** How many of all combinations of a write and a moment are played; all of them in a soak. */
const PLAYED = process.env['BYOB_SOAK'] === '1' ? Infinity : 8;
const MOMENTS: readonly Moment[] = ['before', 'during', 'after', 'stale'];
const QUIET_MS = 2_000;
/** A new process looks at everything anew, and may repeat what was not confirmed. */
const MOST_MORE_WRITES = 12;

const minio = () => sharedServers().minio;
const buckets = { instance: '', red: '', blue: '' };

beforeAll(async () => {
  for (const name of ['instance', 'red', 'blue'] as const) buckets[name] = await newBucket(`each-${name}`);
  for (const name of ['blue-1', 'blue-2']) {
    const user = { name, secret: `secret-of-${name}`, buckets: [buckets.blue], actions: ['s3:*'] };
    await createUser(minio(), user);
  }
});

/** One run of the operator through the story, in a namespace of its own. */
interface Run {
  readonly namespace: string;
  readonly front: ApiFront;
  readonly operator: OperatorProcess;
}

const open = new Set<Run>();

afterAll(async () => {
  for (const run of open) await end(run);
});

async function begin(): Promise<Run> {
  const namespace = await newNamespace('each-write');
  const front = await startApiFront();
  const operator = await startOperator(namespace, { serverUrl: front.url });
  const run = { namespace, front, operator };
  open.add(run);
  return run;
}

async function end(run: Run): Promise<void> {
  open.delete(run);
  await run.operator.stop('SIGKILL');
  await run.front.stop();
}

/** An instance and two teams are published, a key rotates, and a team is deleted. */
async function tell({ namespace }: Run): Promise<void> {
  const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
  const good = { ready: 'True', published: 'True' } as const;
  await applySecret(namespace, 'root', rootKey(minio()));
  await applySecret(namespace, 'blue', keyOf('blue-1'));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), buckets.instance, 'root'),
  });
  await applyStorage(namespace, 'TeamStorage', 'red', {
    team: 'red',
    bucket: minioBucket(minio(), buckets.red, 'root'),
  });
  await applyStorage(namespace, 'TeamStorage', 'blue', {
    ...{ team: 'blue', bucket: minioBucket(minio(), buckets.blue, 'blue'), deletionPolicy: 'Remove' },
  });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, good);
  for (const name of ['red', 'blue']) await untilStorage(team(name), good);

  await applySecret(namespace, 'blue', keyOf('blue-2'));
  await until('the next key is published', async () => (await stores(namespace)).includes('blue-2'));
  await deleteStorage(namespace, 'TeamStorage', 'red');
  await until('the entry is counted as retained', async () => {
    const { status } = await getStorage(namespace, 'InstanceStorage', 'wandb');
    const { teams } = status as { readonly teams?: { readonly total: number; readonly retained: number } };
    return teams?.total === 1 && teams.retained === 1;
  });
  await untilStorage(team('blue'), good);
}

function keyOf(user: string): Readonly<Record<string, string>> {
  return { ACCESS_KEY: user, SECRET_KEY: `secret-of-${user}` };
}

async function stores(namespace: string): Promise<string> {
  return (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'] ?? '';
}

/** What is left in the end, without times and without what is keyed by the ledger's random salt. */
async function endState({ namespace }: Run): Promise<unknown> {
  const named = async (plural: string): Promise<readonly string[]> => {
    const { body } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/${plural}`);
    return (body['items'] as readonly { readonly metadata: { readonly name: string } }[]).map(
      ({ metadata }) => metadata.name,
    );
  };
  const { body: configMap } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/configmaps/wandb-storage`);
  const statuses = [
    await getStorage(namespace, 'InstanceStorage', 'wandb'),
    await getStorage(namespace, 'TeamStorage', 'blue'),
  ].map(({ status }) => status);
  const contents = Object.fromEntries(
    await Promise.all(Object.values(buckets).map(async (name) => [name, await listEverything(minio(), name)] as const)),
  );
  return {
    secret: await readSecret(namespace, 'wandb-storage'),
    configMap: withoutChance(configMap['data']),
    statuses: withoutChance(statuses),
    secrets: await named('secrets'),
    configMaps: await named('configmaps'),
    litter: probeObjects(contents),
  };
}

const BY_CHANCE = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'then'],
  [/fingerprint [0-9a-f]{8}/g, 'fingerprint'],
  [/[0-9a-f]{16,64}/g, 'digest'],
] as const;

function withoutChance(value: unknown): unknown {
  const text = BY_CHANCE.reduce((all, [what, instead]) => all.replaceAll(what, instead), JSON.stringify(value));
  return JSON.parse(text) as unknown;
}

async function untilQuiet({ namespace, operator }: Run): Promise<void> {
  const { auditLog } = sharedServers();
  await until('nothing is written any more', async () => {
    const mark = auditMark(auditLog);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return writesSince(auditLog, mark, { user: operator.user, namespace }).length === 0;
  });
}

/** Another client changes an object that the operator is about to write. */
async function touch({ namespace }: Run, { id }: PassingWrite): Promise<void> {
  const [, kind = '', name = ''] = /^\w+ ([^/]+)\/([^/]+)/.exec(id) ?? [];
  const group = kind.endsWith('storages') ? 'apis/storage.wandb.com/v1alpha1' : 'api/v1';
  const path = `/${group}/namespaces/${namespace}/${kind}/${name}`;
  const change = { metadata: { annotations: { 'example.com/touched': 'yes' } } };
  await adminRequest('PATCH', path, change, 'application/merge-patch+json');
}

function strike(run: Run, write: PassingWrite, moment: Moment): { readonly met: () => boolean; done: Promise<void> } {
  let met = false;
  const struck = { met: () => met, done: Promise.resolve() };
  run.front.strike(write, moment, () => {
    met = true;
    struck.done = moment === 'stale' ? touch(run, write) : run.operator.restart('SIGKILL');
    return struck.done;
  });
  return struck;
}

describe('a fault at each write of the operator', () => {
  it(`leads to the same end as none, without litter and without a storm of writes (seed ${SEED})`, async () => {
    const { auditLog } = sharedServers();
    const calm = await begin();
    const mark = auditMark(auditLog);
    await tell(calm);
    await untilQuiet(calm);
    const wanted = await endState(calm);
    const writes = [...calm.front.writes];
    // The front has seen every write that the API server has.
    const audited = writesSince(auditLog, mark, { user: calm.operator.user, namespace: calm.namespace });
    expect(writes.length).toBeGreaterThanOrEqual(audited.length);
    await end(calm);

    const all = writes.flatMap((write) => MOMENTS.map((moment) => ({ write, moment })));
    const played = sample(all.filter(isPossible), PLAYED);
    const results: string[] = [];
    for (const { write, moment } of played) {
      const run = await begin();
      const struck = strike(run, write, moment);
      await tell(run);
      await struck.done;
      await untilQuiet(run);
      const name = `${moment} ${write.id} (${write.index + 1})`;
      expect({ name, ...((await endState(run)) as object) }).toEqual({ name, ...(wanted as object) });
      expect({ name, writes: run.front.writes.length }).toEqual({ name, writes: expect.any(Number) });
      const more = run.front.writes.length - writes.length;
      if (more > MOST_MORE_WRITES) throw new Error(`${name}: ${more} writes more than without a fault`);
      results.push(`${struck.met() ? 'met' : 'not met'}: ${name}, ${more} more writes`);
      await end(run);
    }
    console.info(`${all.length} combinations of ${writes.length} writes\n${results.join('\n')}`);
    expect(results.filter((result) => result.startsWith('met')).length).toBeGreaterThan(results.length / 2);
  }, 3_600_000);
});

/** What is created by this very write cannot be touched before, nor can an event. */
function isPossible({ write, moment }: { readonly write: PassingWrite; readonly moment: Moment }): boolean {
  if (moment !== 'stale') return true;
  return !write.id.startsWith('POST') && (write.id.includes('/status') || write.index > 0);
}

/** Some of them by chance, in their order. */
function sample<T>(items: readonly T[], count: number): readonly T[] {
  const random = randomFrom(SEED);
  const ranked = items.map((item) => ({ item, rank: random() }));
  const last = [...ranked].sort((left, right) => left.rank - right.rank).slice(0, Math.min(count, items.length));
  return ranked.filter((one) => last.includes(one)).map(({ item }) => item);
}
