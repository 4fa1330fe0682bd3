import { PROVIDERS } from '../bucket/providers.ts';
import { hideCredential, revealCredential, type RevealedCredential } from '../credentials/credential.ts';
import { onceFor } from '../../base/once-for.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Schema } from '../../base/schema.ts';
import { Secret } from '../../base/secret.ts';
import { claimsInOrder, rowsInOrder, slotAddress, type ClaimRecord, type Ledger, type Row } from './ledger.ts';
import { FORMER_FORMATS, readFormer, type FormerLedger } from './former-ledger.ts';
import { FORMER_LEDGER_FORM, LEDGER_FORM } from './ledger-form.ts';

/** 3: facts instead of states. 1 and 2 held one record for each bucket of a claim, and can still be read. */
export const FORMAT = 3;

/** Serialises a ledger; equal ledgers give equal bytes. The result holds every secret. */
export function encodeLedger(ledger: Ledger): string {
  const { salt, revision, written, slot, knownHash, awaitsProof } = ledger;
  const head = JSON.stringify({
    format: FORMAT,
    salt: salt.reveal(),
    revision,
    written: { separator: written.separator, variables: written.variables },
    ...(knownHash !== undefined && { knownHash: { digest: knownHash.digest, hash: knownHash.hash } }),
    ...(awaitsProof !== undefined && { awaitsProof }),
    ...(slot !== undefined && { slot: encodeRow(slot) }),
  });
  const rows = rowsInOrder(ledger.rows).map((row) => JSON.stringify(encodeRow(row)));
  const claims = claimsInOrder(ledger.claims).map(textOfRecord);
  return `${head.slice(0, -1)},"rows":[${rows.join(',')}],"claims":[${claims.join(',')}]}`;
}

/** Most records are those of the ledger before. Rows are not kept as text: they hold secrets. */
const textOfRecord = onceFor((record: ClaimRecord): string => JSON.stringify(encodeRecord(record)));

function encodeRow({ address, credential, digest, source, provenAt, rotatedAt }: Row): EncodedRow {
  return {
    address: slotAddress(address),
    ...(credential !== undefined && { credential: revealCredential(credential) }),
    digest,
    ...(source !== undefined && { source }),
    provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
  };
}

function encodeRecord(record: ClaimRecord): ClaimRecord {
  const { kind, name, team, uid, address, mode, hasRow, digest, policy, filesLeftIn, markedRetained } = record;
  const { boundRevision, boundAt, provenAt, keptForGood } = record;
  return {
    kind,
    name,
    ...(team !== undefined && { team }),
    ...(uid !== undefined && { uid }),
    address: slotAddress(address),
    mode,
    hasRow,
    ...(digest !== undefined && { digest }),
    boundRevision,
    boundAt,
    provenAt,
    ...(policy !== undefined && { policy }),
    ...(filesLeftIn !== undefined && { filesLeftIn }),
    ...(markedRetained !== undefined && { markedRetained }),
    ...(keptForGood !== undefined && { keptForGood }),
  };
}

/** The content of a ledger of the present or a former format. */
export type DecodedLedger =
  | { readonly kind: 'Current'; readonly ledger: Ledger }
  /** Of format 1 or 2: `migrateLedger` converts it to the present format. */
  | { readonly kind: 'Former'; readonly ledger: FormerLedger };

/** `Newer`: of a later format, which only a newer version can read. `Unreadable`: no ledger at all. */
export type UndecodableLedger = 'Newer' | 'Unreadable';

/** Reads a ledger. The caller must not write over a ledger that cannot be read. */
export function decodeLedger(text: string): Result<DecodedLedger, UndecodableLedger> {
  try {
    const raw = JSON.parse(text) as EncodedLedger;
    if (typeof raw.format === 'number' && raw.format > FORMAT) return err('Newer');
    if (typeof raw.salt !== 'string' || raw.salt === '') return err('Unreadable');
    if (FORMER_FORMATS.includes(raw.format)) return readFormerLedger(raw);
    if (raw.format !== FORMAT) return err('Unreadable');
    if (!hasKnownProviders(raw)) return err('Newer');
    return hasForm(LEDGER_FORM, raw) ? ok({ kind: 'Current', ledger: readLedger(raw) }) : err('Unreadable');
  } catch {
    return err('Unreadable');
  }
}

function readFormerLedger(raw: unknown): Result<DecodedLedger, UndecodableLedger> {
  return hasForm(FORMER_LEDGER_FORM, raw) ? ok({ kind: 'Former', ledger: readFormer(raw) }) : err('Unreadable');
}

function hasForm(form: Schema, raw: unknown): boolean {
  return form(raw, 'ledger') === undefined;
}

interface EncodedRow extends Omit<Row, 'credential'> {
  readonly credential?: RevealedCredential;
}

interface EncodedLedger extends Omit<Ledger, 'salt' | 'rows' | 'slot'> {
  readonly format: number;
  readonly salt: string;
  readonly rows: readonly EncodedRow[];
  readonly slot?: EncodedRow;
}

/** A later version may publish buckets of a provider that this one does not know: it must not drop them. */
function hasKnownProviders({ rows, claims, slot }: EncodedLedger): boolean {
  const holders = [...rows, ...claims, ...(slot === undefined ? [] : [slot])];
  return holders.every(({ address }) => Object.hasOwn(PROVIDERS, address.provider));
}

function readLedger(raw: EncodedLedger): Ledger {
  const { salt, revision, written, knownHash, awaitsProof } = raw;
  return {
    salt: new Secret(salt),
    revision,
    written: { separator: written.separator, variables: [...written.variables] },
    rows: raw.rows.map(readRow),
    ...(raw.slot !== undefined && { slot: readRow(raw.slot) }),
    claims: raw.claims,
    ...(knownHash !== undefined && { knownHash }),
    ...(awaitsProof !== undefined && { awaitsProof }),
  };
}

function readRow({ credential, ...row }: EncodedRow): Row {
  return { ...row, ...(credential !== undefined && { credential: hideCredential(credential) }) };
}
