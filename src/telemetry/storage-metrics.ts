import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StorageId, StorageMetrics } from '../ports/metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** Metrics of what users come for; the series of an object go when it goes. */
// eslint-disable-next-line max-lines-per-function -- a list of metrics
export function createStorageMetrics(registry: Registry): StorageMetrics {
  const registers = [registry];
  const object = ['kind', 'namespace', 'name'];
  const ready = new Gauge({
    name: 'byob_storage_ready',
    help: '1 while the storage is Ready; `reason` is that of the condition.',
    labelNames: [...object, 'reason'],
    registers,
  });
  const published = new Gauge({
    name: 'byob_storage_published',
    help: '1 while the storage is in the published config (or needs no entry there).',
    labelNames: object,
    registers,
  });
  const checks = new Gauge({
    name: 'byob_storage_check',
    help: 'Always 1: the last result of each check.',
    labelNames: [...object, 'check', 'result', 'reason'],
    registers,
  });
  const reported = new Gauge({
    name: 'byob_storage_condition',
    help: 'Always 1: the status of Delivered, RolledOut and Provisioned, where an object has them.',
    labelNames: [...object, 'condition', 'status', 'reason'],
    registers,
  });
  const lastFull = new Gauge({
    name: 'byob_storage_last_full_validation_timestamp_seconds',
    help: 'When the bucket last passed a full validation; 0: never.',
    labelNames: object,
    registers,
  });
  const probeSeconds = new Histogram({
    name: 'byob_probe_duration_seconds',
    help: 'How long a probe of a bucket took.',
    labelNames: ['provider', 'mode'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const probeRequests = new Counter({
    name: 'byob_probe_requests_total',
    help: 'Requests that probes sent to stores.',
    labelNames: ['provider', 'mode'],
    registers,
  });
  const rotation = new Histogram({
    name: 'byob_secret_to_published_seconds',
    help: 'From when a changed credential was first seen until it was published.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const sharing = new Gauge({
    name: 'byob_teams_sharing_buckets',
    help: 'TeamStorages of the instance whose bucket other storages use as well.',
    labelNames: ['namespace', 'name'],
    registers,
  });
  const fileStores = new Gauge({
    name: 'byob_file_stores_bytes',
    help: 'Bytes of the file stores in an environment variable, which can hold 130816.',
    labelNames: ['namespace', 'name'],
    registers,
  });
  /** Labels of the series of each object, to take them back. */
  const told = new Map<
    string,
    { readonly ready: Labels; readonly checks: readonly Labels[]; readonly reported: readonly Labels[] }
  >();

  function takeBack(id: StorageId): void {
    const before = told.get(keyOf(id));
    if (before === undefined) return;
    ready.remove(before.ready);
    for (const labels of before.checks) checks.remove(labels);
    for (const labels of before.reported) reported.remove(labels);
    told.delete(keyOf(id));
  }

  return {
    recordProbe({ provider, mode, seconds, requests }) {
      probeSeconds.observe({ provider, mode }, seconds);
      probeRequests.inc({ provider, mode }, requests);
    },
    recordJudgement(id, verdict) {
      takeBack(id);
      const labels = { ...id };
      const now = {
        ready: { ...labels, reason: verdict.reason },
        checks: verdict.checks.map(({ name, result, reason }) => ({ ...labels, check: name, result, reason })),
        reported: verdict.reported.map(({ type, status, reason }) => ({ ...labels, condition: type, status, reason })),
      };
      ready.set(now.ready, verdict.ready ? 1 : 0);
      for (const check of now.checks) checks.set(check, 1);
      for (const condition of now.reported) reported.set(condition, 1);
      published.set(labels, verdict.published ? 1 : 0);
      lastFull.set(labels, verdict.lastFullValidation);
      told.set(keyOf(id), now);
    },
    forget(id) {
      takeBack(id);
      published.remove({ ...id });
      lastFull.remove({ ...id });
      if (id.kind !== 'InstanceStorage') return;
      fileStores.remove({ namespace: id.namespace, name: id.name });
      sharing.remove({ namespace: id.namespace, name: id.name });
    },
    recordFileStoresBytes: ({ namespace, name }, bytes) => fileStores.set({ namespace, name }, bytes),
    recordSharing: ({ namespace, name }, teams) => sharing.set({ namespace, name }, teams),
    recordRotation: (seconds) => rotation.observe(seconds),
  };
}

function keyOf({ kind, namespace, name }: StorageId): string {
  return `${kind}/${namespace}/${name}`;
}
