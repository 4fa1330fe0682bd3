import type { Ledgers } from '../controllers/admission/ledgers.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import type { ObservableMap } from '../runtime/observable-map.ts';
import type { InstancePublication } from '../controllers/publication/instance-publication.ts';
import type { Compression } from '../controllers/publication/ledger-secret.ts';
import { createLedgerStore, type LedgerStore } from '../controllers/publication/ledger-store.ts';
import { createOutputWriter, type OutputWriter } from '../controllers/publication/output-writer.ts';
import { createPublicationReport } from '../controllers/publication/publication-report.ts';
import { createPublisher } from '../controllers/publication/publisher.ts';
import { createRemovalCheck, type RemovalCheck } from '../controllers/publication/removal-check.ts';
import { createShard, type Shard } from '../controllers/shard/shard.ts';
import type { Admissions } from '../domain/admission/admit.ts';
import type { Proof } from '../domain/publication/proof.ts';
import type { LabelSelector } from '../domain/shard/label-selector.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { EventRecorder, KubeClient } from '../ports/kube.ts';
import type { CloudEndpoints } from '../domain/bucket/store-endpoint.ts';
import type { Log } from '../ports/log.ts';
import type { PublicationMetrics } from '../ports/metrics.ts';
import type { Reconcile } from '../runtime/controller.ts';
import { createAdmissions } from './admissions.ts';

/** Wires admission and publication. */
export function wirePublication(deps: {
  readonly kube: KubeClient;
  readonly watches: WatchedObjects;
  readonly proofs: ObservableMap<string, Proof>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly clouds: CloudEndpoints;
  /** Absent: this process acts for everything that it watches. */
  readonly watchLabelSelector?: LabelSelector | undefined;
  readonly events: EventRecorder;
  readonly log: Log;
  readonly metrics: PublicationMetrics;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
  readonly clock: Clock;
  readonly timeSlice: TimeSlice;
  /** For tests. */
  readonly compression?: Compression;
}): {
  readonly admissions: Admissions;
  readonly ledgers: Ledgers;
  readonly ledgerStore: LedgerStore;
  readonly outputs: OutputWriter;
  readonly removals: RemovalCheck;
  readonly shard: Shard;
  readonly reconcile: Reconcile;
} {
  const { kube, watches } = deps;
  const caches = { instances: watches.instances.reader, teams: watches.teams.reader };
  const { admissions, ledgers } = createAdmissions(deps);
  const managedSecrets = watches.managedSecrets.reader;
  const shard = createShard(deps.watchLabelSelector, { ...caches, managedSecrets, admissions });
  const ledgerStore = createLedgerStore(deps);
  const outputs = createOutputWriter({ kube });
  const removals = createRemovalCheck({ kube, ...caches, clock: deps.clock });
  const { reconcile } = createPublisher({
    ...deps,
    ...caches,
    admissions,
    ledgers,
    ledgerStore,
    outputs,
    removals,
    shard,
    report: createPublicationReport({ ...deps, ...caches }),
  });
  return { admissions, ledgers, ledgerStore, outputs, removals, shard, reconcile };
}
