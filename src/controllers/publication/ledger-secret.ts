import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { SecretObject } from '../../api/resources.ts';
import {
  decodeLedger,
  encodeLedger,
  type DecodedLedger,
  type UndecodableLedger,
} from '../../domain/publication/ledger-format.ts';
import type { Ledger } from '../../domain/publication/ledger.ts';
import { err, type Result } from '../../base/result.ts';

const PACKED = 'ledger.json.gz';
/** Key of format 1, which was not compressed. */
const PLAIN = 'ledger.json';
/** Far more than a ledger can have: anything that is larger after decompression is not a ledger. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Compression of ledgers. A port, because with threads the order of two results depends on timing. */
export interface Compression {
  compress(text: string): Promise<Buffer>;
  /** Fails if the result is larger than a ledger can be. */
  decompress(packed: Buffer): Promise<Buffer>;
}

/** Uses one thread for each call: a large ledger does not block the event loop. */
export const ON_THREADS: Compression = {
  compress: (text) => promisify(gzip)(text, { level: 6 }),
  decompress: (packed) => promisify(gunzip)(packed, { maxOutputLength: MAX_BYTES }),
};

/** Data of the ledger's Secret, base64, and the number of bytes that count against the limit of a Secret. */
export interface PackedLedger {
  readonly data: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/**
 * Compresses a ledger. Records differ only in names and keys, so the size is about a sixth: a Secret can hold more of
 * them, and each write sends less. The gzip header has no time, so equal ledgers give equal bytes.
 */
export async function packLedger(ledger: Ledger, compression = ON_THREADS): Promise<PackedLedger> {
  const packed = await compression.compress(encodeLedger(ledger));
  return { data: { [PACKED]: packed.toString('base64') }, bytes: packed.length };
}

/** Decompresses a ledger, or reads one of format 1. */
export async function unpackLedger(
  data: SecretObject['data'],
  compression = ON_THREADS,
): Promise<Result<DecodedLedger, UndecodableLedger>> {
  const packed = data?.[PACKED];
  if (packed === undefined) return decodeLedger(Buffer.from(data?.[PLAIN] ?? '', 'base64').toString('utf8'));
  try {
    const text = await compression.decompress(Buffer.from(packed, 'base64'));
    return decodeLedger(text.toString('utf8'));
  } catch {
    return err('Unreadable');
  }
}
