/** What one work queue tells, as client-go's queues do. Durations in seconds. */
export interface QueueMetrics {
  added(): void;
  retried(): void;
  /** A key went to a worker after having waited. */
  taken(waitedSeconds: number): void;
  finished(workedSeconds: number): void;
}

/** What one controller tells, as controller-runtime's do. */
export interface ControllerMetrics {
  workers(count: number): void;
  /** +1 when a worker takes up a key, -1 when it lays it down. */
  active(change: 1 | -1): void;
  /** `error`: a fault that is retried, or a bug. */
  reconciled(result: 'success' | 'requeue_after' | 'error', seconds: number): void;
}

/** What look-ups of names hold at one moment. */
export interface LookupCounts {
  /** Look-ups that hold a thread, those that nobody waits for any more included. */
  readonly running: number;
  /** Names that wait for a thread. */
  readonly waiting: number;
  /** Names whose last look-up hung. */
  readonly hanging: number;
  /** Look-ups that may run at the same time. */
  readonly limit: number;
}

/** Metrics of the parts that know nothing of W&B. */
export interface RuntimeMetrics {
  /** `depth` is asked at each scrape. */
  queue(name: string, depth: () => number): QueueMetrics;
  controller(name: string): ControllerMetrics;
  /** `isLeading` is asked at each scrape. */
  leaderElection(name: string, isLeading: () => boolean): void;
  /** One answered request to the API server; `code` is `<error>` when there was no answer. */
  kubeRequest(method: string, code: string): void;
  /** Asked at each scrape. */
  nameLookups(counts: () => LookupCounts): void;
}

/** An object as its series name it. */
export interface StorageId {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the publisher tells. */
export interface PublicationMetrics {
  /** So many times more a ledger was lost and made again from the outputs; 0 shows the series before there was one. */
  ledgersRecovered(instance: StorageId, times: 0 | 1): void;
}

/** What an operator's alerts look at. */
export interface StorageMetrics {
  recordProbe(probe: {
    readonly provider: string;
    readonly mode: 'Full' | 'Light';
    readonly seconds: number;
    readonly requests: number;
  }): void;
  /** The verdict on one object; replaces what was told of it before. */
  recordJudgement(
    id: StorageId,
    verdict: {
      readonly ready: boolean;
      readonly reason: string;
      readonly published: boolean;
      /** Seconds since the epoch of the last full validation, and 0 when there was none. */
      readonly lastFullValidation: number;
      readonly checks: readonly { readonly name: string; readonly result: string; readonly reason: string }[];
      /** Those that are reported and gate nothing. */
      readonly reported: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
    },
  ): void;
  /** Size of an instance's file stores in an environment variable. */
  recordFileStoresBytes(instance: StorageId, bytes: number): void;
  /** Teams of an instance whose bucket other storages use as well. */
  recordSharing(instance: StorageId, teams: number): void;
  /** The object is gone: its series go with it. */
  forget(id: StorageId): void;
  /** A changed credential was published so long after it was first seen. */
  recordRotation(seconds: number): void;
}
