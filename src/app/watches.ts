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
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import { INSTANCE_INDEXES, TEAM_INDEXES, type InstanceIndex, type TeamIndex } from '../controllers/storage/indexes.ts';
import { withSharedParts } from '../controllers/storage/shared-parts.ts';
import { sanitizeOnce } from '../domain/spec/sanitize-once.ts';
import { sanitizeInstance, sanitizeTeam, type Sanitized } from '../domain/spec/sanitize-spec.ts';
import type { KubeConnection } from '../kube/connection.ts';
import { identityOnly, withoutLastApplied } from '../kube/kept-metadata.ts';
import { createReflector, REFLECTOR_DEFAULTS, type Reflector } from '../kube/reflector.ts';
import { createObjectCache, type ObjectCache, type ObjectCacheOptions } from '../kube/object-cache.ts';
import { createWatchSource } from '../kube/watch-source.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { KubeObject, ResourceType } from '../api/object.ts';
import type { Log } from '../ports/log.ts';
import type { Component } from '../runtime/manager.ts';

/** The caches of all that the operator watches, and the watches that fill them. */
export interface Watches extends Component, WatchedObjects {
  /** What is wrong with the watches; `undefined` when nothing is. */
  problem(): string | undefined;
  /** Lists everything once more. Until then a process that did not lead may have missed what the leader has seen. */
  refresh(): Promise<void>;
}

const instanceOnce = sanitizeOnce(sanitizeInstance);
const teamOnce = sanitizeOnce(sanitizeTeam);

/** A watch that received nothing for this long is broken: bookmarks arrive about once a minute. */
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
  // Two watches of one namespace would report each object twice.
  const namespaces = deps.namespaces && [...new Set(deps.namespaces)];
  const ended = new AbortController();
  const reflectors: { readonly name: string; readonly reflector: Reflector }[] = [];
  const runs: Promise<void>[] = [];
  const caches: { readonly name: string; readonly cache: Pick<ObjectCache<KubeObject>, 'reader' | 'whenSynced'> }[] =
    [];

  async function untilEnded(all: readonly Promise<void>[]): Promise<void> {
    const cancelled = new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
    await Promise.race([Promise.all(all), cancelled]);
  }

  function watch<T extends KubeObject, I extends string = never>(
    name: string,
    type: ResourceType<T>,
    { indexes, transform, ...options }: WatchOptions<T, I>,
  ): ObjectCache<T, I> {
    const kept = { ...(indexes !== undefined && { indexes }), ...(transform !== undefined && { transform }) };
    const joined = createJoinedCache<T, I>(namespaces?.length ?? 1, kept);
    (namespaces ?? [undefined]).forEach((namespace, index) => {
      const source = createWatchSource(deps.connection, {
        type,
        ...options,
        ...(namespace !== undefined && { namespace }),
      });
      const log = deps.log.child({ watch: name, ...(namespace !== undefined && { namespace }) });
      const writer = joined.writers[index];
      if (writer === undefined) return;
      const reflector = createReflector({ source, cache: writer, clock, timeSlice, log, options: REFLECTOR_DEFAULTS });
      reflectors.push({ name, reflector });
    });
    caches.push({ name, cache: joined.cache });
    return joined.cache;
  }

  const metadata = { metadataOnly: true, transform: identityOnly };
  const allowed = deps.requireSecretLabel ? { labelSelector: `${ALLOW_LABEL}=true` } : {};
  return {
    name: 'watches',
    instances: watch<Sanitized<InstanceStorage>, InstanceIndex>('instancestorages', INSTANCE_STORAGES, {
      indexes: INSTANCE_INDEXES,
      transform: (object, previous) => instanceOnce(withSharedParts(withoutLastApplied(object)), previous),
    }),
    teams: watch<Sanitized<TeamStorage>, TeamIndex>('teamstorages', TEAM_STORAGES, {
      indexes: TEAM_INDEXES,
      transform: (object, previous) => teamOnce(withSharedParts(withoutLastApplied(object)), previous),
    }),
    allowedSecrets: watch('secrets', SECRETS, { ...allowed, ...metadata }),
    managedSecrets: watch('outputs', SECRETS, { labelSelector: `${MANAGED_BY_LABEL}=${MANAGER}`, ...metadata }),
    configMaps: watch('configmaps', CONFIG_MAPS, metadata),
    problem() {
      const unsynced = caches.filter(({ cache }) => !cache.reader.synced).map(({ name }) => name);
      if (unsynced.length > 0) return `not listed yet: ${unsynced.join(', ')}`;
      const now = deps.clock.monotonic();
      const silent = reflectors
        .filter(({ reflector }) => now - reflector.lastContact > SILENT_MS)
        .map(({ name }) => name);
      return silent.length === 0 ? undefined : `no event from the API server for: ${silent.join(', ')}`;
    },
    async start() {
      for (const { reflector } of reflectors) runs.push(reflector.run(ended.signal));
      await untilEnded(caches.map(({ cache }) => cache.whenSynced));
    },
    refresh: () => untilEnded(reflectors.map(({ reflector }) => reflector.refresh())),
    async stop() {
      ended.abort();
      await Promise.allSettled(runs);
    },
  };
}

interface WatchOptions<T extends KubeObject, I extends string> extends ObjectCacheOptions<T, I> {
  readonly labelSelector?: string;
  readonly metadataOnly?: boolean;
}

/** One cache fed by several namespaces: a list of one of them must not delete the others' objects. */
function createJoinedCache<T extends KubeObject, I extends string>(
  count: number,
  kept: ObjectCacheOptions<T, I>,
): { readonly cache: ObjectCache<T, I>; readonly writers: readonly ObjectCache<T>['writer'][] } {
  const parts = Array.from({ length: count }, () => createObjectCache<T, I>(kept));
  const [only] = parts;
  const writers = parts.map((part) => part.writer);
  if (count === 1 && only !== undefined) return { cache: only, writers };
  return {
    writers,
    cache: {
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

/** A list that belongs to one part only is returned as it is, so that an unchanged list stays the same object. */
function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = NONE, ...others] = lists.filter(({ length }) => length > 0);
  return others.length === 0 ? first : [first, ...others].flat();
}

function unused(): never {
  throw new Error('a joined cache is written through its parts');
}
