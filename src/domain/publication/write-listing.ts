import { stringify } from 'yaml';
import { redactedAddress } from './file-store-address.ts';
import { claimId, claimsInOrder, type ClaimRecord } from './ledger.ts';

/** Which claim stands behind which store, as YAML and without any secret; `readListing` reads it back. */
export function writeListing(claims: readonly ClaimRecord[]): string {
  return claims.length === 0 ? stringify([]) : claimsInOrder(claims).map(lineOf).join('');
}

/** Lines by record: a record never changes, and is written again and again. */
const lines = new WeakMap<ClaimRecord, string>();

function lineOf(record: ClaimRecord): string {
  const text = lines.get(record) ?? yamlItem(fieldsOf(record));
  lines.set(record, text);
  return text;
}

function fieldsOf(record: ClaimRecord): Readonly<Record<string, string | boolean>> {
  return {
    claim: claimId(record),
    ...(record.team !== undefined && { team: record.team }),
    address: redactedAddress(record.address, record.mode),
    entry: record.hasRow,
    provenAt: record.provenAt,
    ...(record.markedRetained === true && { retained: true }),
  };
}

/**
 * What YAML writes as it is and reads as a string: it begins like a word, and is
 * no number, `true`, `null` or the like. Everything else is left to the library.
 */
const PLAIN =
  /^(?!(?:true|false|null|nan|inf)$)[a-z][\w./@*?=&%-]*(?::[\w./@*?=&%-]+)*$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/i;

/** The fields as one item of a YAML list: the bytes of `stringify`, which takes twenty times as long. */
export function yamlItem(fields: Readonly<Record<string, string | boolean>>): string {
  const entries = Object.entries(fields);
  const isPlain = entries.every(([, value]) => typeof value === 'boolean' || PLAIN.test(value));
  return isPlain ? `- ${entries.map(([name, value]) => `${name}: ${value}\n`).join('  ')}` : stringify([fields]);
}
