import { placeOf, recordId, type ClaimRecord, type Ledger } from '../../../../src/domain/publication/ledger.ts';
import { claimKey, recordPlace, type Claim, type Seen } from './claims.ts';
import { isNew, type Context } from './context.ts';
import type { Known } from './known.ts';

/** A record of an instance that is not in its next ledger, or not in it with an entry. */
export interface Leaving {
  readonly known: Known;
  readonly record: ClaimRecord;
  /** The next ledger. */
  readonly after: Ledger;
}

/** P2: a record left the ledger only if it was asked to. */
export function judgeLeft(context: Context, leaving: Leaving): void {
  const { known, record } = leaving;
  if (reasonToLeave(context, leaving) !== undefined || wasGone(context, leaving)) return;
  const { slot } = known;
  const policies = [...(seenOf(context, leaving)?.deletion ?? [])].join('|');
  context.fail(
    `P2 The ledger of ${slot.namespace}/${slot.name} dropped ${record.kind} ${record.name} on ${record.address.name}/${record.address.path} (last seen: ${policies})`,
  );
}

/** Why the record may leave; `undefined`: it must stay. */
export function reasonToLeave(context: Context, leaving: Leaving): string | undefined {
  const { known, record } = leaving;
  if (context.claims.excused.has(idOf(leaving))) return 'excused';
  const { namespace } = known.slot;
  const live = context.world.claim({ kind: record.kind, namespace, name: record.name });
  return live === undefined ? reasonOfGone(context, leaving) : reasonOfLive(context, leaving, live);
}

/** It was gone when the write was sent, and another incarnation is there since. */
function wasGone(context: Context, leaving: Leaving): boolean {
  const { claims } = context;
  const { record, after } = leaving;
  const { uid = '' } = claims.last(idOf(leaving))?.metadata ?? {};
  const isRemove = seenOf(context, leaving)?.deletion.has('Remove') === true;
  const isReplaced = record.uid !== uid && isNew(context, claims.madeAt(uid));
  return isReplaced && (isRemove || heirOf(record, after) !== undefined);
}

/** Of a record whose object is gone. */
function reasonOfGone(context: Context, leaving: Leaving): string | undefined {
  const { record, after } = leaving;
  if (context.claims.gone.has(idOf(leaving))) {
    const isElsewhere = heirOf(record, after) !== undefined || hasMoved(context, leaving);
    return isElsewhere ? 'absorbed or moved' : undefined;
  }
  if (isAbsorbed(context, leaving)) return 'absorbed';
  const wasSeen = (seenOf(context, leaving)?.uids.size ?? 0) > 0;
  return wasSeen && wasToLeave(context, leaving) ? 'deleted' : undefined;
}

/** Of a record whose object is there. */
function reasonOfLive(context: Context, leaving: Leaving, live: Claim): string | undefined {
  const { record } = leaving;
  const isOfOther = context.claims.target(live) === 'nothing' && record.uid !== live.metadata.uid;
  if (isOfOther && isAbsorbed(context, leaving)) return 'absorbed';
  const places = otherPlaces(context, leaving, live);
  if (places.length === 0) return undefined;
  const isRemove = wasToLeave(context, leaving);
  const isAllowed = mayMove(context, leaving);
  if (places.includes('nothing') && (isAllowed || isRemove)) return 'unset';
  if (!isBoundElsewhere(context, leaving)) return undefined;
  if (isAllowed) return 'moved';
  return isRemove && isOfOtherUid(record, seenOf(context, leaving)) ? 'left behind' : undefined;
}

/** Where its claim leads now, and where it may have been seen to lead, without the place of the record. */
function otherPlaces(context: Context, leaving: Leaving, live: Claim): readonly string[] {
  const here = recordPlace(leaving.known.slot, leaving.record);
  const seen = [...(seenOf(context, leaving)?.places ?? [])].filter((place) => place !== 'unknown');
  return [...seen, context.claims.placeText(live)].filter((place) => place !== here);
}

/** Whether another incarnation than that of the record may have been seen. */
function isOfOtherUid({ uid }: ClaimRecord, seen: Seen | undefined): boolean {
  return uid !== undefined && seen?.uids.has(uid) === true ? seen.uids.size > 1 : true;
}

/** Whether its claim has another record in the namespace, or this one at another instance. */
function isBoundElsewhere({ stored, instances }: Context, { known, record, after }: Leaving): boolean {
  const ours = instances.all.filter(({ slot }) => slot.namespace === known.slot.namespace);
  const isBound = ours.some(
    (one) =>
      (one === known ? after : stored.ledger(one.slot))?.claims.some(
        (other) => other.kind === record.kind && other.name === record.name && recordId(other) !== recordId(record),
      ) === true,
  );
  return isBound || ours.some((one) => one !== known && isPublishedBy(one, record, stored.ledger(one.slot)));
}

/**
 * Its ledger has the record, or had it until people took it away, and the Secret still holds the entry.
 *
 * A claim that moved to another instance is published there as long as the Secret there holds its entry, also while
 * the ledger there is lost and not yet written again: the record at the former instance may leave.
 */
function isPublishedBy(
  { damaged, written, standing }: Known,
  record: ClaimRecord,
  stored: Ledger | undefined,
): boolean {
  const has = (ledger: Ledger | undefined): ClaimRecord | undefined =>
    ledger?.claims.find((other) => recordId(other) === recordId(record));
  if (has(stored) !== undefined) return true;
  const lost = damaged.has('ledger') ? has(written) : undefined;
  return lost !== undefined && (!lost.hasRow || standing.entries.has(lost.address.name));
}

/** Whether another claim has adopted what it left. */
function isAbsorbed(context: Context, leaving: Leaving): boolean {
  const { record, after } = leaving;
  const mayBe = record.policy !== 'Remove' || wasToLeave(context, leaving);
  return mayBe && heirOf(record, after) !== undefined;
}

/** Whether its removal was asked for. */
function wasToLeave(context: Context, leaving: Leaving): boolean {
  const { known, record } = leaving;
  if (record.policy === 'Remove' && known.believed.has(recordId(record))) return true;
  return seenOf(context, leaving)?.deletion.has('Remove') === true;
}

/** It had moved before its CRD went, or was just about to. */
function hasMoved(context: Context, leaving: Leaving): boolean {
  const { record, after } = leaving;
  const isElsewhere = after.claims.some(({ kind, name }) => kind === record.kind && name === record.name);
  return isElsewhere && mayMove(context, leaving);
}

/** Whether its `bucketChangePolicy` allowed another place. */
function mayMove(context: Context, leaving: Leaving): boolean {
  return seenOf(context, leaving)?.change.has('Allow') === true;
}

/** Who has adopted what a deleted claim left at the same place. */
function heirOf(record: ClaimRecord, { claims }: Ledger): ClaimRecord | undefined {
  return claims.find(
    ({ kind, name, address, policy }) =>
      kind === record.kind &&
      name !== record.name &&
      placeOf(address) === placeOf(record.address) &&
      policy === 'Retain',
  );
}

function seenOf({ claims }: Context, leaving: Leaving): Seen | undefined {
  return claims.seen(idOf(leaving));
}

function idOf({ known, record }: Leaving): string {
  return claimKey(known.slot.namespace, record);
}
