import type { ServerConfig } from '../../domain/publication/server-config.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Secret } from '../../base/secret.ts';

/** The publication of one instance, as other controllers see it. */
export interface InstancePublication {
  /** Key of the digests; absent if no ledger is known. */
  readonly salt?: Secret<string>;
  /** By `claimId`; claims that are not in the map have nothing published and no refusal. */
  readonly claims: ReadonlyMap<string, ClaimPublication>;
  /**
   * The configuration in the output Secret; absent until it has been read, or if it is not a config of this version.
   */
  readonly server?: ServerConfig;
  /** Digest of the Secret's data for which `server` was rendered. */
  readonly servedDigest?: string;
  /** Size of the file stores as an environment variable. */
  readonly fileStoresBytes?: number;
  /** Number of published records whose claims are gone. */
  readonly retained: number;
  /** Live claims that are bound and have no entry, after a recovery: the server is not restarted without them. */
  readonly unserved: readonly string[];
  /** The output Secret was read, so `claims` is known. */
  readonly isKnown?: boolean;
  /** There is no instance, no ledger and no output. */
  readonly isNothing?: boolean;
  /** Why the outputs cannot be updated, or why the ledger is unknown. */
  readonly problem?: Problem;
}

/** Of an instance that is gone, and left nothing. */
export const NOTHING_PUBLISHED: InstancePublication = {
  claims: new Map(),
  retained: 0,
  unserved: [],
  isKnown: true,
  isNothing: true,
};
