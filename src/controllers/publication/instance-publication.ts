import type { ServerConfig } from '../../domain/publication/server-config.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Secret } from '../../base/secret.ts';

/** What the publisher tells the other controllers about one instance. */
export interface InstancePublication {
  /** Key of the digests; absent while no ledger is known. */
  readonly salt?: Secret<string>;
  /** By `claimId`; those without an entry have nothing published and no refusal. */
  readonly claims: ReadonlyMap<string, ClaimPublication>;
  /** What the output Secret tells the server; absent while nobody has read it, or it holds what nobody knows. */
  readonly server?: ServerConfig;
  /** Digest of the Secret's data that `server` was rendered with. */
  readonly servedDigest?: string;
  /** Size of the file stores in an environment variable. */
  readonly fileStoresBytes?: number;
  /** Published records whose claims are gone. */
  readonly retained: number;
  /** Live claims that are bound and served by nothing, after a recovery: the server is not restarted without them. */
  readonly unserved: readonly string[];
  /** The output Secret was read: what `claims` says of it is known. */
  readonly isKnown?: boolean;
  /** There is no instance, no ledger and no output. */
  readonly isNothing?: boolean;
  /** What keeps the outputs from being brought up to date, or the ledger from being known. */
  readonly problem?: Problem;
}
