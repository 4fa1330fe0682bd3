import { without } from '../../../../src/base/defined.ts';
import { recordId } from '../../../../src/domain/publication/ledger.ts';
import { renderOutputs, type OutputData } from '../../../../src/domain/publication/outputs.ts';
import type { Output } from '../commands.ts';
import { HAND_KEYS } from '../universe.ts';
import type { Context } from './context.ts';
import { isIn, readable } from './decode.ts';
import type { Known } from './known.ts';
import { isSealOf } from './stored.ts';

/**
 * Notes that people touched an object of an instance.
 *
 * What is not judged after it, and why:
 *
 * - When the ledger and the Secret are both damaged at the same time (deleted,
 *   edited or put back, and not yet written again), no memory is left of what stood
 *   there: what the Secret holds at that moment counts as proven and as what
 *   stands, and the next restart needs no other reason. With the ConfigMap gone
 *   as well everything begins anew.
 *   Where the Secret was edited, nothing is written over it before something is proven: the ledger says so.
 * - Where the Secret has the seal of another ledger and the ConfigMap is damaged, records are judged again from the next
 *   ledger that is written: it may be recovered from that Secret.
 * - A ledger of a former format beside a Secret with a seal counts as damaged: it is older than the Secret.
 * - A ledger that can be read beside a Secret without a seal is what stands, no matter who put it there or edited it:
 *   nothing says that it is old, and a `Remove` in it counts. A former version left such a Secret, or people took the
 *   seal off.
 * - After a recovery without a seal only the ledger has the hash that the server knows for certain. Where that ledger
 *   is lost, the next restart needs no other reason.
 */
export function noteDamage(context: Context, known: Known, what: Output): void {
  const { damaged, slot } = known;
  damaged.add(what);
  if (what === 'ledger') noteLostLedger(context, known);
  if ((damaged.has('ledger') && damaged.has('Secret')) || context.stored.hasOldLedger(slot)) beginAnew(context, known);
  else if (what === 'ledger') believe(context, known);
  else if (isUndecided(context, known)) known.ledger = undefined;
}

function noteLostLedger({ stored }: Context, known: Known): void {
  const believed = stored.believedLedger(known.slot)?.claims ?? [];
  known.believed = new Set(believed.filter(({ policy }) => policy === 'Remove').map(recordId));
  if (known.ledger !== undefined) known.lost = new Set(known.ledger.claims.map(recordId));
  known.ledger = undefined;
  known.lostHash = known.written?.knownHash?.hash;
  if (known.lostHash !== undefined) known.restartedFor = undefined;
}

/** What the secret holds now is all that there is. */
function beginAnew(context: Context, known: Known): void {
  const { stored, world } = context;
  known.restartedFor = undefined;
  known.anewAt = world.clock.monotonic();
  known.ledger = undefined;
  // What was asked to leave, and has not left yet, may still.
  for (const bucket of known.mayLeave) if (!isIn(known.standing, bucket)) known.mayLeave.delete(bucket);
  const believed = stored.believedLedger(known.slot);
  known.written = believed ?? known.written;
  stands(context, known, believed === undefined ? (stored.data(known.slot) ?? {}) : renderOutputs(believed, '').secret);
  // Of edited outputs the operator takes over what the listing confirms: it may be none.
  if (stored.isEdited(known.slot)) known.standing = { entries: new Map() };
}

/** People put a ledger beside a Secret without a seal, or edited it. */
function believe(context: Context, known: Known): void {
  const believed = context.stored.believedLedger(known.slot);
  if (believed === undefined) return;
  known.written = believed;
  stands(context, known, renderOutputs(believed, '').secret);
}

/** The seal is of another ledger, and the ConfigMap, which would decide between the two, is damaged as well. */
function isUndecided({ stored }: Context, { slot, damaged }: Known): boolean {
  const [seal, ledger] = [stored.seal(slot), stored.ledger(slot)];
  if (seal === undefined || ledger === undefined || !damaged.has('ConfigMap')) return false;
  return !isSealOf(seal, ledger);
}

function stands({ proofs }: Context, known: Known, data: OutputData): void {
  // A key that people added may read like file stores: no claim asked for it.
  known.standing = readable(without(data, ...HAND_KEYS));
  proofs.addByHand(known.slot.namespace, readable(data));
}
