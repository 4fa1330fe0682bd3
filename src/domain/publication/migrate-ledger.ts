import type { Secret } from '../../base/secret.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { fileStoreEntry } from './file-store-address.ts';
import { needsEntry, splitFileStores, type DeploymentCloud } from './file-stores.ts';
import type { FormerLedger, FormerStore } from './former-ledger.ts';
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
 * `secret`: the data of the output Secret; `undefined` if there is none yet.
 */
export function migrateLedger(
  former: FormerLedger,
  secret: OutputData | undefined,
  spec: { readonly cloud: DeploymentCloud; readonly format: FileStoresFormat },
): Ledger {
  const { salt } = former;
  const written = readWritten(secret ?? {}, spec.format);
  const standing = new Set(splitFileStores(fileStoresIn(secret ?? {}, spec.format)));
  const stores = former.stores.toSorted((left, right) => compare(orderOf(left), orderOf(right)));
  const isNeeded = ({ storage }: FormerStore): boolean => needsEntry(storage, storage.credentials.kind, spec.cloud);
  const isListed = (store: FormerStore): boolean => {
    if (store.claim.kind !== 'TeamStorage') return false;
    // A key was proven and has its row, even if the Secret was edited since.
    if (secret === undefined || store.credential !== undefined) return isNeeded(store);
    const served = stores.filter(
      (other) => bucketId(other.storage) === bucketId(store.storage) && standing.has(entryOf(other)),
    );
    // Next to a published key, an identity may be the cloud's own, which needs no entry.
    const isOwn = served.some(({ storage }) => storage.credentials.kind === store.storage.credentials.kind);
    return isOwn || (served.length > 0 && isNeeded(store));
  };
  const groups = Map.groupBy(stores.filter(isListed), ({ storage }) => bucketId(storage));
  const rows = [...groups.values()].flatMap((group): Row[] => {
    const [first] = group.toSorted((left, right) => compare(preference(left, standing), preference(right, standing)));
    return first === undefined ? [] : [rowFrom(first, rowAddress(first.storage), salt)];
  });
  const slot = slotOf(stores, secret, salt);
  return {
    salt,
    revision: 0,
    written,
    rows,
    ...(slot !== undefined && { slot: rowFrom(slot, slotAddress(slot.storage), salt) }),
    claims: distinct(stores).map((store, index) => recordFrom(store, { hasRow: isListed(store), index, salt })),
  };
}

function entryOf({ storage, credential }: FormerStore): string {
  return fileStoreEntry(storage, credential);
}

/**
 * The published store first; then by the rules of those formats: live before retained, the newer proof, the canonical
 * order.
 */
function preference(store: FormerStore, standing: ReadonlySet<string>): string {
  const age = String(1e15 - Date.parse(store.provenAt)).padStart(16, '0');
  return [standing.has(entryOf(store)) ? 'a' : 'b', store.retained ? 'b' : 'a', age, orderOf(store)].join('|');
}

/** The candidate for the instance bucket whose rendering equals the published one. */
function slotOf(
  stores: readonly FormerStore[],
  secret: OutputData | undefined,
  salt: Secret<string>,
): FormerStore | undefined {
  const candidates = stores.filter(({ claim }) => claim.kind === 'InstanceStorage');
  const standing = candidates.find((store) =>
    Object.entries(instanceSecretKeys(rowFrom(store, slotAddress(store.storage), salt))).every(
      ([key, value]) => secret?.[key] === value,
    ),
  );
  return standing ?? candidates.find(({ retained }) => !retained) ?? candidates[0];
}

/** Those formats distinguished claims by UID: of one name at one place, the live one is kept, or else the last. */
function distinct(stores: readonly FormerStore[]): readonly FormerStore[] {
  const byId = new Map<string, FormerStore>();
  for (const store of stores) {
    const id = `${store.claim.kind}/${store.claim.name}|${placeOf(store.storage)}`;
    const known = byId.get(id);
    if (known === undefined || known.retained || !store.retained) byId.set(id, store);
  }
  return [...byId.values()];
}

function rowFrom(store: FormerStore, address: Row['address'], salt: Secret<string>): Row {
  const { credential, provenAt, rotatedAt } = store;
  return {
    address,
    ...(credential !== undefined && { credential }),
    digest: digestOf(store, salt),
    source: store.storage.credentials,
    provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
  };
}

/**
 * Computed from the key and not taken from the ledger: after an edit by hand the two differ, and the next proof must not
 * count the edited key as proven. An identity is not published, so it has no digest.
 */
function digestOf({ credential }: FormerStore, salt: Secret<string>): string {
  return credential === undefined ? '' : credentialDigest(salt, credential);
}

function recordFrom(
  store: FormerStore,
  { hasRow, index, salt }: { readonly hasRow: boolean; readonly index: number; readonly salt: Secret<string> },
): ClaimRecord {
  const { claim, storage, provenAt, deletionPolicy, retained } = store;
  const { kind, name, uid, team } = claim;
  return {
    kind,
    name,
    ...(team !== undefined && { team }),
    uid,
    address: kind === 'InstanceStorage' ? slotAddress(storage) : { ...rowAddress(storage), path: storage.path },
    mode: storage.credentials.kind,
    hasRow,
    digest: digestOf(store, salt),
    boundRevision: index,
    boundAt: provenAt,
    provenAt,
    policy: deletionPolicy,
    ...(retained && { markedRetained: true as const }),
  };
}

/** By the first proof, so that precedence among bound claims is by age. */
function orderOf(store: FormerStore): string {
  const { claim, storage, provenAt } = store;
  return [provenAt, placeOf(storage), claim.kind, claim.name, claim.uid].join('|');
}
