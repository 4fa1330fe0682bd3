import type { ResourceType } from '../api/object.ts';
import { keyOf } from '../api/object-key.ts';
import {
  INSTANCE_STORAGES,
  REQUESTED_AT_ANNOTATION,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../api/resources.ts';
import { ok } from '../base/result.ts';
import { createKubeClient } from '../kube/client.ts';
import { createKubeConnection } from '../kube/connection.ts';
import { loadKubeConfig } from '../kube/kube-config.ts';
import { createObjectCache } from '../kube/object-cache.ts';
import { createReflector, REFLECTOR_DEFAULTS } from '../kube/reflector.ts';
import { createWatchSource } from '../kube/watch-source.ts';
import type { KubeCall, KubeClient } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { systemClock } from './system-clock.ts';

/** What commands read of a cluster. They write nothing to it but the request for a validation. */
export interface ClusterReader extends Pick<KubeClient, 'get' | 'requestToken'> {
  /** The context of the kubeconfig. */
  readonly context: string;
  /** Namespace of the context. */
  readonly namespace: string;
  /** The InstanceStorages and TeamStorages of a namespace, or of all. */
  storagesIn(namespace: string | undefined): KubeCall<readonly Storage[]>;
  /** Reports them when all are known, and after each change; it never ends. */
  watchStorages(namespace: string | undefined, handlers: StorageHandlers): Promise<never>;
  /** Sets the annotation that asks for a full validation. */
  requestValidation(storage: Storage, token: string): KubeCall<Storage>;
  close(): Promise<void>;
}

type Storage = InstanceStorage | TeamStorage;

interface StorageHandlers {
  onChange(storages: readonly Storage[]): void;
  /** The watch is opened again by itself. */
  onInterruption(reason: string): void;
}

/** Changes that come together are reported together. */
const GATHER_MS = 200;

/** Opens the cluster of a kubeconfig; throws if there is none. */
export function openCluster(from: { readonly kubeconfig?: string; readonly context?: string }): ClusterReader {
  const { kubeconfig: file, context } = from;
  const config = loadKubeConfig({ ...(file !== undefined && { file }), ...(context !== undefined && { context }) });
  const connection = createKubeConnection(config);
  const kube = createKubeClient(connection);

  async function storagesIn(namespace: string | undefined): KubeCall<readonly Storage[]> {
    const [instances, teams] = await Promise.all([
      kube.list(INSTANCE_STORAGES, namespace),
      kube.list(TEAM_STORAGES, namespace),
    ]);
    if (!instances.ok) return instances;
    return teams.ok ? ok([...instances.value, ...teams.value]) : teams;
  }

  async function watchStorages(namespace: string | undefined, handlers: StorageHandlers): Promise<never> {
    const watches = [
      watchOf(INSTANCE_STORAGES, namespace, handlers),
      watchOf(TEAM_STORAGES, namespace, handlers),
    ] as const;
    let gathering = false;
    const report = (): void => {
      gathering = false;
      handlers.onChange(watches.flatMap(({ cache }): readonly Storage[] => cache.reader.list()));
    };
    const gather = (): void => {
      if (!gathering) systemClock.setTimer(GATHER_MS, report);
      gathering = true;
    };
    const running = watches.map(({ reflector }) => reflector.run(new AbortController().signal));
    await Promise.all(watches.map(({ cache }) => cache.whenSynced));
    report();
    for (const { cache } of watches) cache.onChange(gather);
    await Promise.all(running);
    throw new Error('a watch ended');
  }

  function watchOf<T extends Storage>(type: ResourceType<T>, namespace: string | undefined, handlers: StorageHandlers) {
    const cache = createObjectCache<T>();
    const source = createWatchSource(connection, { type, ...(namespace !== undefined && { namespace }) });
    const log = logOfWarnings(({ reason }) => handlers.onInterruption(String(reason)));
    const options = REFLECTOR_DEFAULTS;
    return { cache, reflector: createReflector({ source, cache: cache.writer, clock: systemClock, log, options }) };
  }

  return {
    get: (type, key) => kube.get(type, key),
    requestToken: (account, wanted) => kube.requestToken(account, wanted),
    context: config.getCurrentContext(),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    storagesIn,
    watchStorages,
    requestValidation: ({ kind, metadata }, token) =>
      kube.mergePatch<Storage>(
        kind === 'InstanceStorage' ? INSTANCE_STORAGES : TEAM_STORAGES,
        keyOf({ metadata }),
        { metadata: { annotations: { [REQUESTED_AT_ANNOTATION]: token } } },
        { fieldManager: 'byob' },
      ),
    close: () => connection.close(),
  };
}

function logOfWarnings(warn: Log['warn']): Log {
  const ignore = (): void => undefined;
  const log: Log = { debug: ignore, info: ignore, warn, error: warn, child: () => log };
  return log;
}
