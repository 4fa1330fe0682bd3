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
/** Where format 1 kept it, uncompressed. */
const PLAIN = 'ledger.json';
/** A ledger of ours is far smaller; what swells to more is none. */
const MAX_BYTES = 256 * 1024 * 1024;

/** How ledgers are made small. A port: on threads, which of two is done first is a matter of luck. */
export interface Compression {
  compress(text: string): Promise<Buffer>;
  /** Fails where that is more than a ledger of ours could be. */
  decompress(packed: Buffer): Promise<Buffer>;
}

/** On a thread each: a large ledger holds up nothing else. */
export const ON_THREADS: Compression = {
  compress: (text) => promisify(gzip)(text, { level: 6 }),
  decompress: (packed) => promisify(gunzip)(packed, { maxOutputLength: MAX_BYTES }),
};

/** Data of the ledger's Secret, base64, and how many bytes of it count against the limit of a Secret. */
export interface PackedLedger {
  readonly data: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/**
 * Packs a ledger. Records differ in little but names and keys, so it shrinks to
 * about a sixth: a Secret holds the more of them, and each write sends less. The
 * gzip header carries no time, so equal ledgers give equal bytes.
 */
export async function packLedger(ledger: Ledger, compression = ON_THREADS): Promise<PackedLedger> {
  const packed = await compression.compress(encodeLedger(ledger));
  return { data: { [PACKED]: packed.toString('base64') }, bytes: packed.length };
}

/** Reads a packed ledger, or one of format 1. */
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
