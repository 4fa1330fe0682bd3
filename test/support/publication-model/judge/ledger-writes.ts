import { decodeLedger, encodeLedger } from '../../../../src/domain/publication/ledger-format.ts';
import { recordId, type Ledger } from '../../../../src/domain/publication/ledger.ts';
import { judgeNewcomer } from './coming-records.ts';
import type { Context } from './context.ts';
import type { Known } from './known.ts';
import { judgeRowsLeft, noteLeftMeanwhile } from './leaving-entries.ts';
import { judgeLeft } from './leaving-records.ts';
import { judgeCredentialsTaken } from './taken-credentials.ts';

/**
 * P3: the ledger that the operator wrote can be read back; then its records are compared with those before.
 *
 * After a damage of the ledger alone, its records may come back changed (a
 * policy unknown, a claim without a name): entries stay all the same, and
 * records are judged again from the next ledger that is written.
 */
export function judgeLedgerWrite(context: Context, known: Known): void {
  const { slot, damaged, written, ledger: before } = known;
  const ledger = context.stored.ledger(slot);
  if (ledger === undefined) {
    context.fail(`P3 ${ledgerText(known)} cannot be read`);
    return;
  }
  judgeEncoding(context, known, ledger);
  const isWhole = before !== undefined && !damaged.has('ledger');
  damaged.delete('ledger');
  if (!isWhole && written !== undefined) noteLeftMeanwhile(context, known, written, ledger);
  known.ledger = ledger;
  known.written = ledger;
  if (isWhole) judgeChange(context, known, before, ledger);
  else if (before === undefined && !hasHistory(known)) judgeFirst(context, known, written, ledger);
  const now = context.world.clock.monotonic();
  const wasThere = idsOf(before);
  for (const record of ledger.claims) if (!wasThere.has(recordId(record))) known.since.set(recordId(record), now);
}

function judgeEncoding({ fail }: Context, known: Known, ledger: Ledger): void {
  const again = decodeLedger(encodeLedger(ledger));
  if (!again.ok || again.value.kind !== 'Current') {
    fail(`P3 ${ledgerText(known)} cannot be read back`);
  } else if (encodeLedger(again.value.ledger) !== encodeLedger(ledger)) {
    fail(`P3 ${ledgerText(known)} is another one once it was encoded and decoded`);
  }
}

/** P2 and P7 for a ledger that follows one which nobody touched. */
function judgeChange(context: Context, known: Known, before: Ledger, after: Ledger): void {
  const [wasThere, isThere] = [idsOf(before), idsOf(after)];
  const left = before.claims.filter((record) => !isThere.has(recordId(record)));
  for (const record of left) judgeLeft(context, { known, record, after });
  judgeRowsLeft(context, known, before, after);
  const came = after.claims.filter((record) => !wasThere.has(recordId(record)));
  for (const record of came) if (!known.lost.has(recordId(record))) judgeNewcomer(context, known, record, came);
  judgeCredentialsTaken(context, known, { before, after, came });
}

/** P7 for the first ledger, and for one that was written after everything had gone. */
function judgeFirst(context: Context, known: Known, written: Ledger | undefined, ledger: Ledger): void {
  // The operator may still have seen the listing: what was bound before it all went is no newcomer.
  const were = idsOf(written);
  const came = ledger.claims.filter((record) => !were.has(recordId(record)));
  for (const record of came) judgeNewcomer(context, known, record, ledger.claims);
}

/** Something stood there before: what its ledger holds now may be what was recovered. */
function hasHistory({ standing }: Known): boolean {
  return standing.entries.size > 0 || standing.slot !== undefined;
}

function idsOf(ledger: Ledger | undefined): ReadonlySet<string> {
  return new Set(ledger?.claims.map(recordId));
}

function ledgerText({ slot: { namespace, name } }: Known): string {
  return `The ledger of ${namespace}/${name}`;
}
