import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { PublicationMetrics, RuntimeMetrics, StorageMetrics } from '../ports/metrics.ts';
import { createPublicationMetrics } from './publication-metrics.ts';
import { createRuntimeMetrics } from './runtime-metrics.ts';
import { createStorageMetrics } from './storage-metrics.ts';

/** All metrics of the process, and how they are served. */
export interface Telemetry {
  readonly runtime: RuntimeMetrics;
  readonly storage: StorageMetrics;
  readonly publication: PublicationMetrics;
  /** The Prometheus text format, in parts. */
  scrape(): Promise<{ readonly contentType: string; readonly body: Iterable<string> }>;
}

/** Creates a registry with the default metrics of the process and of Node. `shard`: the label selector; empty for all. */
export function createTelemetry(version = 'unknown', shard = ''): Telemetry {
  const registry = new Registry();
  new Gauge({
    name: 'byob_build_info',
    help: 'Always 1: the version of the operator.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  new Gauge({
    name: 'byob_shard_info',
    help: 'Always 1: the label selector of the storages for which the operator acts; empty for all.',
    labelNames: ['selector'],
    registers: [registry],
  }).set({ selector: shard }, 1);
  collectDefaultMetrics({ register: registry });
  const storage = createStorageMetrics(registry);
  return {
    runtime: createRuntimeMetrics(registry),
    storage,
    publication: createPublicationMetrics(registry),
    async scrape() {
      return { contentType: registry.contentType, body: textOf(await registry.metrics(), storage.objectText()) };
    },
  };
}

function* textOf(registered: string, objects: Iterable<string>): Iterable<string> {
  yield registered;
  yield* objects;
}
