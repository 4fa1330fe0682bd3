import { bucketId } from '../bucket/bucket-id.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { defined } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import type { CredentialsRef } from '../credentials/refs.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import { bareAddress, COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import { entryOf, splitFileStores } from './file-stores.ts';
import { instanceSecretKeys } from './instance-keys.ts';
import { knownHash } from './known-hash.ts';
import {
  claimId,
  placeOf,
  recordId,
  rowAddress,
  slotAddress,
  type ClaimKind,
  type ClaimRecord,
  type FileStoresFormat,
  type Ledger,
  type Row,
} from './ledger.ts';
import { readListing, type ListedClaim } from './read-listing.ts';
import { digestOfData, LISTING_KEY, renderOutputs, type OutputData } from './outputs.ts';
import { isRegionOfAws, parseFileStore } from './parse-file-store.ts';
import { isSealedBy, type Seal } from './seal.ts';
import { fileStoresIn, readWritten } from './written-format.ts';

export interface StandingOutputs {
  /** `undefined`: there is no output Secret of the operator. */
  readonly secret: OutputData | undefined;
  readonly seal: Seal | undefined;
  /** `undefined`: there is no output ConfigMap of the operator. */
  readonly configMap: OutputData | undefined;
}

export interface RecoveryContext {
  readonly instance: string;
  readonly format: FileStoresFormat;
  /** For outputs without a seal. */
  readonly newSalt: string;
  /** RFC 3339. */
  readonly now: string;
  /** `status.config.hash` of the instance. */
  readonly hash?: string;
  /** An older or partly readable ledger. Only credential sources and retained claims are taken from it. */
  readonly older?: Ledger;
}

/** A ledger that was recovered from the outputs. */
export interface RecoveredLedger {
  readonly ledger: Ledger;
  /** Claims (`claimId`) that are in the listing and have no entry: the server must not be restarted without them. */
  readonly unserved: ReadonlySet<string>;
}

/**
 * Recreates a lost ledger from the outputs, byte for byte, with nothing that they do not hold. An unknown policy counts
 * as `Retain`; a claim with an unknown digest is proven again. From outputs that were edited, only what the listing
 * confirms is taken over (`awaitsProof`).
 *
 * `undefined`: a part of the outputs cannot be read back, so they must not be overwritten.
 */
export function recoverLedger(outputs: StandingOutputs, context: RecoveryContext): RecoveredLedger | undefined {
  const { secret = {}, seal, configMap = {} } = outputs;
  const salt = new Secret(seal?.salt ?? context.newSalt);
  const isUntouched = seal === undefined || isSealedBy({ salt }, seal, secret);
  const base = ledgerFrom({ secret, seal, configMap }, { ...context, salt, isUntouched });
  if (base === undefined) return undefined;
  if (!isUntouched) return { ledger: { ...base, awaitsProof: true }, unserved: unservedBy(base) };
  const digest = digestOfData({ salt }, secret);
  // Outputs that are not reproduced byte for byte were not written by this version and must not be overwritten.
  if (digestOfData(base, renderOutputs(base, '').secret) !== digest) return undefined;
  const hash = knownHash({ secret, seal, configMap }, context);
  const ledger = hash === undefined || hash === digest ? base : { ...base, knownHash: { digest, hash } };
  return { ledger, unserved: unservedBy(ledger) };
}

/** The ledger that the outputs describe; `undefined`: one of the entries cannot be read. */
function ledgerFrom(
  {
    secret,
    seal,
    configMap,
  }: { readonly secret: OutputData; readonly seal: Seal | undefined; readonly configMap: OutputData },
  context: RecoveryContext & { readonly salt: Secret<string>; readonly isUntouched: boolean },
): Ledger | undefined {
  const { older, now, salt, isUntouched } = context;
  const listed = readListing(configMap[LISTING_KEY]);
  const rows = rowsFrom(fileStoresIn(secret, context.format), { salt, listed, isUntouched });
  if (rows === undefined) return undefined;
  const standing = slotFrom(secret, configMap, salt);
  const slot = isUntouched || isSlotConfirmed(standing, listed) ? standing : undefined;
  const found = rows.map((row) => dated(row, listed, now));
  return {
    salt,
    revision: Math.max(seal?.revision ?? 0, older?.revision ?? 0),
    written: readWritten(secret, context.format),
    rows: found.map((row) => withSource(row, older)),
    ...defined({ slot: slot === undefined ? undefined : withSource(dated(slot, listed, now), older) }),
    claims: recordsFrom(listed, found, slot, context).map((record) => withPolicy(record, older)),
  };
}

/**
 * The rows of the outputs; of edited outputs only those that the listing confirms. `undefined`: one of them cannot be
 * read.
 */
function rowsFrom(
  fileStores: string,
  context: { readonly salt: Secret<string>; readonly listed: readonly ListedClaim[]; readonly isUntouched: boolean },
): readonly Row[] | undefined {
  const { salt, listed, isUntouched } = context;
  const entries = splitFileStores(fileStores).map((entry) => ({ entry, row: rowFromEntry(entry, salt) }));
  const confirmed = entries.filter(
    ({ row, entry }) => isUntouched || (row !== undefined && isConfirmed(row, entry, listed)),
  );
  const rows = confirmed.map(({ row }) => row);
  if (!rows.every((row) => row !== undefined)) return undefined;
  const isByIdentity = confirmed.some(({ entry }) => entry === COREWEAVE_IDENTITY_ENTRY);
  return [...rows.filter((row) => row.address.name !== ''), ...(isByIdentity ? identityRowsOf(listed) : [])];
}

/** Claims of a ledger that are bound and have no entry. */
export function unservedBy(ledger: Ledger): ReadonlySet<string> {
  const buckets = new Set(ledger.rows.map((row) => bucketId(row.address)));
  const isServed = (record: ClaimRecord): boolean =>
    record.kind === 'InstanceStorage'
      ? ledger.slot !== undefined
      : !record.hasRow || buckets.has(bucketId(record.address));
  return new Set(ledger.claims.filter((record) => !isServed(record)).map(claimId));
}

function rowFromEntry(entry: string, salt: Secret<string>): Row | undefined {
  // This entry names no bucket, so the listing is used.
  if (entry === COREWEAVE_IDENTITY_ENTRY) {
    return { address: { provider: 'CoreWeave', name: '', path: '' }, digest: '', provenAt: '' };
  }
  const parsed = parseFileStore(entry);
  if (parsed === undefined || parsed.isRedacted) return undefined;
  const row = rowOf(rowAddress(parsed.address), parsed.credential, salt);
  return entryOf(row) === entry ? row : undefined;
}

function identityRowsOf(listed: readonly ListedClaim[]): readonly Row[] {
  const addresses = listed
    .filter(({ entry, address, mode }) => entry && address.provider === 'CoreWeave' && mode === 'Ambient')
    .map(({ address }) => rowAddress(address));
  return [...new Map(addresses.map((address) => [bucketId(address), address])).values()].map((address) => ({
    address,
    digest: '',
    source: { kind: 'Ambient' },
    provenAt: '',
  }));
}

function rowOf(address: BucketAddress, credential: Credential | undefined, salt: Secret<string>): Row {
  return {
    address,
    ...(credential === undefined ? { source: { kind: 'Ambient' } as const } : { credential }),
    digest: credential === undefined ? '' : credentialDigest(salt, credential),
    provenAt: '',
  };
}

function isConfirmed(row: Row, entry: string, listed: readonly ListedClaim[]): boolean {
  return (
    entry === COREWEAVE_IDENTITY_ENTRY ||
    listed.some((line) => line.entry && bareAddress(line.address) === bareAddress(row.address))
  );
}

function isSlotConfirmed(slot: Row | undefined, listed: readonly ListedClaim[]): boolean {
  return listed.some(
    ({ kind, address }) => slot !== undefined && kind === 'InstanceStorage' && isSameAddress(address, slot.address),
  );
}

/** Whether they are the same place at the same address, such as in the same region. */
function isSameAddress(left: BucketAddress, right: BucketAddress): boolean {
  return placeOf(left) === placeOf(right) && bareAddress(left) === bareAddress(right);
}

/** The instance bucket, from the address in `BUCKET` and the keys beside it. */
function slotFrom(secret: OutputData, configMap: OutputData, salt: Secret<string>): Row | undefined {
  const url = secret['BUCKET'];
  if (url === undefined) return undefined;
  const parsed = parseFileStore(url) ?? hostless(url, secret['Region']);
  if (parsed === undefined || parsed.isRedacted) return undefined;
  const key = configMap['AWS_S3_KMS_ID'];
  const { address } = parsed;
  const withKey: BucketAddress =
    key === undefined
      ? address
      : address.provider === 'S3'
        ? { ...address, kmsKeyArn: key }
        : address.provider === 'S3Compatible'
          ? { ...address, kmsKeyId: key }
          : address;
  const slot = rowOf(slotAddress(withKey), parsed.credential, salt);
  const isWhatStands = Object.entries(instanceSecretKeys(slot)).every(([name, value]) => secret[name] === value);
  return isWhatStands ? slot : undefined;
}

/** AWS by W&B's own identity names no host, and its region is in another key. */
function hostless(url: string, region: string | undefined): ReturnType<typeof parseFileStore> {
  const match = /^s3:\/\/([^/?@]+)(?:\/([^?]*))?$/.exec(url);
  const [, name, path = ''] = match ?? [];
  if (name === undefined || region === undefined || !isRegionOfAws(region)) return undefined;
  const place = decoded(`${name}/${path}`);
  if (place === undefined) return undefined;
  const [bucket = '', ...parts] = place;
  return { address: { provider: 'S3', name: bucket, path: parts.join('/'), region }, isRedacted: false };
}

/** The parts of a path; `undefined` for an edited one that is not percent-encoded. */
function decoded(path: string): readonly string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function dated(row: Row, listed: readonly ListedClaim[], now: string): Row {
  const line = listed.find(({ address }) => bareAddress(address) === bareAddress(row.address));
  return { ...row, provenAt: line?.provenAt ?? now };
}

function recordsFrom(
  listed: readonly ListedClaim[],
  rows: readonly Row[],
  slot: Row | undefined,
  context: { readonly instance: string; readonly now: string },
): readonly ClaimRecord[] {
  const records = listed.map((line, index) => recordFromLine(line, index, slot));
  const buckets = new Set(records.filter(({ hasRow }) => hasRow).map(({ address }) => bucketId(address)));
  // Entries of the Secret that no line of the listing names: they stay until a claim asks for them.
  const orphans = rows
    .filter((row) => !buckets.has(bucketId(row.address)))
    .map((row) => unclaimedRecord('TeamStorage', '', row, context.now));
  const isSlotListed =
    slot === undefined ||
    records.some((record) => record.kind === 'InstanceStorage' && placeOf(record.address) === placeOf(slot.address));
  const instance = isSlotListed ? [] : [unclaimedRecord('InstanceStorage', context.instance, slot, context.now)];
  return [...new Map([...records, ...orphans, ...instance].map((record) => [recordId(record), record])).values()];
}

function recordFromLine(line: ListedClaim, index: number, slot: Row | undefined): ClaimRecord {
  const { kind, name, team, address, mode, entry, provenAt, retained } = line;
  const isSlot = kind === 'InstanceStorage' && slot !== undefined && isSameAddress(slot.address, address);
  return {
    kind,
    name,
    ...(team !== undefined && { team }),
    address: isSlot ? slot.address : { ...rowAddress(address), path: address.path },
    mode,
    hasRow: entry,
    boundRevision: index,
    boundAt: provenAt,
    provenAt,
    ...(retained && { markedRetained: true as const }),
  };
}

function unclaimedRecord(kind: ClaimKind, name: string, row: Row, now: string): ClaimRecord {
  const mode: CredentialsRef['kind'] = row.credential?.kind ?? 'Ambient';
  const hasRow = kind === 'TeamStorage';
  return { kind, name, address: row.address, mode, hasRow, boundRevision: 0, boundAt: now, provenAt: now };
}

function withSource(row: Row, older: Ledger | undefined): Row {
  if (row.source !== undefined || older === undefined) return row;
  const known = [...older.rows, ...(older.slot === undefined ? [] : [older.slot])].find(
    (one) => bucketId(one.address) === bucketId(row.address),
  );
  return known?.source === undefined ? row : { ...row, source: known.source };
}

/** Never `Remove`: the policy may have changed since, and no entry leaves unless its claim was seen alive. */
function withPolicy(record: ClaimRecord, older: Ledger | undefined): ClaimRecord {
  const known = older?.claims.find((one) => recordId(one) === recordId(record));
  if (known === undefined) return record;
  const { policy, filesLeftIn } = known;
  return {
    ...record,
    ...(policy === 'Retain' && { policy }),
    ...(filesLeftIn !== undefined && { filesLeftIn }),
  };
}
