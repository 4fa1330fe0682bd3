import { systemClock } from '../../src/app/system-clock.ts';
import { readText } from '../../src/kube/client.ts';
import type { KubeConnection } from '../../src/kube/connection.ts';
import { createReflector, type ReflectorOptions } from '../../src/kube/reflector.ts';
import { createObjectCache, type ObjectCache } from '../../src/kube/object-cache.ts';
import { createWatchSource, type WatchSource } from '../../src/kube/watch-source.ts';
import type { KubeObject, ResourceType } from '../../src/api/object.ts';
import { createFakeLog, type FakeLog } from '../support/fakes/log.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const CONFIG_MAPS: ResourceType<ConfigMap> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
};

/** Label of what the tests write: the control plane puts a ConfigMap of its own into each namespace. */
export const MINE = 'test.wandb.com/mine';

/** Waits until `condition` holds; the deadline is an error that says what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`after ${String(seconds)} s not yet: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** One JSON request over a connection; the answer whatever its status. */
export async function requestJson(
  connection: KubeConnection,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await connection.request({
    method,
    path,
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.statusCode, body: JSON.parse(await readText(response)) as unknown };
}

/** Whom the API server takes us for; its status where it does not know us. */
export async function whoAmI(connection: KubeConnection): Promise<string> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const answer = await requestJson(connection, 'POST', path, review);
  const { status } = answer.body as { readonly status?: { readonly userInfo?: { readonly username: string } } };
  return status?.userInfo?.username ?? String(answer.status);
}

/** Writes ConfigMaps of a namespace past the code under test, as somebody else does. */
export function writer(connection: KubeConnection, namespace: string) {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  async function send(...[method, at, body]: [method: 'POST' | 'PATCH' | 'DELETE', at: string, body?: unknown]) {
    const answer = await requestJson(connection, method, at, body);
    if (answer.status >= 300) throw new Error(`${method} ${at}: ${String(answer.status)}`);
  }
  return {
    create: (name: string, value = 'first') =>
      send('POST', path, { metadata: { name, labels: { [MINE]: 'true' } }, data: { value } }),
    edit: (name: string, value: string) => send('PATCH', `${path}/${name}`, { data: { value } }),
    remove: (name: string) => send('DELETE', `${path}/${name}`),
    /** Creates many, a few at a time. */
    async createAll(names: readonly string[]): Promise<void> {
      const left = [...names];
      const one = async (): Promise<void> => {
        for (let name = left.shift(); name !== undefined; name = left.shift()) await this.create(name);
      };
      await Promise.all(Array.from({ length: 16 }, one));
    },
    /** Name and value of each, as the API server has them. */
    async truth(): Promise<Readonly<Record<string, string | undefined>>> {
      const query = new URLSearchParams({ labelSelector: MINE }).toString();
      const list = await requestJson(connection, 'GET', `${path}?${query}`);
      return valuesOf((list.body as { readonly items: readonly ConfigMap[] }).items);
    },
  };
}

export function valuesOf(objects: readonly ConfigMap[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(objects.map(({ metadata, data }) => [metadata.name, data?.['value']]));
}

export interface Watched {
  readonly store: ObjectCache<ConfigMap>;
  /** Every change that was told, such as `updated a=second`. */
  readonly changes: string[];
  readonly log: FakeLog;
  values(): Readonly<Record<string, string | undefined>>;
  /** How many watches the API server opened so far. */
  opened(): number;
  /** Reasons of the interruptions so far. */
  reasons(): readonly unknown[];
  stop(): Promise<void>;
}

const QUICK: ReflectorOptions = {
  watchSeconds: 290,
  stallGraceMs: 30_000,
  backoff: { baseMs: 50, maxMs: 500 },
  random: Math.random,
};

/** A reflector over the ConfigMaps of the tests in a namespace, with short delays. */
export function watchConfigMaps(
  connection: KubeConnection,
  namespace: string,
  options: Partial<ReflectorOptions> = {},
  wrap: (source: WatchSource<ConfigMap>) => WatchSource<ConfigMap> = (source) => source,
): Watched {
  const store = createObjectCache<ConfigMap>();
  const changes: string[] = [];
  store.onChange(({ type, object }) => {
    const value = type === 'deleted' ? '' : `=${object.data?.['value'] ?? ''}`;
    changes.push(`${type} ${object.metadata.name}${value}`);
  });
  const log = createFakeLog();
  const source = createWatchSource(connection, { type: CONFIG_MAPS, namespace, labelSelector: MINE });
  let opened = 0;
  const counted: WatchSource<ConfigMap> = {
    ...source,
    async watch(...args) {
      const stream = await source.watch(...args);
      if (stream.ok) opened += 1;
      return stream;
    },
  };
  const reflector = createReflector({
    source: wrap(counted),
    cache: store.writer,
    clock: systemClock,
    log,
    options: { ...QUICK, ...options },
  });
  const end = new AbortController();
  const running = reflector.run(end.signal);
  return {
    store,
    changes,
    log,
    values: () => valuesOf(store.reader.list()),
    opened: () => opened,
    reasons: () => log.lines.map(({ fields }) => fields['reason']),
    async stop() {
      end.abort();
      await running;
    },
  };
}
