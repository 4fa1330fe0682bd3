import { INSTANCE_STORAGES, TEAM_STORAGES, type InstanceStorage, type TeamStorage } from '../../src/api/resources.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import type { KubeConnection } from '../../src/kube/connection.ts';
import { createReflector, REFLECTOR_DEFAULTS } from '../../src/kube/reflector.ts';
import { createObjectCache } from '../../src/kube/object-cache.ts';
import { createWatchSource } from '../../src/kube/watch-source.ts';
import type { Log } from '../../src/ports/log.ts';
import type { ResourceType } from '../../src/api/object.ts';

/** Records when objects of a namespace become Ready. */
export interface ReadyWatch {
  /** Milliseconds of `performance.now()` by `kind/name`. */
  readonly readyAt: ReadonlyMap<string, number>;
  /** Resolves once `count` objects are Ready; rejects after the deadline, with the number that were. */
  until(count: number, seconds: number): Promise<void>;
  team(name: string): TeamStorage | undefined;
  instance(name: string): InstanceStorage | undefined;
  stop(): Promise<void>;
}

const SILENT: Log = { debug: drop, info: drop, warn: drop, error: drop, child: () => SILENT };

/** When an object counts. `Validated`: of those that prove other keys on one bucket, only the first becomes Ready. */
export type Counted = 'Ready' | 'Validated';

const COUNTS: Readonly<Record<Counted, (object: InstanceStorage | TeamStorage) => boolean>> = {
  Ready: ({ status }) => findCondition(status?.conditions ?? [], 'Ready')?.status === 'True',
  Validated: ({ status }) => status?.lastFullValidationTime !== undefined,
};

/** Starts to watch; resolves when all existing objects have been listed. */
export async function watchReady(
  connection: KubeConnection,
  namespace: string,
  counted: Counted = 'Ready',
): Promise<ReadyWatch> {
  const end = new AbortController();
  const readyAt = new Map<string, number>();
  const runs: Promise<void>[] = [];
  let check = drop;

  function watch<T extends InstanceStorage | TeamStorage>(type: ResourceType<T>) {
    const store = createObjectCache<T>();
    store.onChange(({ object }) => {
      const id = `${object.kind}/${object.metadata.name}`;
      if (!COUNTS[counted](object) || readyAt.has(id)) return;
      readyAt.set(id, performance.now());
      check();
    });
    const reflector = createReflector({
      source: createWatchSource(connection, { type, namespace }),
      cache: store.writer,
      clock: systemClock,
      log: SILENT,
      options: REFLECTOR_DEFAULTS,
    });
    runs.push(reflector.run(end.signal));
    return store;
  }

  const teams = watch(TEAM_STORAGES);
  const instances = watch(INSTANCE_STORAGES);
  await Promise.all([teams.whenSynced, instances.whenSynced]);
  return {
    readyAt,
    until: (count, seconds) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`${readyAt.size} of ${count} were ${counted} after ${seconds} s`)),
          seconds * 1000,
        );
        check = () => {
          if (readyAt.size < count) return;
          clearTimeout(late);
          resolve();
        };
        check();
      }),
    team: (name) => teams.reader.get({ namespace, name }),
    instance: (name) => instances.reader.get({ namespace, name }),
    async stop() {
      end.abort();
      await Promise.allSettled(runs);
    },
  };
}

function drop(): void {
  // nothing to do
}
