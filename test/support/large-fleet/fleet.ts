import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  INSTANCE_STORAGES,
  SECRETS,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import { findCondition } from '../../../src/domain/conditions/conditions.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import { createObjectCache } from '../../../src/kube/object-cache.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Prober } from '../../../src/probes/prober.ts';
import { createApiServer } from '../api-server/server.ts';
import { goodObservations } from '../fakes/observations.ts';
import { base64 } from '../publication-model/universe.ts';
import { FEEDS, startProcess, type OperatorProcess } from '../publication-model/operator.ts';

export interface FleetSize {
  /** Namespaces with one InstanceStorage each. */
  readonly instances: number;
  /** TeamStorages of each InstanceStorage. */
  readonly teams: number;
  /** Buckets that the teams of one InstanceStorage use in turn, each with a sub-path of its own. */
  readonly buckets: number;
}

/** What the operator did since it was asked last. */
export interface FleetWork {
  readonly statusWrites: number;
  readonly outputWrites: number;
  readonly probes: number;
}

type ProcessOptions = Omit<Parameters<typeof startProcess>[0], 'api' | 'prober' | 'log' | 'randomSalt'>;

/** Many storages at an API server in memory, and one process of the operator with all its controllers. */
export function createFleet(
  size: FleetSize,
  options: ProcessOptions & {
    /** How long a probe takes, and how many run at once. */
    readonly probing: { readonly milliseconds: number; readonly atOnce: number };
    /** How long each request to the API server takes. */
    readonly latencyMs: number;
  },
) {
  const { clock } = options;
  const api = createApiServer({ clock, ownerless: true });
  const user = api.user('kubectl');
  const teams = createObjectCache<TeamStorage>();
  const instances = createObjectCache<InstanceStorage>();
  const watched = [api.watch(TEAM_STORAGES, {}, teams.writer), api.watch(INSTANCE_STORAGES, {}, instances.writer)];
  const done = { statusWrites: 0, outputWrites: 0, probes: 0 };
  /** Errors that the operator logged: bugs. */
  const errors: string[] = [];
  let salts = 0;

  api.beforeRequest(({ by }) =>
    by === 'client' && options.latencyMs > 0 ? pause(clock, options.latencyMs) : Promise.resolve(),
  );
  api.onRequest(({ by, verb, kind, changed }) => {
    if (by !== 'client' || !changed) return;
    if (verb === 'applyStatus') done.statusWrites += 1;
    else if (kind === 'Secret' || kind === 'ConfigMap') done.outputWrites += 1;
  });

  const namespaces = Array.from({ length: size.instances }, (_, index) => `fleet-${index}`);

  /** Creates all objects. */
  async function fill(): Promise<void> {
    for (const namespace of namespaces) {
      await putKey(namespace, 'one');
      await user.create(INSTANCE_STORAGES, instanceManifest(namespace) as never);
      for (let index = 0; index < size.teams; index += 1) await addTeam(namespace, index);
    }
    look();
  }

  async function putKey(namespace: string, key: string): Promise<void> {
    const manifest = keyManifest(namespace, key) as never;
    const isThere = (await user.get(SECRETS, { namespace, name: 'key' })).ok;
    await (isThere ? user.replace(SECRETS, manifest) : user.create(SECRETS, manifest));
  }

  async function addTeam(namespace: string, index: number): Promise<void> {
    const name = `team-${index}`;
    const bucket = `bucket-${index % size.buckets}`;
    await user.create(TEAM_STORAGES, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      metadata: { namespace, name },
      spec: { team: name, bucket: bucketSpec(`${namespace}-${bucket}`, `teams/${name}`) },
    } as never);
  }

  function start(): OperatorProcess {
    return startProcess({
      ...options,
      api,
      prober: createProber(clock, options.probing, () => (done.probes += 1)),
      log: errorLog(errors),
      randomSalt: () => (salts += 1).toString(16).padStart(32, '0'),
    });
  }

  /** Brings the view of the test up to date. */
  function look(): void {
    for (const feed of watched) feed.deliverAll();
  }

  /** Teams that are Ready and published. */
  function readyTeams(): number {
    look();
    return teams.reader.list().filter(isReady).length;
  }

  /** The work since the last call. */
  function takeWork(): FleetWork {
    const work = { ...done };
    Object.assign(done, { statusWrites: 0, outputWrites: 0, probes: 0 });
    return work;
  }

  return {
    api,
    namespaces,
    errors,
    fill,
    putKey,
    addTeam,
    start,
    readyTeams,
    takeWork,
    team: (namespace: string, name: string) => {
      look();
      return teams.reader.get({ namespace, name });
    },
    instance: (namespace: string) => {
      look();
      return instances.reader.get({ namespace, name: 'wandb' });
    },
    outputs: async (namespace: string) => {
      const name = 'wandb-storage';
      return {
        secret: await user.get(SECRETS, { namespace, name }),
        list: await user.get(CONFIG_MAPS, { namespace, name }),
      };
    },
  };
}

export type Fleet = ReturnType<typeof createFleet>;

/** Brings what has happened at the API server to the caches of a process; how much it was. */
export function deliver({ feeds }: Pick<OperatorProcess, 'feeds'>): number {
  return FEEDS.reduce((sum, name) => sum + feeds[name].deliver(feeds[name].pending), 0);
}

export function isReady({ status }: TeamStorage): boolean {
  return ['Ready', 'Published'].every((type) => findCondition(status?.conditions ?? [], type)?.status === 'True');
}

function errorLog(errors: string[]): Log {
  const nothing = (): void => undefined;
  const log: Log = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: ({ error }, message) => void errors.push(`${message}: ${Error.isError(error) ? (error.stack ?? '') : ''}`),
    child: () => log,
  };
  return log;
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(milliseconds, resolve));
}

/** Finds every bucket in order, after some time; urgent probes first. */
function createProber(
  clock: Clock,
  { milliseconds, atOnce }: { readonly milliseconds: number; readonly atOnce: number },
  onProbe: () => void,
): Prober {
  const urgent: (() => void)[] = [];
  const periodic: (() => void)[] = [];
  let running = 0;

  function next(): void {
    if (running >= atOnce) return;
    const begin = urgent.shift() ?? periodic.shift();
    if (begin === undefined) return;
    running += 1;
    begin();
  }

  return {
    async run({ mode, priority }, signal): Promise<Observations | undefined> {
      await new Promise<void>((resolve) => {
        (priority === 'Due' ? periodic : urgent).push(resolve);
        next();
      });
      if (!signal.aborted) {
        onProbe();
        await pause(clock, milliseconds);
      }
      running -= 1;
      next();
      if (signal.aborted) return undefined;
      const { endpoint, list, requests, ...full } = goodObservations();
      const light = {
        mode,
        requests,
        ...(endpoint !== undefined && { endpoint }),
        ...(list !== undefined && { list }),
      };
      return mode === 'Light' ? light : { ...light, ...full };
    },
    stop: () => Promise.resolve(),
  };
}

function bucketSpec(name: string, path: string) {
  return {
    provider: 'S3Compatible',
    name,
    path,
    s3Compatible: {
      endpoint: 'https://minio.acme.example:9000',
      region: 'eu-central-1',
      credentials: { accessKey: { secretRef: { name: 'key' } } },
    },
  };
}

function instanceManifest(namespace: string) {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'InstanceStorage',
    metadata: { namespace, name: 'wandb' },
    spec: {
      deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.acme.example' },
      bucket: bucketSpec(`${namespace}-instance`, 'runs'),
    },
  };
}

function keyManifest(namespace: string, key: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name: 'key', labels: { [ALLOW_LABEL]: 'true' } },
    type: 'Opaque',
    data: { ACCESS_KEY: base64(`AKIA${key}`), SECRET_KEY: base64(`secret-${key}`) },
  };
}
