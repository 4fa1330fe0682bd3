import { bucketId, displayBucket } from '../bucket/bucket-id.ts';
import { credentialConflict } from './credential-conflict.ts';
import { defined } from '../../base/defined.ts';
import type { Problem } from '../conditions/problem.ts';
import { bareAddress } from './file-store-address.ts';
import { sizeProblem } from './file-stores-full.ts';
import { entryOf, type DeploymentCloud } from './file-stores.ts';
import { takesEntry } from './takes-entry.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import {
  claimId,
  isSame,
  placeOf,
  recordId,
  rowAddress,
  slotAddress,
  type ClaimKind,
  type ClaimRecord,
  type DeletionPolicy,
  type Row,
} from './ledger.ts';
import type { Proof } from './proof.ts';
import { newRow, renewed, withSourceOf } from './proven-row.ts';

/** A claim with a proof that counts. */
export interface ProvenClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly uid: string;
  readonly team?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly filesLeftIn?: string;
  readonly proof: Proof;
}

export interface PlacementContext {
  readonly instance: string;
  readonly cloud: DeploymentCloud;
  /** The instance is absent, suspended, or cannot be read, so `cloud` may be wrong: earlier decisions are kept. */
  readonly isFrozen: boolean;
  readonly revision: number;
  /** RFC 3339. */
  readonly now: string;
  /** For tests; the kernel's limit otherwise. */
  readonly maxBytes?: number;
  /** Why new claims cannot be added. */
  readonly closedFor?: Problem;
  /** Whether a live object that is not suspended holds the record. */
  readonly isActive: (record: ClaimRecord) => boolean;
  /** Whether the record's claim is gone, and the record stays. */
  readonly isRetained: (record: ClaimRecord) => boolean;
  /** Whether a live object holds the record. */
  readonly isHeld: (record: ClaimRecord) => boolean;
  /** Results of `missingOn` in this run, by bucket: computed once for many claims on one bucket. */
  readonly missing: Map<string, readonly string[]>;
  readonly holders: Map<string, ClaimRecord>;
  /**
   * Whether another active claim was published on the bucket, has no record now and has not proven the same credential.
   */
  readonly isAwaited: (claim: ProvenClaim) => boolean;
  /** The current proof of the claim that holds the record. */
  readonly proofOf: (record: ClaimRecord) => Proof | undefined;
}

/** The result of placing a proof. Absent fields: it was placed. */
export interface Placement {
  readonly refusal?: Problem;
  /** Claims on the bucket that must prove the same before the row may take it. */
  readonly waitsFor?: readonly string[];
  /** Digest of the proof that was not placed. */
  readonly unplaced?: string;
}

export const PLACED: Placement = {};

export function isPlaced({ refusal, waitsFor }: Placement): boolean {
  return refusal === undefined && waitsFor === undefined;
}

/** Places a proof in the draft, by the transition table of `docs/explanation/publishing.md`. */
export function placeProof(draft: LedgerDraft, claim: ProvenClaim, context: PlacementContext): Placement {
  const before = draft.record(idOf(claim));
  if (before === undefined && context.closedFor !== undefined) return { refusal: context.closedFor };
  const { storage } = claim.proof;
  if (claim.kind === 'InstanceStorage') return placeSlot(draft, claim, context);
  if (!takesEntry(storage, before, context)) {
    putRecord(draft, claim, { ...context, hasRow: false });
    return {};
  }
  return placeRow(draft, claim, { ...context, before });
}

function placeSlot(draft: LedgerDraft, claim: ProvenClaim, context: PlacementContext): Placement {
  const address = slotAddress(claim.proof.storage);
  const { slot } = draft;
  draft.slot =
    slot === undefined || placeOf(slot.address) !== placeOf(address)
      ? newRow(address, claim.proof)
      : renewed(slot, address, claim.proof);
  putRecord(draft, claim, { ...context, hasRow: false });
  return {};
}

function placeRow(
  draft: LedgerDraft,
  claim: ProvenClaim,
  context: PlacementContext & { readonly before: ClaimRecord | undefined },
): Placement {
  const { proof } = claim;
  const bucket = bucketId(proof.storage);
  const row = draft.row(bucket);
  const address = rowAddress(proof.storage);
  if (row !== undefined && !mayTake(row, proof, context.before)) {
    const refused = differing(draft, claim, { ...context, row });
    if (refused !== undefined) return refused;
  }
  const next = row === undefined ? newRow(address, proof) : renewed(row, address, proof);
  const bytesBefore = draft.bytes(draft.written.separator);
  draft.setRow(
    bucket,
    row !== undefined && isSourceInUse(draft, claim, { row, next, context }) ? withSourceOf(row, next) : next,
  );
  const isNew = context.before?.hasRow !== true;
  const refusal = sizeProblem(draft, proof, { isNew, maxBytes: context.maxBytes, bytesBefore });
  if (refusal !== undefined) {
    draft.setRow(bucket, row);
    return { refusal };
  }
  if (row !== undefined && entryOf(row) !== entryOf(next)) keepProven(draft, row);
  putRecord(draft, claim, { ...context, hasRow: true });
  return {};
}

/** Whose proof is not known since a recovery had what stood until now: the new key was not proven for it. */
function keepProven(draft: LedgerDraft, { address, digest }: Row): void {
  for (const record of draft.recordsOn(bucketId(address))) {
    if (record.hasRow && record.digest === undefined) draft.put({ ...record, digest });
  }
}

/**
 * Whether the row may take the proof of any claim: it has the same content, or is a rotation of the row's own source. A
 * credential that the claim has proven before is not a rotation: another claim has read a newer one from the source.
 */
function mayTake(row: Row, proof: Proof, before: ClaimRecord | undefined): boolean {
  if (bareAddress(row.address) !== bareAddress(proof.storage)) return false;
  if (row.digest === proof.digest) return true;
  if (before?.digest === proof.digest) return false;
  return row.source !== undefined && isSame(row.source, proof.storage.credentials);
}

/** Why a row with other content may not take the proof; `undefined` if it may. */
function differing(
  draft: LedgerDraft,
  claim: ProvenClaim,
  context: PlacementContext & { readonly before: ClaimRecord | undefined; readonly row: Row },
): Placement | undefined {
  const { proof } = claim;
  const bucket = bucketId(proof.storage);
  if (context.before?.hasRow === true) {
    const missing = missingOn(draft, bucket, proof, context);
    return missing.length === 0 ? undefined : { waitsFor: missing };
  }
  if (isUnclaimed(draft, claim, context)) return undefined;
  const isLeftHere = draft.recordsAt(placeOf(proof.storage)).some(({ hasRow, name }) => hasRow && name !== '');
  const holder = holderOf(draft, bucket, context);
  if (isLeftHere && (holder === undefined || !context.isHeld(holder))) return undefined;
  const name = holder === undefined || holder.name === '' ? 'another claim' : `${holder.kind} ${holder.name}`;
  return { refusal: credentialConflict(displayBucket({ ...proof.storage, path: '' }), name, context.instance) };
}

/**
 * Whether the row was recovered without a known claim. It is unknown whether its key still works, so it must not refuse
 * a key that was rotated meanwhile. A claim that was published on the bucket comes before any other.
 */
function isUnclaimed(
  draft: LedgerDraft,
  claim: ProvenClaim,
  context: PlacementContext & { readonly row: Row },
): boolean {
  const members = draft.recordsOn(bucketId(claim.proof.storage)).filter(({ hasRow }) => hasRow);
  return (
    members.length > 0 &&
    members.every(({ name }) => name === '') &&
    bareAddress(context.row.address) === bareAddress(claim.proof.storage) &&
    !context.isAwaited(claim)
  );
}

/** Names of the active claims on a bucket that have not proven the same; computed once in a run for each proof. */
function missingOn(draft: LedgerDraft, bucket: string, proof: Proof, context: PlacementContext): readonly string[] {
  const key = `${bucket}|${bareAddress(proof.storage)}|${proof.digest}`;
  const known = context.missing.get(key);
  if (known !== undefined) return known;
  const missing = draft
    .recordsOn(bucket)
    .filter((record) => record.hasRow && context.isActive(record))
    .filter((record) => !provesTheSame(context.proofOf(record), proof))
    .map(({ name }) => name)
    .sort();
  context.missing.set(key, missing);
  return missing;
}

/** The claim that owns the row of a bucket: of the held records, or else of all, the one that was bound first. */
function holderOf(draft: LedgerDraft, bucket: string, context: PlacementContext): ClaimRecord | undefined {
  const known = context.holders.get(bucket);
  if (known !== undefined) return known;
  const records = draft.recordsOn(bucket).filter(({ hasRow }) => hasRow);
  const held = records.filter((record) => context.isHeld(record));
  const [holder] = (held.length === 0 ? records : held).toSorted(
    (left, right) => left.boundRevision - right.boundRevision,
  );
  // A record that is not held may be replaced by a newcomer of this run, so it is not cached.
  if (holder !== undefined && held.length > 0) context.holders.set(bucket, holder);
  return holder;
}

export function provesTheSame(other: Proof | undefined, proof: Proof): boolean {
  return (
    other !== undefined && other.digest === proof.digest && bareAddress(other.storage) === bareAddress(proof.storage)
  );
}

/**
 * Whether another claim proves with the row's own source: two Secrets with the same key must not replace each other as
 * the source in turn.
 */
function isSourceInUse(
  draft: LedgerDraft,
  claim: ProvenClaim,
  { row, next, context }: { readonly row: Row; readonly next: Row; readonly context: PlacementContext },
): boolean {
  if (row.digest !== next.digest || row.source === undefined || isSame(row.source, next.source)) return false;
  return draft.hasRecordOn(
    bucketId(row.address),
    (record) => record.hasRow && claimId(record) !== claimId(claim) && mayProveWith(record, row.source, context),
  );
}

/** A claim whose proof is not in memory, such as after a restart, may be the one that uses the source. */
function mayProveWith(record: ClaimRecord, source: Row['source'], context: PlacementContext): boolean {
  const proof = context.proofOf(record);
  return proof === undefined ? context.isHeld(record) : isSame(proof.storage.credentials, source);
}

/** Facts of the former record that no proof changes. */
function keptFacts(
  before: ClaimRecord | undefined,
  claim: ProvenClaim,
): Pick<ClaimRecord, 'filesLeftIn' | 'keptForGood'> {
  const { filesLeftIn = claim.filesLeftIn, uid, keptForGood } = before ?? {};
  return defined({ filesLeftIn, keptForGood: uid === claim.uid ? keptForGood : undefined });
}

function putRecord(
  draft: LedgerDraft,
  claim: ProvenClaim,
  context: PlacementContext & { readonly hasRow: boolean },
): void {
  const { proof, kind, name, uid, team, deletionPolicy } = claim;
  const id = idOf(claim);
  const before = draft.record(id);
  const address = addressOf(claim, before);
  const isAsBefore = before?.digest === proof.digest && before.address === address;
  const { boundRevision = context.revision, boundAt = context.now } = before ?? {};
  draft.put({
    kind,
    name,
    ...defined({ team }),
    uid,
    address,
    mode: proof.storage.credentials.kind,
    hasRow: context.hasRow,
    digest: proof.digest,
    boundRevision,
    boundAt,
    // After a recovery the former digest is unknown; its proof does not count as a new credential.
    provenAt: before !== undefined && (isAsBefore || before.digest === undefined) ? before.provenAt : proof.provenAt,
    policy: deletionPolicy,
    ...keptFacts(before, claim),
  });
  if (before === undefined) absorb(draft, claim, context);
}

/** As proven; the former one if it is the same. */
function addressOf({ kind, proof }: ProvenClaim, before: ClaimRecord | undefined): ClaimRecord['address'] {
  const proven = kind === 'InstanceStorage' ? slotAddress(proof.storage) : recordAddress(proof.storage);
  return before !== undefined && isSame(before.address, proven) ? before.address : proven;
}

/** A team's record keeps its sub-path and leaves out the KMS key, which is in no output of a team. */
function recordAddress(storage: Proof['storage']): ClaimRecord['address'] {
  return { ...rowAddress(storage), path: storage.path };
}

/** The newcomer takes over what a deleted claim left at exactly its place, if it retains it as well. */
function absorb(draft: LedgerDraft, claim: ProvenClaim, context: PlacementContext): void {
  if (claim.deletionPolicy !== 'Retain') return;
  const { storage } = claim.proof;
  for (const record of draft.recordsAt(placeOf(storage))) {
    const isLeft = record.kind === claim.kind && claimId(record) !== claimId(claim) && context.isRetained(record);
    if (isLeft) draft.remove(record);
  }
}

function idOf(claim: ProvenClaim): string {
  return recordId({ kind: claim.kind, name: claim.name, address: claim.proof.storage });
}
