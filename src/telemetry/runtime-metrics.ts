import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RuntimeMetrics } from '../ports/metrics.ts';
import { createNameLookupMetrics } from './name-lookup-metrics.ts';
import { createProbeTurnMetrics } from './probe-turn-metrics.ts';

/** client-go's buckets of queue durations, in seconds. */
const QUEUE_SECONDS = [0.001, 0.01, 0.1, 1, 10, 60, 300, 900];
/** A reconcile may include a probe of some tens of requests. */
const RECONCILE_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics under the names that dashboards for controller-runtime and client-go look for. */
// eslint-disable-next-line max-lines-per-function -- a list of metrics
export function createRuntimeMetrics(registry: Registry): RuntimeMetrics {
  const registers = [registry];
  const gauges = {
    depths: new Map<string, () => number>(),
    leaders: new Map<string, () => boolean>(),
  };
  new Gauge({
    name: 'workqueue_depth',
    help: 'Keys in the queue.',
    labelNames: ['name'],
    registers,
    collect() {
      for (const [name, depth] of gauges.depths) this.set({ name }, depth());
    },
  });
  new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this process is the leader.',
    labelNames: ['name'],
    registers,
    collect() {
      for (const [name, isLeading] of gauges.leaders) this.set({ name }, isLeading() ? 1 : 0);
    },
  });
  const queue = {
    adds: new Counter({ name: 'workqueue_adds_total', help: 'Keys queued.', labelNames: ['name'], registers }),
    retries: new Counter({ name: 'workqueue_retries_total', help: 'Keys retried.', labelNames: ['name'], registers }),
    wait: new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'How long a key waited in the queue.',
      labelNames: ['name'],
      buckets: QUEUE_SECONDS,
      registers,
    }),
    work: new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'How long the work on a key took.',
      labelNames: ['name'],
      buckets: QUEUE_SECONDS,
      registers,
    }),
  };
  const controller = {
    max: new Gauge({
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'Number of workers of the controller.',
      labelNames: ['controller'],
      registers,
    }),
    active: new Gauge({
      name: 'controller_runtime_active_workers',
      help: 'Number of busy workers.',
      labelNames: ['controller'],
      registers,
    }),
    total: new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciles by result.',
      labelNames: ['controller', 'result'],
      registers,
    }),
    errors: new Counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Reconciles that are retried.',
      labelNames: ['controller'],
      registers,
    }),
    seconds: new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long a reconcile took.',
      labelNames: ['controller'],
      buckets: RECONCILE_SECONDS,
      registers,
    }),
  };
  const kubeRequests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server.',
    labelNames: ['method', 'code'],
    registers,
  });

  return {
    nameLookups: (counts) => createNameLookupMetrics(registry, counts),
    probeTurns: (turns) => createProbeTurnMetrics(registry, turns),
    queue(name, depth) {
      gauges.depths.set(name, depth);
      return {
        added: () => queue.adds.inc({ name }),
        retried: () => queue.retries.inc({ name }),
        taken: (seconds) => queue.wait.observe({ name }, seconds),
        finished: (seconds) => queue.work.observe({ name }, seconds),
      };
    },
    controller(name) {
      const labels = { controller: name };
      return {
        workers: (count) => controller.max.set(labels, count),
        active: (change) => controller.active.inc(labels, change),
        reconciled(result, seconds) {
          controller.total.inc({ ...labels, result });
          controller.errors.inc(labels, result === 'error' ? 1 : 0);
          controller.seconds.observe(labels, seconds);
        },
      };
    },
    leaderElection: (name, isLeading) => void gauges.leaders.set(name, isLeading),
    kubeRequest: (method, code) => kubeRequests.inc({ method, code }),
  };
}
