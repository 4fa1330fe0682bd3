import { Counter, Gauge, type Registry } from 'prom-client';
import type { PublicationMetrics, StorageId } from '../ports/metrics.ts';

/** Metrics of what is published; the series of an instance go when it goes. */
export function createPublicationMetrics(registry: Registry): PublicationMetrics {
  const registers = [registry];
  const labelNames = ['namespace', 'name'];
  const recovered = new Counter({
    name: 'byob_ledger_recovered_total',
    help: 'Ledgers that were lost, unreadable or older than the outputs, and were made again from them.',
    labelNames,
    registers,
  });
  const sharing = new Gauge({
    name: 'byob_teams_sharing_buckets',
    help: 'TeamStorages of the instance whose bucket other published storages use as well.',
    labelNames,
    registers,
  });
  const labels = ({ namespace, name }: StorageId) => ({ namespace, name });
  return {
    ledgerRecovered: (instance) => recovered.inc(labels(instance)),
    sharing: (instance, teams) => sharing.set(labels(instance), teams),
    forgetInstance: (instance) => sharing.remove(labels(instance)),
  };
}
