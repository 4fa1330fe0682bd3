import type { ProbeMode } from '../domain/observations/observations.ts';
/** Metrics of one work queue, as client-go has them. Durations in seconds. */
export interface QueueMetrics {
  added(): void;
  retried(): void;
  /** A key went to a worker after having waited. */
  taken(waitedSeconds: number): void;
  finished(workedSeconds: number): void;
}

/** Metrics of one controller, as controller-runtime has them. */
export interface ControllerMetrics {
  workers(count: number): void;
  /** +1 when a worker begins with a key, -1 when it ends. */
  active(change: 1 | -1): void;
  /** `error`: a fault that is retried, or a bug. */
  reconciled(result: 'success' | 'requeue_after' | 'error', seconds: number): void;
}

/** Look-ups of names at one moment. */
export interface LookupCounts {
  /** Look-ups that hold a thread, also those whose callers have given up. */
  readonly running: number;
  /** Names that wait for a thread. */
  readonly waiting: number;
  /** Names whose last look-up hung. */
  readonly hanging: number;
  /** Look-ups that may run at the same time. */
  readonly limit: number;
}

/** The turns of one store at one moment. */
export interface EndpointTurns {
  /** As the probes name it: scheme, host and port. */
  readonly endpoint: string;
  /** Requests that may be on their way at the same time; adapts to what the store takes. */
  readonly limit: number;
  /** Probes that have a turn. */
  readonly busy: number;
  /** Probes that wait for one. */
  readonly waiting: number;
}

/** Metrics of the parts that know nothing of W&B. */
export interface RuntimeMetrics {
  /** `depth` is called at each scrape. */
  queue(name: string, depth: () => number): QueueMetrics;
  controller(name: string): ControllerMetrics;
  /** `isLeading` is called at each scrape. */
  leaderElection(name: string, isLeading: () => boolean): void;
  /** One answered request to the API server; `code` is `<error>` when there was no answer. */
  kubeRequest(method: string, code: string): void;
  /** `counts` is called at each scrape. */
  nameLookups(counts: () => LookupCounts): void;
  /** `turns` is called at each scrape. */
  probeTurns(turns: () => readonly EndpointTurns[]): void;
}

/** The labels that name an object in its series. */
export interface StorageId {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Metrics of the publisher. */
export interface PublicationMetrics {
  /** Counts ledgers that were lost and rebuilt from the outputs; 0 creates the series before the first time. */
  ledgersRecovered(instance: StorageId, times: 0 | 1): void;
  /** Removes the series of an instance that is gone and left nothing. */
  forget(instance: StorageId): void;
}

/** Metrics for an administrator's alerts. */
export interface StorageMetrics {
  recordProbe(probe: {
    readonly provider: string;
    readonly mode: ProbeMode;
    readonly seconds: number;
    readonly requests: number;
  }): void;
  /** The verdict on one object; replaces the former one. */
  recordJudgement(
    id: StorageId,
    verdict: {
      readonly ready: boolean;
      readonly reason: string;
      readonly published: boolean;
      /** Seconds since the epoch of the last full validation, and 0 when there was none. */
      readonly lastFullValidation: number;
      readonly checks: readonly { readonly name: string; readonly result: string; readonly reason: string }[];
      /** Conditions that are reported but do not decide Ready. */
      readonly reported: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
    },
  ): void;
  /** Size of an instance's file stores in an environment variable. */
  recordFileStoresBytes(instance: StorageId, bytes: number): void;
  /** Teams of an instance whose bucket other storages use as well. */
  recordSharing(instance: StorageId, teams: number): void;
  /** Removes the series of a deleted object. */
  forget(id: StorageId): void;
  /** Time from the first sight of a changed credential to its publication. */
  recordRotation(seconds: number): void;
}
