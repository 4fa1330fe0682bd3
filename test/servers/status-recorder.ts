import { INSTANCE_STORAGES, TEAM_STORAGES, type InstanceStorage, type TeamStorage } from '../../src/api/resources.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { FIELD_MANAGER } from '../../src/controllers/publication/output-writer.ts';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { createReflector, REFLECTOR_DEFAULTS } from '../../src/kube/reflector.ts';
import { createWatchSource } from '../../src/kube/watch-source.ts';
import type { ResourceType } from '../../src/api/object.ts';
import type { Log } from '../../src/ports/log.ts';
import { kstatus, type ObjectStatus } from './kstatus.ts';

type Storage = InstanceStorage | TeamStorage;

const SILENT: Log = { debug: drop, info: drop, warn: drop, error: drop, child: () => SILENT };

/**
 * Watches every storage of the shared control plane while tests run, and judges each
 * version that the operator wrote by the library that Flux, Argo CD and Helm go
 * by: none is Current while its bucket is unproven, and none is anything but
 * Failed once it is Stalled.
 */
export function recordStatuses(kubeconfig: string): {
  judge(): Promise<{ readonly count: number; readonly wrong: readonly string[] }>;
} {
  const connection = createKubeConnection(loadKubeConfig({ file: kubeconfig }));
  const ended = new AbortController();
  const seen: Storage[] = [];
  /** Kinds of which a list has come: a watch that never opened would find nothing wrong. */
  const listed = new Set<string>();
  const runs = [watch(INSTANCE_STORAGES), watch(TEAM_STORAGES)];

  function watch<T extends Storage>(type: ResourceType<T>): Promise<void> {
    // Not the operator's own store: that drops who wrote what.
    const keep = (object: T): void => {
      if (isOfOperator(object)) seen.push(object);
    };
    const store = {
      replace: (objects: readonly T[]) => {
        listed.add(type.kind);
        objects.forEach(keep);
      },
      put: keep,
      remove: drop,
    };
    const source = createWatchSource(connection, { type });
    return createReflector({ source, cache: store, clock: systemClock, log: SILENT, options: REFLECTOR_DEFAULTS }).run(
      ended.signal,
    );
  }

  return {
    async judge() {
      ended.abort();
      await Promise.allSettled(runs);
      await connection.close();
      const statuses = seen.length === 0 ? [] : await kstatus(seen);
      const wrong = seen.flatMap((object, index) => {
        const status = statuses[index];
        const flaw = status === undefined ? 'was not judged' : flawOf(object, status.status);
        return flaw === undefined ? [] : [`${object.kind} ${nameOf(object)} ${flaw}: ${JSON.stringify(object.status)}`];
      });
      const unseen = [INSTANCE_STORAGES, TEAM_STORAGES].filter(({ kind }) => !listed.has(kind));
      return { count: seen.length, wrong: [...wrong, ...unseen.map(({ kind }) => `no ${kind} was ever listed`)] };
    },
  };
}

/** Tests of the CRDs write statuses of their own. */
function isOfOperator({ metadata }: Storage): boolean {
  const { managedFields = [] } = metadata;
  return managedFields.some(({ manager, subresource }) => manager === FIELD_MANAGER && subresource === 'status');
}

function flawOf(object: Storage, judged: ObjectStatus['status']): string | undefined {
  const { metadata, status } = object;
  const isLooked = status?.observedGeneration === metadata.generation;
  if (judged === 'Current')
    return isLooked && isProven(object) ? undefined : 'is Current, and its bucket is not proven';
  const mustFail = isLooked && isTrue(object, 'Stalled') && metadata.deletionTimestamp === undefined;
  return mustFail && judged !== 'Failed' ? `is Stalled, and ${judged}` : undefined;
}

function isProven(object: Storage): boolean {
  return isTrue(object, 'Ready') && (object.spec.bucket === undefined || isTrue(object, 'Published'));
}

function isTrue({ status }: Storage, type: string): boolean {
  return findCondition(status?.conditions ?? [], type)?.status === 'True';
}

function nameOf({ metadata }: Storage): string {
  return `${metadata.namespace ?? ''}/${metadata.name}@${metadata.resourceVersion ?? ''}`;
}

function drop(): void {
  // nothing to do
}
