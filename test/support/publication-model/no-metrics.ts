import type { PublicationMetrics, RuntimeMetrics, StorageMetrics } from '../../../src/ports/metrics.ts';

const nothing = (): void => undefined;

/** Takes all metrics and keeps none. */
export const NO_METRICS: {
  readonly runtime: RuntimeMetrics;
  readonly storage: StorageMetrics;
  readonly publication: PublicationMetrics;
} = {
  runtime: {
    queue: () => ({ added: nothing, retried: nothing, taken: nothing, finished: nothing }),
    controller: () => ({ workers: nothing, active: nothing, reconciled: nothing }),
    leaderElection: nothing,
    kubeRequest: nothing,
    nameLookups: nothing,
    probeTurns: nothing,
  },
  storage: {
    recordProbe: nothing,
    recordJudgement: nothing,
    recordFileStoresBytes: nothing,
    forget: nothing,
    recordRotation: nothing,
    recordSharing: nothing,
  },
  publication: { ledgersRecovered: nothing, forget: nothing },
};
