import { Counter, type Registry } from 'prom-client';
import type { PublicationMetrics, StorageId } from '../ports/metrics.ts';

/** Metrics of the publisher. */
export function createPublicationMetrics(registry: Registry): PublicationMetrics {
  const registers = [registry];
  const labelNames = ['namespace', 'name'];
  const recovered = new Counter({
    name: 'byob_ledger_recovered_total',
    help: 'Ledgers that were lost, unreadable or older than the outputs, and were rebuilt from these.',
    labelNames,
    registers,
  });
  const labels = ({ namespace, name }: StorageId) => ({ namespace, name });
  return {
    ledgersRecovered: (instance, times) => recovered.inc(labels(instance), times),
    forget: (instance) => recovered.remove(labels(instance)),
  };
}
