import {
  INSTANCE_STORAGES,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import type { ResourceType } from '../../../src/api/object.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createObjectCache } from '../../../src/kube/object-cache.ts';
import { createReflector, REFLECTOR_DEFAULTS } from '../../../src/kube/reflector.ts';
import { createWatchSource } from '../../../src/kube/watch-source.ts';
import type { Log } from '../../../src/ports/log.ts';
import { conditionOf } from '../../servers/conditions.ts';
import { adminConnection } from '../../servers/shared.ts';

type Storage = InstanceStorage | TeamStorage;
const REQUEST = 'storage.wandb.com/reconcile-requested-at';
const SILENT: Log = { debug: drop, info: drop, warn: drop, error: drop, child: () => SILENT };

/** The storages of a namespace as they are now, by watches: hours of polling would fill the audit log. */
export interface View {
  team(name: string): TeamStorage | undefined;
  instance(): InstanceStorage | undefined;
  /** UIDs of the teams that are gone. */
  gone(): readonly string[];
  stop(): Promise<void>;
}

export async function viewStorages(namespace: string): Promise<View> {
  const end = new AbortController();
  const runs: Promise<void>[] = [];
  function watch<T extends Storage>(type: ResourceType<T>) {
    const store = createObjectCache<T>();
    const source = createWatchSource(adminConnection(), { type, namespace });
    const parts = { source, cache: store.writer, clock: systemClock, log: SILENT, options: REFLECTOR_DEFAULTS };
    runs.push(createReflector(parts).run(end.signal));
    return store;
  }
  const [teams, instances] = [watch(TEAM_STORAGES), watch(INSTANCE_STORAGES)];
  const seen = new Set<string>();
  teams.onChange(({ object: { metadata } }) => seen.add(metadata.uid ?? ''));
  await Promise.all([teams.whenSynced, instances.whenSynced]);
  return {
    gone() {
      const present = new Set(teams.reader.list().map(({ metadata }) => metadata.uid));
      return [...seen].filter((uid) => !present.has(uid));
    },
    team: (name) => teams.reader.get({ namespace, name }),
    instance: () => instances.reader.get({ namespace, name: 'wandb' }),
    async stop() {
      end.abort();
      await Promise.allSettled(runs);
    },
  };
}

/** What keeps a storage from being as it should: everything that was asked for is done, and all is well. Empty: nothing. */
export function unrest(object: Storage | undefined): readonly string[] {
  if (object === undefined) return ['absent'];
  const { status, metadata } = object;
  const holds = {
    observed: status?.observedGeneration === metadata.generation,
    answered: status?.lastHandledReconcileAt === metadata.annotations?.[REQUEST],
    Ready: conditionOf(object, 'Ready').startsWith('True'),
    Published: conditionOf(object, 'Published').startsWith('True'),
    settled: conditionOf(object, 'Reconciling') === '',
  };
  const wrong = Object.entries(holds).flatMap(([what, isSo]) => (isSo ? [] : [what]));
  return wrong.length === 0
    ? []
    : [`${wrong.join()} (${conditionOf(object, 'Ready')}, ${conditionOf(object, 'Published')})`];
}

function drop(): void {
  // Nothing to do.
}
