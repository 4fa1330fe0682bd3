import { parseOutputs, type Published } from '../parse-outputs.ts';
import { isNew, type Context } from './context.ts';
import type { Known } from './known.ts';

/**
 * P1 and P2: what the operator wrote to the output Secret was proven, and nothing left that must stay.
 *
 * What people put into an output Secret with their own hands is not judged
 * until the operator has written that Secret again.
 */
export function judgeSecretWrite(context: Context, known: Known): void {
  const { stored } = context;
  const { slot, damaged } = known;
  const now = publishedBy(context, known);
  if (now === undefined) return;
  // What was on its way when people put something back is not for what they put.
  if (!isNew(context, known.anewAt)) judgeLost(context, known, now);
  forgetReturned(context, known, now);
  const { digest = '' } = stored.seal(slot) ?? {};
  known.dataOf.set(digest, JSON.stringify(stored.data(slot)));
  known.standing = damaged.has('Secret') ? withoutHands(context, known, now) : now;
  // A key that people own leaves with the patch that follows the apply, or after the next try.
  if (stored.isRendered(slot)) damaged.delete('Secret');
}

/** P1: what it says, if all of it was proven. */
function publishedBy({ stored, proofs, fail }: Context, { slot, damaged }: Known): Published | undefined {
  const what = `Secret ${slot.namespace}/${slot.name}-storage`;
  if (stored.awaitsProof(slot)) fail(`P1 ${what} was edited, and is written over before anything was proven`);
  let now: Published;
  try {
    now = parseOutputs(stored.data(slot) ?? {});
  } catch (error) {
    // What people put in leaves with the patch that follows.
    if (!damaged.has('Secret')) fail(`P1 ${what} is none: ${(error as Error).message}`);
    return undefined;
  }
  const flaws = proofs.unproven(slot.namespace, now);
  if (flaws.length === 0) return now;
  if (!damaged.has('Secret')) fail(`P1 ${what} holds what was never proven: ${flaws.join('; ')}`);
  return undefined;
}

/** P2: only what may leave has left. */
function judgeLost({ fail }: Context, { slot, standing, mayLeave }: Known, now: Published): void {
  const what = `P2 Secret ${slot.namespace}/${slot.name}-storage has lost`;
  for (const bucket of standing.entries.keys()) {
    if (!now.entries.has(bucket) && !mayLeave.has(bucket)) fail(`${what} the entry of ${bucket}`);
  }
  if (standing.slot !== undefined && now.slot === undefined && !mayLeave.has('slot')) {
    fail(`${what} BUCKET, which was ${standing.slot.bucket}`);
  }
}

/** What is published again may not leave any more. */
function forgetReturned({ stored }: Context, { slot, mayLeave }: Known, now: Published): void {
  // Of what may leave, people may own a copy: it stays until the patch that follows the apply.
  const ledger = stored.ledger(slot);
  const rows = ledger && new Set(ledger.rows.map(({ address }) => address.name));
  for (const bucket of now.entries.keys()) if (rows?.has(bucket) !== false) mayLeave.delete(bucket);
  if (now.slot !== undefined && (ledger === undefined || ledger.slot !== undefined)) mayLeave.delete('slot');
}

/** What people put in leaves with the patch that follows the apply: it does not stand. */
function withoutHands({ stored }: Context, { slot, standing }: Known, now: Published): Published {
  const ledger = stored.ledger(slot);
  const rows = new Set(ledger?.rows.map(({ address }) => address.name));
  const isOurs = (bucket: string): boolean => standing.entries.has(bucket) || rows.has(bucket);
  const entries = new Map([...now.entries].filter(([bucket]) => isOurs(bucket)));
  const hasSlot = standing.slot !== undefined || ledger?.slot !== undefined;
  return hasSlot && now.slot !== undefined ? { entries, slot: now.slot } : { entries };
}
