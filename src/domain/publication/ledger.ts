import { bucketId } from '../bucket/bucket-id.ts';
import { onceFor } from '../../base/once-for.ts';
import { Secret } from '../../base/secret.ts';
import type { CredentialsRef } from '../credentials/refs.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketAddress, Endpoint } from '../bucket/storage.ts';

export type ClaimKind = 'InstanceStorage' | 'TeamStorage';

export type DeletionPolicy = 'Retain' | 'Remove';

/** How the file stores are passed to the server (`spec.fileStores`). */
export interface FileStoresFormat {
  readonly separator: string;
  readonly variables: readonly string[];
}

/** The entry of one bucket in the outputs: one address and one credential, shared by all claims that use it. */
export interface Row {
  /** Of a file store without sub-path and KMS key; of the instance bucket with both. */
  readonly address: BucketAddress;
  /** Absent where W&B signs in by its own ambient identity. */
  readonly credential?: Credential;
  /** Keyed digest of the credential; empty where there is none. */
  readonly digest: string;
  /** Where the credential was read from; absent: unknown, after a recovery. */
  readonly source?: CredentialsRef;
  /** When this address with this credential was first proven, RFC 3339. */
  readonly provenAt: string;
  /** When a credential last replaced another one, RFC 3339. */
  readonly rotatedAt?: string;
}

/** A claim was published at a place. A claim has two records while it moves. */
export interface ClaimRecord {
  readonly kind: ClaimKind;
  /** Empty: a recovered entry whose claim is unknown. */
  readonly name: string;
  readonly team?: string;
  /** The incarnation that held it last; absent: unknown, after a recovery. */
  readonly uid?: string;
  /** As it was last proven for this claim, with the sub-path. */
  readonly address: BucketAddress;
  readonly mode: CredentialsRef['kind'];
  /** Whether W&B needs an entry among the file stores for it; never for the instance bucket, which has the slot. */
  readonly hasRow: boolean;
  /** Digest of the row that was proven for this claim; absent: unknown, after a recovery. */
  readonly digest?: string;
  /** Revision of the ledger at which it was bound. It determines precedence independent of clocks. */
  readonly boundRevision: number;
  /** RFC 3339, for display. */
  readonly boundAt: string;
  /** When its present address and digest were first proven, RFC 3339. */
  readonly provenAt: string;
  /** `deletionPolicy` as it was last seen; absent: unknown, after a recovery, and counts as `Retain`. */
  readonly policy?: DeletionPolicy;
  /** InstanceStorage whose bucket holds files of the team from before it had its own. This cannot be observed again. */
  readonly filesLeftIn?: string;
  /**
   * Set by a version that wrote format 2, for records that its listing showed as retained; removed when the claim is
   * held again.
   */
  readonly markedRetained?: true;
  /**
   * The kind was no longer served, so nobody deleted this incarnation (`uid`). A cache that still shows it is behind, and
   * its policy does not count any more.
   */
  readonly keptForGood?: true;
}

/**
 * The publisher's only memory: a private Secret beside the outputs. It stores facts and no states, and the outputs are
 * a pure function of it, so the last good value survives a restart, a failover, an invalid new key and a restore.
 */
export interface Ledger {
  /** Key of the digests, so that short credentials cannot be guessed from them. */
  readonly salt: Secret<string>;
  /** Increased by one at each write. Begins at 0, and in a ledger of a former format at its migration's time in seconds. */
  readonly revision: number;
  /** How the file stores in the outputs are written. */
  readonly written: FileStoresFormat;
  /** At most one for each bucket (`bucketId`). */
  readonly rows: readonly Row[];
  /** The instance bucket. */
  readonly slot?: Row;
  readonly claims: readonly ClaimRecord[];
  /**
   * Hash that the server knows for data, in place of the hash with this ledger's salt: after a recovery without the old
   * salt. It avoids a restart.
   */
  readonly knownHash?: { readonly digest: string; readonly hash: string };
  /**
   * The ledger was recovered from outputs that had been edited, so it may be incomplete: they are not overwritten
   * before a claim is proven.
   */
  readonly awaitsProof?: true;
}

/** A new ledger with a salt of at least 16 random bytes in hex. */
export function emptyLedger(salt: string, written: FileStoresFormat): Ledger {
  return { salt: new Secret(salt), revision: 0, written, rows: [], claims: [] };
}

/** Identifies a claim within its namespace, by kind and name. A UID identifies one incarnation of it. */
export function claimId({ kind, name }: Pick<ClaimRecord, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** Identifies a record within its ledger. */
export function recordId({ kind, name, address }: Pick<ClaimRecord, 'kind' | 'name' | 'address'>): string {
  const known = ids.get(address);
  if (known?.kind === kind && known.name === name) return known.id;
  const id = `${claimId({ kind, name })}|${placeOf(address)}`;
  ids.set(address, { kind, name, id });
  return id;
}

/** The id that was computed last for each address: few addresses belong to more than one claim. */
const ids = new WeakMap<BucketAddress, { readonly kind: ClaimKind; readonly name: string; readonly id: string }>();

/** Bucket and sub-path: equal exactly if it is the same place. */
export const placeOf = onceFor((address: BucketAddress): string => `${bucketId(address)}|${address.path}`);

/** The row that serves a record. */
export function rowOf(ledger: Ledger, record: ClaimRecord): Row | undefined {
  if (record.kind === 'InstanceStorage') {
    const { slot } = ledger;
    return slot !== undefined && placeOf(slot.address) === placeOf(record.address) ? slot : undefined;
  }
  return record.hasRow ? indexOf(ledger).rows.get(bucketId(record.address)) : undefined;
}

/** The records of a claim in a ledger. */
export function recordsOf(ledger: Ledger, claim: Pick<ClaimRecord, 'kind' | 'name'>): readonly ClaimRecord[] {
  return recordsOfId(ledger, claimId(claim));
}

/** The same by `claimId`, for runs over thousands of claims. */
export function recordsOfId(ledger: Ledger, id: string): readonly ClaimRecord[] {
  return indexOf(ledger).claims.get(id) ?? NO_RECORDS;
}

const NO_RECORDS: readonly ClaimRecord[] = [];

/** The records of each claim in a ledger, by `claimId`. */
export function recordsByClaim(ledger: Ledger): ReadonlyMap<string, readonly ClaimRecord[]> {
  return indexOf(ledger).claims;
}

interface LedgerIndex {
  readonly rows: ReadonlyMap<string, Row>;
  readonly claims: ReadonlyMap<string, readonly ClaimRecord[]>;
}

const indexOf = onceFor(({ rows, claims }: Ledger): LedgerIndex => ({
  rows: new Map(rows.map((row) => [bucketId(row.address), row] as const)),
  claims: Map.groupBy(claims, claimId),
}));

/** An address in the form of rows: of the whole bucket. */
export function rowAddress(storage: BucketAddress): BucketAddress {
  const address = { ...slotAddress(storage), path: '' };
  delete (address as { kmsKeyArn?: string }).kmsKeyArn;
  delete (address as { kmsKeyId?: string }).kmsKeyId;
  return address;
}

/** An address in the form of the slot and of records: without sign-in. */
export function slotAddress(storage: BucketAddress): BucketAddress {
  const { name, path } = storage;
  switch (storage.provider) {
    case 'S3':
      return {
        provider: storage.provider,
        name,
        path,
        region: storage.region,
        ...(storage.endpoint !== undefined && { endpoint: endpointIn(storage.endpoint) }),
        ...(storage.kmsKeyArn !== undefined && { kmsKeyArn: storage.kmsKeyArn }),
      };
    case 'S3Compatible':
      return {
        provider: storage.provider,
        name,
        path,
        endpoint: endpointIn(storage.endpoint),
        region: storage.region,
        addressing: storage.addressing,
        ...(storage.kmsKeyId !== undefined && { kmsKeyId: storage.kmsKeyId }),
      };
    case 'CoreWeave':
      return {
        provider: storage.provider,
        name,
        path,
        ...(storage.region !== undefined && { region: storage.region }),
      };
    case 'AzureBlob':
      return { provider: storage.provider, name, path, storageAccount: storage.storageAccount };
    case 'GCS':
      return { provider: storage.provider, name, path };
  }
}

function endpointIn({ scheme, host, port }: Endpoint): Endpoint {
  return { scheme, host, port };
}

/** Compares by serialization. The order of fields is the same, because addresses are constructed in one place. */
export function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/** Code-unit order, the same on every machine (unlike `localeCompare`). */
export function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Rows in canonical order. */
export function rowsInOrder(rows: readonly Row[]): readonly Row[] {
  return inOrderOf(rows, ({ address }) => bucketId(address));
}

/** Records in canonical order: by bucket, then by claim. */
export const claimsInOrder = onceFor((claims: readonly ClaimRecord[]): readonly ClaimRecord[] =>
  inOrderOf(claims, ({ address, kind, name, uid = '' }) =>
    [bucketId(address), address.path, kind, name, uid].join('\n'),
  ),
);

/** Sort keys are computed once, because they are most of the work. */
function inOrderOf<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((left, right) => compare(left.key, right.key))
    .map(({ item }) => item);
}
