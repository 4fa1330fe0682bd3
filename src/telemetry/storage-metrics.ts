import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StorageMetrics } from '../ports/metrics.ts';
import { createObjectSeries } from './object-series.ts';

/** Metrics of InstanceStorage and TeamStorage; the series of an object are removed with it. */
export interface StorageTelemetry extends StorageMetrics {
  /** The series that each object has, in the Prometheus text format: they are not in the registry. */
  objectText(): Iterable<string>;
}

export function createStorageMetrics(registry: Registry): StorageTelemetry {
  const registers = [registry];
  const objects = createObjectSeries({
    byob_storage_ready: '1 while the storage is Ready; `reason` is that of the condition.',
    byob_storage_published: '1 while the storage is in the published config (or needs no entry there).',
    byob_storage_check: 'Always 1: the last result of each check.',
    byob_storage_condition: 'Always 1: the status of Delivered, RolledOut and Provisioned, where an object has them.',
    byob_storage_last_full_validation_timestamp_seconds: 'When the bucket last passed a full validation; 0: never.',
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
    help: 'Time from the first sight of a changed credential to its publication.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const sharing = new Gauge({
    name: 'byob_teams_sharing_buckets',
    help: 'TeamStorages of the instance whose bucket is also used by other storages.',
    labelNames: ['namespace', 'name'],
    registers,
  });
  const fileStores = new Gauge({
    name: 'byob_file_stores_bytes',
    help: 'Size of the file stores in an environment variable, in bytes; the limit is 130816.',
    labelNames: ['namespace', 'name'],
    registers,
  });
  return {
    recordProbe({ provider, mode, seconds, requests }) {
      probeSeconds.observe({ provider, mode }, seconds);
      probeRequests.inc({ provider, mode }, requests);
    },
    recordJudgement(id, { ready, reason, published, lastFullValidation, checks, reported }) {
      objects.set(id, {
        byob_storage_ready: [{ labels: { reason }, value: ready ? 1 : 0 }],
        byob_storage_published: [{ value: published ? 1 : 0 }],
        byob_storage_check: checks.map(({ name, result, reason: why }) => ({
          labels: { check: name, result, reason: why },
          value: 1,
        })),
        byob_storage_condition: reported.map(({ type, status, reason: why }) => ({
          labels: { condition: type, status, reason: why },
          value: 1,
        })),
        byob_storage_last_full_validation_timestamp_seconds: [{ value: lastFullValidation }],
      });
    },
    forget(id) {
      objects.forget(id);
      if (id.kind !== 'InstanceStorage') return;
      fileStores.remove({ namespace: id.namespace, name: id.name });
      sharing.remove({ namespace: id.namespace, name: id.name });
    },
    recordFileStoresBytes: ({ namespace, name }, bytes) => fileStores.set({ namespace, name }, bytes),
    recordSharing: ({ namespace, name }, teams) => sharing.set({ namespace, name }, teams),
    recordRotation: (seconds) => rotation.observe(seconds),
    objectText: () => objects.text(),
  };
}
