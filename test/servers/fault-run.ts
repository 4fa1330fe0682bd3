import { startApiFront, type ApiFront } from './api-front.ts';
import { auditMark, writesSince } from './audit.ts';
import { probeObjects } from './fleet.ts';
import { createUser, listEverything } from './minio.ts';
import { applySecret, applyStorage, getStorage, minioBucket, readSecret, rootKey, untilStorage } from './objects.ts';
import { startOperator, type OperatorProcess } from './operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from './shared.ts';
import { until } from './until.ts';

const QUIET_MS = 2_000;

/** An operator in a namespace of its own, behind a front that can disturb it. */
export interface FaultRun {
  readonly namespace: string;
  readonly front: ApiFront;
  readonly operator: OperatorProcess;
}

/** Runs of the same story on the same buckets, so that their ends can be compared. */
export interface FaultRuns {
  begin(): Promise<FaultRun>;
  end(run: FaultRun): Promise<void>;
  /** Ends those that a failed test has left. */
  endAll(): Promise<void>;
  /**
   * Publishes the InstanceStorage `wandb` and the teams `red` (Retain) and `blue` (Remove, with its own key); `more` is added
   * to their specs.
   */
  publish(run: FaultRun, more?: { readonly instance?: object; readonly blue?: object }): Promise<void>;
  /** `spec` of the team on its bucket. */
  team(name: 'red' | 'blue'): Readonly<Record<string, unknown>>;
  /** Keys that work for the bucket of `blue`: 1, 2 and 3. */
  blueKey(number: number): Readonly<Record<string, string>>;
  /** What is left, without times and without what is keyed by the ledger's random salt. */
  endState(run: FaultRun): Promise<Readonly<Record<string, unknown>>>;
}

export async function createFaultRuns(): Promise<FaultRuns> {
  const { minio } = sharedServers();
  const buckets = {
    instance: await newBucket('fault-instance'),
    red: await newBucket('fault-red'),
    blue: await newBucket('fault-blue'),
  };
  // A user of a store has one policy: test files that run at the same time need users of their own.
  const blueKey = (number: number): Readonly<Record<string, string>> => {
    const name = `blue-${number}-of-${buckets.blue}`;
    return { ACCESS_KEY: name, SECRET_KEY: `secret-of-${name}` };
  };
  for (const { ACCESS_KEY: name = '', SECRET_KEY: secret = '' } of [1, 2, 3].map(blueKey)) {
    await createUser(minio, { name, secret, buckets: [buckets.blue], actions: ['s3:*'] });
  }
  const open = new Set<FaultRun>();
  const teams = {
    red: { team: 'red', bucket: minioBucket(minio, buckets.red, 'root') },
    blue: { team: 'blue', bucket: minioBucket(minio, buckets.blue, 'blue'), deletionPolicy: 'Remove' },
  };

  async function end(run: FaultRun): Promise<void> {
    open.delete(run);
    await run.operator.stop('SIGKILL');
    await run.front.stop();
  }

  return {
    async begin() {
      const namespace = await newNamespace('fault');
      const front = await startApiFront();
      const operator = await startOperator(namespace, { serverUrl: front.url });
      const run = { namespace, front, operator };
      open.add(run);
      return run;
    },
    end,
    async endAll() {
      for (const run of open) await end(run);
    },
    async publish({ namespace }, more = {}) {
      const good = { ready: 'True', published: 'True' } as const;
      await applySecret(namespace, 'root', rootKey(minio));
      await applySecret(namespace, 'blue', blueKey(1));
      await applyStorage(namespace, 'InstanceStorage', 'wandb', {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
        bucket: minioBucket(minio, buckets.instance, 'root'),
        ...more.instance,
      });
      await applyStorage(namespace, 'TeamStorage', 'red', teams.red);
      await applyStorage(namespace, 'TeamStorage', 'blue', { ...teams.blue, ...more.blue });
      await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, good);
      for (const name of ['red', 'blue']) await untilStorage({ namespace, kind: 'TeamStorage', name }, good);
    },
    team: (name) => teams[name],
    blueKey,
    endState: (run) => endState(run, Object.values(buckets)),
  };
}

/** Teams that the InstanceStorage counts. */
export async function countsOf(namespace: string): Promise<Readonly<Record<string, number>>> {
  const { status } = await getStorage(namespace, 'InstanceStorage', 'wandb');
  return (status as { readonly teams?: Readonly<Record<string, number>> } | undefined)?.teams ?? {};
}

async function endState(
  { namespace }: FaultRun,
  buckets: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const list = async (path: string): Promise<readonly Listed[]> => {
    const { body } = await adminRequest('GET', path.replace('NAMESPACE', namespace));
    return body['items'] as readonly Listed[];
  };
  const names = async (plural: string): Promise<readonly string[]> =>
    (await list(`/api/v1/namespaces/NAMESPACE/${plural}`)).map(({ metadata }) => metadata.name);
  const group = '/apis/storage.wandb.com/v1alpha1/namespaces/NAMESPACE';
  const storages = [...(await list(`${group}/instancestorages`)), ...(await list(`${group}/teamstorages`))];
  const { body: configMap } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/configmaps/wandb-storage`);
  const { minio } = sharedServers();
  const contents = await Promise.all(buckets.map(async (name) => [name, await listEverything(minio, name)] as const));
  return {
    secret: await readSecret(namespace, 'wandb-storage'),
    configMap: withoutChance(configMap['data']),
    statuses: withoutChance(storages.map(({ metadata, status }) => ({ name: metadata.name, status }))),
    secrets: await names('secrets'),
    configMaps: await names('configmaps'),
    litter: probeObjects(Object.fromEntries(contents)),
  };
}

interface Listed {
  readonly metadata: { readonly name: string };
  readonly status?: unknown;
}

const BY_CHANCE = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'then'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uid'],
  [/fingerprint [0-9a-f]{8}/g, 'fingerprint'],
  [/[0-9a-f]{16,64}/g, 'digest'],
] as const;

/** A value without what differs by chance: times, UIDs, fingerprints and digests. */
export function withoutChance(value: unknown): unknown {
  const text = BY_CHANCE.reduce((all, [what, instead]) => all.replaceAll(what, instead), JSON.stringify(value));
  return JSON.parse(text) as unknown;
}

/** Waits until the operator writes nothing any more. */
export async function untilQuiet({ namespace, operator }: FaultRun): Promise<void> {
  const { auditLog } = sharedServers();
  await until('nothing is written any more', async () => {
    const mark = auditMark(auditLog);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return writesSince(auditLog, mark, { user: operator.user, namespace }).length === 0;
  });
}
