import type { ClaimRecord, Ledger, Row } from '../../../../src/domain/publication/ledger.ts';
import { claimKey, recordPlace } from './claims.ts';
import type { Context } from './context.ts';
import { textOf } from './decode.ts';
import type { Known } from './known.ts';

/** A write of the ledger. */
interface Change {
  readonly before: Ledger;
  readonly after: Ledger;
  /** The records that are new. */
  readonly came: readonly ClaimRecord[];
}

/** P7: a newcomer must not bring its own credential to a bucket that is published. */
export function judgeCredentialsTaken(context: Context, known: Known, { before, after, came }: Change): void {
  for (const row of after.rows) {
    const bucket = row.address.name;
    const old = before.rows.find(({ address }) => address.name === bucket);
    const newcomer = came.find(({ address, hasRow }) => hasRow && address.name === bucket);
    if (old === undefined || newcomer === undefined || textOf(old) === textOf(row)) continue;
    if (sourceOf(old) === sourceOf(row)) continue;
    const others = before.claims.filter(
      ({ hasRow, address, name }) => hasRow && address.name === bucket && name !== newcomer.name,
    );
    for (const member of others) {
      const id = claimKey(known.slot.namespace, { kind: 'TeamStorage', name: member.name });
      if (!isCertainlyThere(context, known, member) || context.proofs.isProvenFor(id, bucket, textOf(row))) continue;
      context.fail(
        `P7 ${newcomer.name} brought its credential to ${bucket}, where it was never proven for ${member.name}`,
      );
    }
  }
}

/** Whether the claim of a record asks for its place now, and asked for no other one. */
function isCertainlyThere({ world, claims }: Context, { slot }: Known, member: ClaimRecord): boolean {
  const team = { kind: 'TeamStorage', name: member.name } as const;
  const live = world.claim({ ...team, namespace: slot.namespace });
  const places = claims.seen(claimKey(slot.namespace, team))?.places;
  const here = recordPlace(slot, member);
  // The bucket of another object, which it names, may have changed since the judge has looked.
  const isHere = live !== undefined && claims.placeText(live) === here;
  return isHere && places?.size === 1 && places.has(here);
}

/** The Secret that the credential was read from. */
function sourceOf({ source }: Row): string {
  return source?.kind === 'AccessKey' ? source.secretName : '';
}
