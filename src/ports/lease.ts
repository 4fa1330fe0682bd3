import type { KubeFailure } from './kube.ts';
import type { Result } from '../base/result.ts';

/** The content of a Lease; times in milliseconds since the epoch, by the clock of its holder. */
export interface LeaseRecord {
  /** Empty when it was released. */
  readonly holder: string;
  readonly durationMs: number;
  readonly acquiredAt: number;
  readonly renewedAt: number;
  readonly transitions: number;
  /** For optimistic concurrency: of two concurrent writes one succeeds. */
  readonly version: string;
}

/** One `coordination.k8s.io/v1` Lease. Every call has a deadline of its own. */
export interface LeaseLock {
  /** `undefined`: there is none yet. */
  read(): Promise<Result<LeaseRecord | undefined, KubeFailure>>;
  /** Creates the Lease, or replaces the one of `version`; a `Conflict` when another process was faster. */
  write(record: Omit<LeaseRecord, 'version'>, version: string | undefined): Promise<Result<LeaseRecord, KubeFailure>>;
}
