import type { Secret } from '../../base/secret.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { fileStoreEntry } from './file-store-address.ts';
import { needsEntry, splitFileStores, type DeploymentCloud } from './file-stores.ts';
import type { FormerLedger, FormerRecord } from './former-ledger.ts';
import { instanceSecretKeys } from './instance-keys.ts';
import {
  compare,
  placeOf,
  rowAddress,
  slotAddress,
  type ClaimRecord,
  type FileStoresFormat,
  type Ledger,
  type Row,
} from './ledger.ts';
import type { OutputData } from './outputs.ts';
import { fileStoresIn, readWritten } from './written-format.ts';

/**
 * Converts a ledger of format 1 or 2 to the present format. The content of the output Secret wins, so that no byte of
 * the outputs changes: if two claims had one bucket with two credentials, the published one has the row, and the other
 * keeps its digest, so that the conflict is reported.
 *
 * `secret`: the data of the output Secret; `undefined` if there is none yet. `now`: milliseconds since the epoch. The
 * salt stays, so a ledger from before a rollback to a former version may have this salt, too, and must not be taken for a
 * later one: the revision begins at the time in seconds, since a ledger is not written every second.
 */
export function migrateLedger(
  former: FormerLedger,
  secret: OutputData | undefined,
  spec: { readonly cloud: DeploymentCloud; readonly format: FileStoresFormat },
  now: number,
): Ledger {
  const { salt } = former;
  const written = readWritten(secret ?? {}, spec.format);
  const standing = new Set(splitFileStores(fileStoresIn(secret ?? {}, spec.format)));
  const records = former.records.toSorted((left, right) => compare(orderOf(left), orderOf(right)));
  const isNeeded = ({ storage }: FormerRecord): boolean => needsEntry(storage, storage.credentials.kind, spec.cloud);
  const isListed = (record: FormerRecord): boolean => {
    if (record.claim.kind !== 'TeamStorage') return false;
    // A key was proven and has its row, even if the Secret was edited since.
    if (secret === undefined || record.credential !== undefined) return isNeeded(record);
    const served = records.filter(
      (other) => bucketId(other.storage) === bucketId(record.storage) && standing.has(entryOf(other)),
    );
    // Next to a published key, an identity may be the cloud's own, which needs no entry.
    const isOwn = served.some(({ storage }) => storage.credentials.kind === record.storage.credentials.kind);
    return isOwn || (served.length > 0 && isNeeded(record));
  };
  const groups = Map.groupBy(records.filter(isListed), ({ storage }) => bucketId(storage));
  const rows = [...groups.values()].flatMap((group): Row[] => {
    const [first] = group.toSorted((left, right) => compare(preference(left, standing), preference(right, standing)));
    return first === undefined ? [] : [rowFrom(first, rowAddress(first.storage), salt)];
  });
  const slot = slotOf(records, secret, salt);
  return {
    salt,
    revision: Math.floor(now / 1000),
    written,
    rows,
    ...(slot !== undefined && { slot: rowFrom(slot, slotAddress(slot.storage), salt) }),
    claims: distinct(records).map((record, index) => recordFrom(record, { hasRow: isListed(record), index, salt })),
  };
}

function entryOf({ storage, credential }: FormerRecord): string {
  return fileStoreEntry(storage, credential);
}

/**
 * The published record first; then by the rules of those formats: live before retained, the newer proof, the canonical
 * order.
 */
function preference(record: FormerRecord, standing: ReadonlySet<string>): string {
  const age = String(1e15 - Date.parse(record.provenAt)).padStart(16, '0');
  return [standing.has(entryOf(record)) ? 'a' : 'b', record.retained ? 'b' : 'a', age, orderOf(record)].join('|');
}

/** The candidate for the instance bucket whose rendering equals the published one. */
function slotOf(
  records: readonly FormerRecord[],
  secret: OutputData | undefined,
  salt: Secret<string>,
): FormerRecord | undefined {
  const candidates = records.filter(({ claim }) => claim.kind === 'InstanceStorage');
  const standing = candidates.find((record) =>
    Object.entries(instanceSecretKeys(rowFrom(record, slotAddress(record.storage), salt))).every(
      ([key, value]) => secret?.[key] === value,
    ),
  );
  return standing ?? candidates.find(({ retained }) => !retained) ?? candidates[0];
}

/** Those formats distinguished claims by UID: of one name at one place, the live one is kept, or else the last. */
function distinct(records: readonly FormerRecord[]): readonly FormerRecord[] {
  const byId = new Map<string, FormerRecord>();
  for (const record of records) {
    const id = `${record.claim.kind}/${record.claim.name}|${placeOf(record.storage)}`;
    const known = byId.get(id);
    if (known === undefined || known.retained || !record.retained) byId.set(id, record);
  }
  return [...byId.values()];
}

function rowFrom(record: FormerRecord, address: Row['address'], salt: Secret<string>): Row {
  const { credential, provenAt, rotatedAt } = record;
  return {
    address,
    ...(credential !== undefined && { credential }),
    digest: digestOf(record, salt),
    source: record.storage.credentials,
    provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
  };
}

/**
 * Computed from the key and not taken from the ledger: after an edit by hand the two differ, and the next proof must not
 * count the edited key as proven. An identity is not published, so it has no digest.
 */
function digestOf({ credential }: FormerRecord, salt: Secret<string>): string {
  return credential === undefined ? '' : credentialDigest(salt, credential);
}

function recordFrom(
  record: FormerRecord,
  { hasRow, index, salt }: { readonly hasRow: boolean; readonly index: number; readonly salt: Secret<string> },
): ClaimRecord {
  const { claim, storage, provenAt, deletionPolicy, retained } = record;
  const { kind, name, uid, team } = claim;
  return {
    kind,
    name,
    ...(team !== undefined && { team }),
    uid,
    address: kind === 'InstanceStorage' ? slotAddress(storage) : { ...rowAddress(storage), path: storage.path },
    mode: storage.credentials.kind,
    hasRow,
    digest: digestOf(record, salt),
    boundRevision: index,
    boundAt: provenAt,
    provenAt,
    policy: deletionPolicy,
    ...(retained && { markedRetained: true as const }),
  };
}

/** By the first proof, so that precedence among bound claims is by age. */
function orderOf(record: FormerRecord): string {
  const { claim, storage, provenAt } = record;
  return [provenAt, placeOf(storage), claim.kind, claim.name, claim.uid].join('|');
}
