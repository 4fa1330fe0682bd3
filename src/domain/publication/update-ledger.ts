import { without } from '../../base/defined.ts';
import type { Problem } from '../conditions/problem.ts';
import { ensureAmbientRow } from './ambient-row.ts';
import { isAwaited } from './awaited-claims.ts';
import { asTakenOver, changed } from './changed-record.ts';
import { claimState, type ClaimState } from './claim-state.ts';
import { MAX_FILE_STORES_BYTES, needsEntry, type DeploymentCloud } from './file-stores.ts';
import { followed, rememberFollowed } from './followed-records.ts';
import { LedgerDraft } from './ledger-draft.ts';
import {
  claimId,
  isSame,
  placeOf,
  recordId,
  type ClaimRecord,
  type DeletionPolicy,
  type FileStoresFormat,
  type Ledger,
  type Row,
} from './ledger.ts';
import { formatDoesNotFit } from './file-stores-full.ts';
import { isPlaced, PLACED, placeProof, type Placement, type ProvenClaim } from './place-proof.ts';
import { isProven, keepForGood, namesakeOf, type LiveClaim } from './live-claim.ts';
import { isStillPlaced, rememberPlaced } from './placed-proofs.ts';
import type { Proof } from './proof.ts';
import type { RemovalEvidence } from './removal-evidence.ts';

/** `deletionPolicy` of deleted objects as it was last seen, by `claimId`. */
export type LastPolicies = ReadonlyMap<string, DeletionPolicy>;

export interface LedgerUpdate {
  readonly ledger: Ledger;
  /** The live claims that may have a record here. */
  readonly live: readonly LiveClaim[];
  readonly instance: {
    /** Name of the instance in its namespace. */
    readonly name: string;
    /** `Frozen`: absent, suspended, or its spec cannot be read. */
    readonly state: 'Live' | 'Frozen';
    readonly cloud: DeploymentCloud;
    readonly format: FileStoresFormat;
  };
  /** Whether a newcomer is admitted. Called for one after the other, in the order of precedence. */
  readonly admit: (claim: LiveClaim) => boolean;
  /** Called when a newcomer has its place: the next one that is asked about must see it. */
  readonly admitted: (claim: LiveClaim) => void;
  /** Whether the ledger of another instance holds the claim where it resolves now. */
  readonly isPublishedElsewhere: (claim: LiveClaim) => boolean;
  readonly evidence: RemovalEvidence;
  /** Of objects that were deleted, perhaps before their last edit was recorded. */
  readonly lastPolicies?: LastPolicies;
  /** RFC 3339. */
  readonly now: string;
  /** For tests; the kernel's limit otherwise. */
  readonly maxBytes?: number;
  /** Why no new claim may be added after the first `openFor`. */
  readonly closedFor?: Problem;
  /** 0 if absent. */
  readonly openFor?: number;
}

export interface UpdatedLedger {
  readonly ledger: Ledger;
  /** By `claimId`: the proofs that were not simply placed. */
  readonly placements: ReadonlyMap<string, Placement>;
  /** By `recordId`. */
  readonly states: ReadonlyMap<string, ClaimState>;
  /** Claims whose records wait for evidence before they leave. */
  readonly wants: { readonly gone: readonly ClaimRecord[]; readonly confirmed: readonly ClaimRecord[] };
  /** Why the outputs are not written in the format of the spec. */
  readonly formatProblem?: Problem;
  /** The instance bucket was replaced by another one. */
  readonly replacedSlot?: { readonly from: Row; readonly to: Row };
}

/**
 * Computes the next ledger from the last one and the live claims. It enforces the rules of publication: only a proof
 * adds or replaces a row; a record leaves only by its state and with evidence; anything else, such as a missing proof,
 * changes nothing.
 */
export function updateLedger(update: LedgerUpdate): UpdatedLedger {
  const run = new Run(update);
  run.follow();
  run.leaveNow();
  run.place();
  run.leaveMoved();
  run.draft.dropUnused();
  run.reformat();
  return run.result();
}

class Run {
  readonly draft: LedgerDraft;
  readonly #update: LedgerUpdate;
  readonly #live: ReadonlyMap<string, LiveClaim>;
  readonly #states = new Map<string, ClaimState>();
  /** Records of the last ledger, without those that are known to be up to date with their objects. */
  readonly #toFollow: { readonly record: ClaimRecord; readonly live: LiveClaim | undefined }[] = [];
  readonly #placements = new Map<string, Placement>();
  readonly #missing = new Map<string, readonly string[]>();
  readonly #holders = new Map<string, ClaimRecord>();
  readonly #wants = { gone: [] as ClaimRecord[], confirmed: [] as ClaimRecord[] };
  #formatProblem: Problem | undefined;
  /** Records that were added in this run. */
  #added = 0;

  constructor(update: LedgerUpdate) {
    this.#update = { ...update, live: keepForGood(update) };
    this.draft = new LedgerDraft(update.ledger);
    this.#live = new Map(this.#update.live.map((claim) => [claimId(claim), claim] as const));
    for (const record of update.ledger.claims) {
      const live = this.#live.get(claimId(record));
      const known = live && followed(record, live, update.instance);
      this.#states.set(recordId(record), known ?? this.#stateOf(record, live));
      if (known === undefined) this.#toFollow.push({ record, live });
    }
  }

  /** Held records follow their objects; the policy is that of the present incarnation. */
  follow(): void {
    for (const { record, live } of this.#toFollow) {
      const next = live === undefined ? this.#withoutObject(record) : this.#following(record, live);
      this.draft.put(next);
      if (next === record) rememberFollowed(record, live, this.#update.instance, this.#states.get(recordId(record)));
    }
  }

  /** Removes the records that were asked to leave, and those whose object is proven gone. */
  leaveNow(): void {
    for (const { record, state } of this.#inState('MovingOut', 'Leaving')) {
      if (state === 'MovingOut') this.#leaveOnce('confirmed', record);
      if (state === 'Leaving' && record.policy === 'Remove' && !this.#isInUse(record)) this.#leaveOnce('gone', record);
    }
  }

  /** Bound claims first, then newcomers in the order of precedence of the input. */
  place(): void {
    const proven = this.#update.live.filter((claim) => isProven(claim) && !claim.suspended);
    const isIncumbent = ({ kind, name, proof }: LiveClaim): boolean =>
      proof !== undefined && this.#states.has(recordId({ kind, name, address: proof.storage }));
    const { incumbents = [], newcomers = [] } = Object.groupBy(proven, (claim) =>
      isIncumbent(claim) ? 'incumbents' : 'newcomers',
    );
    for (const claim of incumbents) this.#place(claim);
    for (const claim of newcomers) {
      if (this.#update.admit(claim) && this.#place(claim)) this.#update.admitted(claim);
    }
  }

  /** Removes the former records of claims that are published at their new place. */
  leaveMoved(): void {
    for (const { record, state } of this.#inState('Moving', 'LeftBehind')) {
      const claim = this.#live.get(claimId(record));
      if (claim === undefined || !this.#isPublished(claim)) continue;
      if (state === 'Moving' || record.policy === 'Remove') this.#leaveOnce('confirmed', record);
    }
  }

  /** Writes the file stores in the format of the spec, if that fits. */
  reformat(): void {
    const { instance, maxBytes = MAX_FILE_STORES_BYTES } = this.#update;
    if (instance.state !== 'Live' || isSame(this.draft.written, instance.format)) return;
    const bytes = this.draft.bytes(instance.format.separator);
    if (bytes <= maxBytes) this.draft.written = instance.format;
    else this.#formatProblem = formatDoesNotFit(bytes, maxBytes);
  }

  result(): UpdatedLedger {
    const ledger = this.draft.finish();
    const { slot: from } = this.#update.ledger;
    const { slot: to } = ledger;
    const isReplaced = from !== undefined && to !== undefined && placeOf(from.address) !== placeOf(to.address);
    return {
      ledger,
      placements: this.#placements,
      states: this.#states,
      wants: this.#wants,
      ...(this.#formatProblem !== undefined && { formatProblem: this.#formatProblem }),
      ...(isReplaced && { replacedSlot: { from, to } }),
    };
  }

  /** Whether the proof was placed. */
  #place(claim: LiveClaim): boolean {
    const { instance, ledger, now, maxBytes, closedFor, openFor = 0 } = this.#update;
    // Suspended: the slot is frozen, teams are not.
    if (claim.kind === 'InstanceStorage' && instance.state !== 'Live') return false;
    if (!isProven(claim)) return false;
    const server = { cloud: instance.cloud, isFrozen: instance.state === 'Frozen' };
    if (isStillPlaced(this.draft, claim, server)) return this.#isPlaced(claim, PLACED);
    const { kind, name } = claim;
    const isNew = this.draft.record(recordId({ kind, name, address: claim.proof.storage })) === undefined;
    const placement = placeProof(this.draft, claim, {
      ...server,
      instance: instance.name,
      revision: ledger.revision + 1,
      now,
      ...(maxBytes !== undefined && { maxBytes }),
      ...(closedFor !== undefined && this.#added >= openFor && { closedFor }),
      missing: this.#missing,
      holders: this.#holders,
      isHeld: (record) => this.#isHeld(record),
      isRetained: (record) => this.#states.get(recordId(record)) === 'Retained',
      isActive: (record) => this.#isHeld(record) && this.#live.get(claimId(record))?.suspended === false,
      isAwaited: (one) => isAwaited(one, { draft: this.draft, live: this.#update.live, instance: instance.name }),
      proofOf: (record) => this.#proofOf(record),
    });
    if (!this.#isPlaced(claim, placement)) return false;
    rememberPlaced(this.draft, claim);
    if (isNew) this.#added += 1;
    return true;
  }

  #isPlaced(claim: ProvenClaim, placement: Placement): boolean {
    const isDone = isPlaced(placement);
    this.#placements.set(claimId(claim), isDone ? placement : { ...placement, unplaced: claim.proof.digest });
    if (!isDone) return false;
    this.draft.awaitsProof = false;
    return true;
  }

  /** Also true for a record that was placed in this run. */
  #isHeld(record: ClaimRecord): boolean {
    return (this.#states.get(recordId(record)) ?? 'Held') === 'Held';
  }

  #proofOf(record: ClaimRecord): Proof | undefined {
    const proof = this.#live.get(claimId(record))?.proof;
    return proof !== undefined && placeOf(proof.storage) === placeOf(record.address) ? proof : undefined;
  }

  /** The records of the last ledger that are still there. */
  #inState(...states: readonly ClaimState[]): readonly { readonly record: ClaimRecord; readonly state: ClaimState }[] {
    return [...this.#states].flatMap(([id, state]) => {
      const record = states.includes(state) ? this.draft.record(id) : undefined;
      return record === undefined ? [] : [{ record, state }];
    });
  }

  #stateOf(record: ClaimRecord, live: LiveClaim | undefined): ClaimState {
    if (live === undefined) return claimState(changed(record, { policy: this.#lastPolicy(record) }), undefined);
    // The policy is that of the present object, of any incarnation.
    const { deletionPolicy: policy } = live;
    const { uid } = record;
    return claimState(
      { policy, ...(uid !== undefined && { uid }) },
      namesakeOf(live, record, this.#update.instance.name),
    );
  }

  #following(seen: ClaimRecord, live: LiveClaim): ClaimRecord {
    const policy = live.deletionPolicy;
    const record = asTakenOver(seen, live);
    const state = this.#states.get(recordId(record));
    // While it moves, it still uses the former place.
    if (state === 'Moving') return changed(record, { policy, hasRow: this.#hasRow(record) });
    if (state !== 'Held') return changed(record, { policy });
    const { team = record.team, uid } = live;
    const filesLeftIn = record.filesLeftIn ?? (live.resolves === 'None' ? undefined : live.filesLeftIn);
    const held = record.markedRetained === undefined ? record : without(record, 'markedRetained');
    return changed(held, { team, uid, policy, hasRow: this.#hasRow(record), filesLeftIn });
  }

  /** Computed again only for a live instance and a live claim, because `cloud` may have changed. */
  #hasRow(record: ClaimRecord): boolean {
    const { instance, maxBytes = MAX_FILE_STORES_BYTES } = this.#update;
    if (record.kind === 'InstanceStorage' || instance.state !== 'Live') return record.hasRow;
    const needed = needsEntry(record.address, record.mode, instance.cloud);
    // With keys, the row comes from the next proof; only an identity needs no credential.
    if (record.hasRow || record.mode !== 'Ambient') return needed;
    return needed && ensureAmbientRow(this.draft, record, maxBytes);
  }

  #withoutObject(record: ClaimRecord): ClaimRecord {
    const policy = this.#lastPolicy(record);
    if (!this.#update.evidence.unserved.has(record.kind)) return changed(record, { policy });
    return changed(record, { policy: policy && 'Retain', keptForGood: true });
  }

  /** A policy that is not known after a recovery stays so: its object has not been seen alive since. */
  #lastPolicy(record: ClaimRecord): ClaimRecord['policy'] {
    const { policy, keptForGood } = record;
    if (policy === undefined || keptForGood !== undefined) return policy;
    return this.#update.lastPolicies?.get(claimId(record)) ?? policy;
  }

  #isInUse(record: ClaimRecord): boolean {
    return record.kind === 'InstanceStorage' && this.#update.live.some((claim) => claim.usesInstanceBucket);
  }

  #isPublished(claim: LiveClaim): boolean {
    if (typeof claim.resolves === 'string') return false;
    const { instance, storage } = claim.resolves;
    if (instance !== this.#update.instance.name) return this.#update.isPublishedElsewhere(claim);
    const record = this.draft.record(recordId({ ...claim, address: storage }));
    return record !== undefined && this.draft.isServed(record);
  }

  #leaveOnce(evidence: 'gone' | 'confirmed', record: ClaimRecord): void {
    if (this.#update.evidence[evidence].has(claimId(record))) this.draft.remove(record);
    else this.#wants[evidence].push(record);
  }
}
