import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  INSTANCE_STORAGES,
  MANAGED_BY_LABEL,
  MANAGER,
  SECRETS,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../api/resources.ts';
import { INSTANCE_INDEXES, TEAM_INDEXES, type InstanceIndex, type TeamIndex } from '../controllers/storage/indexes.ts';
import { sanitizeInstance, sanitizeTeam, type Sanitized } from '../domain/spec/sanitize-spec.ts';
import type { KubeConnection } from '../kube/connection.ts';
import { identityOnly, withoutLastApplied } from '../kube/kept-metadata.ts';
import { createReflector, REFLECTOR_DEFAULTS, type Reflector } from '../kube/reflector.ts';
import { createStore, type Store, type StoreOptions } from '../kube/store.ts';
import { createWatchSource } from '../kube/watch-source.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { KubeObject, PartialObject, ResourceType } from '../api/object.ts';
import type { Log } from '../ports/log.ts';
import type { Component } from '../runtime/manager.ts';

/** Everything that the operator watches. Secrets and ConfigMaps by metadata alone. */
export interface Watches extends Component {
  /** Screened: their specs have the form of their types, whatever admission let through. */
  readonly instances: Store<Sanitized<InstanceStorage>, InstanceIndex>;
  readonly teams: Store<Sanitized<TeamStorage>, TeamIndex>;
  /** Secrets that storages may refer to. */
  readonly allowedSecrets: Store<PartialObject>;
  /** Secrets that the operator wrote. */
  readonly managedSecrets: Store<PartialObject>;
  readonly configMaps: Store<PartialObject>;
  /** What is wrong with the watches; `undefined` when nothing is. */
  problem(): string | undefined;
}

/** A watch that heard nothing for this long is not to be trusted: bookmarks come every minute or so. */
const SILENT_MS = 6 * 60_000;

export function createWatches(deps: {
  readonly connection: KubeConnection;
  /** `undefined`: all namespaces. */
  readonly namespaces: readonly string[] | undefined;
  readonly requireSecretLabel: boolean;
  readonly clock: Clock;
  readonly timeSlice: TimeSlice;
  readonly log: Log;
}): Watches {
  const { clock, timeSlice } = deps;
  const ended = new AbortController();
  const reflectors: { readonly name: string; readonly reflector: Reflector }[] = [];
  const runs: Promise<void>[] = [];
  const stores: { readonly name: string; readonly store: Pick<Store<KubeObject>, 'reader' | 'whenSynced'> }[] = [];

  function watch<T extends KubeObject, I extends string = never>(
    name: string,
    type: ResourceType<T>,
    { indexes, transform, ...options }: WatchOptions<T, I>,
  ): Store<T, I> {
    const kept = { ...(indexes !== undefined && { indexes }), ...(transform !== undefined && { transform }) };
    const joined = createJoinedStore<T, I>(deps.namespaces?.length ?? 1, kept);
    (deps.namespaces ?? [undefined]).forEach((namespace, index) => {
      const source = createWatchSource(deps.connection, {
        type,
        ...options,
        ...(namespace !== undefined && { namespace }),
      });
      const log = deps.log.child({ watch: name, ...(namespace !== undefined && { namespace }) });
      const writer = joined.writers[index];
      if (writer === undefined) return;
      const reflector = createReflector({ source, store: writer, clock, timeSlice, log, options: REFLECTOR_DEFAULTS });
      reflectors.push({ name, reflector });
    });
    stores.push({ name, store: joined.store });
    return joined.store;
  }

  const metadata = { metadataOnly: true, transform: identityOnly };
  const allowed = deps.requireSecretLabel ? { labelSelector: `${ALLOW_LABEL}=true` } : {};
  return {
    name: 'watches',
    instances: watch<Sanitized<InstanceStorage>, InstanceIndex>('instancestorages', INSTANCE_STORAGES, {
      indexes: INSTANCE_INDEXES,
      transform: (object) => sanitizeInstance(withoutLastApplied(object)),
    }),
    teams: watch<Sanitized<TeamStorage>, TeamIndex>('teamstorages', TEAM_STORAGES, {
      indexes: TEAM_INDEXES,
      transform: (object) => sanitizeTeam(withoutLastApplied(object)),
    }),
    allowedSecrets: watch('secrets', SECRETS, { ...allowed, ...metadata }),
    managedSecrets: watch('outputs', SECRETS, { labelSelector: `${MANAGED_BY_LABEL}=${MANAGER}`, ...metadata }),
    configMaps: watch('configmaps', CONFIG_MAPS, metadata),
    problem() {
      const unsynced = stores.filter(({ store }) => !store.reader.synced).map(({ name }) => name);
      if (unsynced.length > 0) return `not listed yet: ${unsynced.join(', ')}`;
      const now = deps.clock.monotonic();
      const silent = reflectors
        .filter(({ reflector }) => now - reflector.lastContact > SILENT_MS)
        .map(({ name }) => name);
      return silent.length === 0 ? undefined : `no word from the API server about: ${silent.join(', ')}`;
    },
    async start() {
      for (const { reflector } of reflectors) runs.push(reflector.run(ended.signal));
      const cancelled = new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
      await Promise.race([Promise.all(stores.map(({ store }) => store.whenSynced)), cancelled]);
    },
    async stop() {
      ended.abort();
      await Promise.allSettled(runs);
    },
  };
}

interface WatchOptions<T extends KubeObject, I extends string> extends StoreOptions<T, I> {
  readonly labelSelector?: string;
  readonly metadataOnly?: boolean;
}

/** One store fed by several namespaces: a list of one of them must not delete the others' objects. */
function createJoinedStore<T extends KubeObject, I extends string>(
  count: number,
  kept: StoreOptions<T, I>,
): { readonly store: Store<T, I>; readonly writers: readonly Store<T>['writer'][] } {
  const parts = Array.from({ length: count }, () => createStore<T, I>(kept));
  const [only] = parts;
  const writers = parts.map((part) => part.writer);
  if (count === 1 && only !== undefined) return { store: only, writers };
  return {
    writers,
    store: {
      writer: { replace: unused, put: unused, remove: unused },
      reader: {
        get synced() {
          return parts.every((part) => part.reader.synced);
        },
        get: (key) => parts.map((part) => part.reader.get(key)).find((object) => object !== undefined),
        list: (namespace) => joined(parts.map((part) => part.reader.list(namespace))),
        by: (index, key) => joined(parts.map((part) => part.reader.by(index, key))),
      },
      onChange: (handler) => parts.forEach((part) => part.onChange(handler)),
      whenSynced: Promise.all(parts.map((part) => part.whenSynced)).then(() => undefined),
    },
  };
}

const NONE: readonly never[] = [];

/** As it is where it is one part's alone: a list that has not changed is the same. */
function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = NONE, ...others] = lists.filter(({ length }) => length > 0);
  return others.length === 0 ? first : [first, ...others].flat();
}

function unused(): never {
  throw new Error('a joined store is written through its parts');
}
