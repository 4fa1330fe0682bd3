import { isSame, type Row } from './ledger.ts';
import type { Proof } from './proof.ts';

/** `next` with the source of the former row, for as long as other claims use that. */
export function withSourceOf(row: Row, next: Row): Row {
  if (row.source === undefined || isSame(row.source, next.source)) return next;
  return isSame(row.address, next.address) ? row : { ...next, source: row.source };
}

/** The row for a proof where there was none. */
export function newRow(address: Row['address'], proof: Proof): Row {
  return {
    address,
    ...(proof.credential !== undefined && { credential: proof.credential }),
    digest: proof.digest,
    source: proof.storage.credentials,
    provenAt: proof.provenAt,
  };
}

/** The row with the proven content; the same object if nothing changed. */
export function renewed(row: Row, address: Row['address'], proof: Proof): Row {
  const isSameKey = row.digest === proof.digest;
  const isSameAddress = isSame(row.address, address);
  const source = proof.storage.credentials;
  if (isSameKey && isSameAddress && isSame(row.source, source)) return row;
  const rotatedAt = isSameKey ? row.rotatedAt : proof.provenAt;
  return {
    ...newRow(address, proof),
    // The time of the first proof of this content: a new time at each validation would change the listing without need.
    provenAt: isSameKey && isSameAddress ? row.provenAt : proof.provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
  };
}
