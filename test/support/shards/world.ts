import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  INSTANCE_STORAGES,
  SECRETS,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import { parseLabelSelector, type LabelSelector } from '../../../src/domain/shard/label-selector.ts';
import type { KubeClient } from '../../../src/ports/kube.ts';
import type { Prober } from '../../../src/probes/prober.ts';
import { createApiServer } from '../api-server/server.ts';
import { createFakeLog } from '../fakes/log.ts';
import { goodObservations } from '../fakes/observations.ts';
import { pass } from '../large-fleet/pass.ts';
import { createModelClock } from '../publication-model/clock.ts';
import { startProcess, type OperatorProcess } from '../publication-model/operator.ts';
import { base64 } from '../publication-model/universe.ts';

export const NAMESPACE = 'ns';
const WRITES = ['apply', 'applyStatus', 'create', 'replace', 'mergePatch'];

/** One write that a shard sent: its own name, and what it wrote. */
export interface ShardWrite {
  readonly shard: string;
  /** Kind and name; with `/status` for a status. */
  readonly object: string;
}

/** An API server in memory, and one process of the operator for each shard. */
export async function createShardWorld() {
  const clock = createModelClock();
  const api = createApiServer({ clock, ownerless: true });
  const user = api.user('kubectl');
  const writes: ShardWrite[] = [];
  const processes: OperatorProcess[] = [];
  /** Called before each write of a shard. */
  const gates: ((write: ShardWrite) => Promise<void> | undefined)[] = [];
  let salts = 0;
  await user.create(SECRETS, key('one') as never);

  /** Starts the operator of a shard. */
  function start(shard: string, selector = `shard=${shard}`): OperatorProcess {
    const process = startProcess({
      api: { ...api, client: (manager) => watched(api.client(manager), shard) },
      clock,
      prober: PROBER,
      log: createFakeLog(),
      randomSalt: () => (salts += 1).toString(16).padStart(32, '0'),
      timeSlice: () => Promise.resolve(),
      watchLabelSelector: selectorOf(selector),
    });
    process.lead();
    processes.push(process);
    return process;
  }

  /** Reports each write of a client, and holds it back while a gate wants that. */
  function watched(kube: KubeClient, shard: string): KubeClient {
    return new Proxy(kube, {
      get(target, verb: string) {
        const call = Reflect.get(target, verb) as (...args: readonly unknown[]) => Promise<unknown>;
        if (!WRITES.includes(verb)) return call;
        return async (...args: readonly unknown[]) => {
          const write = { shard, object: objectOf(verb, args) };
          for (const gate of gates) await gate(write);
          writes.push(write);
          return call(...args);
        };
      },
    });
  }

  async function instance(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const spec = { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, bucket: bucket(`of-${name}`, 'runs') };
    await user.apply(INSTANCE_STORAGES, manifest('InstanceStorage', { name, labels }, spec) as never, OPTIONS);
  }

  async function team(
    name: string,
    fields: Readonly<Record<string, unknown>>,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const spec = { team: name, bucket: bucket(name, 'files'), ...fields };
    await user.apply(TEAM_STORAGES, manifest('TeamStorage', { name, labels }, spec) as never, OPTIONS);
  }

  return {
    user,
    start,
    instance,
    team,
    hold: (gate: (typeof gates)[number]) => void gates.push(gate),
    pass: (milliseconds: number) => pass(clock, processes, milliseconds),
    /** The writes since the last call. */
    takeWrites: () => writes.splice(0),
    rotate: () => user.replace(SECRETS, key('two') as never),
    get: {
      instance: async (name: string): Promise<InstanceStorage | undefined> => {
        const found = await user.get(INSTANCE_STORAGES, { namespace: NAMESPACE, name });
        return found.ok ? found.value : undefined;
      },
      team: async (name: string): Promise<TeamStorage | undefined> => {
        const found = await user.get(TEAM_STORAGES, { namespace: NAMESPACE, name });
        return found.ok ? found.value : undefined;
      },
    },
    /** Data of the Secret and the ConfigMap that the server reads. */
    outputs: async (of: string): Promise<readonly unknown[]> => {
      const at = { namespace: NAMESPACE, name: `${of}-storage` };
      const found = [await user.get(SECRETS, at), await user.get(CONFIG_MAPS, at)];
      return found.map((one) => (one.ok ? one.value.data : undefined));
    },
    ledger: async (of: string) => {
      const found = await user.get(SECRETS, { namespace: NAMESPACE, name: `${of}-storage-ledger` });
      return found.ok ? found.value : undefined;
    },
  };
}

export type ShardWorld = Awaited<ReturnType<typeof createShardWorld>>;

const OPTIONS = { fieldManager: 'kubectl', force: true };

function objectOf(verb: string, args: readonly unknown[]): string {
  const [type, body] = args as [{ kind: string }, { metadata?: { name: string }; name?: string }];
  return `${type.kind} ${body.metadata?.name ?? body.name ?? ''}${verb === 'applyStatus' ? '/status' : ''}`;
}

function selectorOf(text: string): LabelSelector {
  const selector = parseLabelSelector(text);
  if (!selector.ok) throw new Error(selector.error);
  return selector.value;
}

function manifest(kind: string, metadata: object, spec: object) {
  return { apiVersion: 'storage.wandb.com/v1alpha1', kind, metadata: { namespace: NAMESPACE, ...metadata }, spec };
}

/** A bucket with a key. */
export function bucket(name: string, path: string) {
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

function key(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: NAMESPACE, name: 'key', labels: { [ALLOW_LABEL]: 'true' } },
    type: 'Opaque',
    data: { ACCESS_KEY: base64(`AKIA${name}`), SECRET_KEY: base64(`secret-${name}`) },
  };
}

/** Finds every bucket in order. */
const PROBER: Prober = {
  run({ mode }): Promise<Observations> {
    const { endpoint, list, requests, ...full } = goodObservations();
    const light = {
      mode,
      requests,
      ...(endpoint !== undefined && { endpoint }),
      ...(list !== undefined && { list }),
    };
    return Promise.resolve(mode === 'Light' ? light : { ...light, ...full });
  },
  stop: () => Promise.resolve(),
};
