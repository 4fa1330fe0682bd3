import { bucketMap } from '../../../src/cli/report/bucket-map.ts';
import { clusterStorages } from '../../../src/cli/report/cluster-storages.ts';
import type { Report } from '../../../src/cli/report/report.ts';
import { DEMO_NOW, type Storage } from './demo-storages.ts';

/** The report about the storages of a cluster, at the time of the demo. */
export function reportOf(storages: readonly Storage[], given: Partial<Report> = {}): Report {
  return {
    ...{ now: DEMO_NOW, version: '0.1.0', unreadable: [], outputs: [] },
    source: { kind: 'Cluster', context: 'acme-production', namespace: 'wandb' },
    storages: clusterStorages(storages),
    map: bucketMap(storages),
    ...given,
  };
}
