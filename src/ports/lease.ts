import type { KubeFailure } from './kube.ts';
import type { Result } from '../base/result.ts';

/** What a Lease says; times in milliseconds since the epoch, as its holder's clock had them. */
export interface LeaseRecord {
  /** Empty when it was released. */
  readonly holder: string;
  readonly durationMs: number;
  readonly acquiredAt: number;
  readonly renewedAt: number;
  readonly transitions: number;
  /** Guards the next write: of two that try, one wins. */
  readonly version: string;
}

/** One `coordination.k8s.io/v1` Lease. Every call has a deadline of its own. */
export interface LeaseLock {
  /** `undefined`: there is none yet. */
  read(): Promise<Result<LeaseRecord | undefined, KubeFailure>>;
  /** Creates the Lease, or replaces the one of `version`; a `Conflict` when somebody was faster. */
  write(record: Omit<LeaseRecord, 'version'>, version: string | undefined): Promise<Result<LeaseRecord, KubeFailure>>;
}
