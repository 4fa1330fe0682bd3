import type { Secret } from '../../base/secret.ts';
import type { Ledger } from './ledger.ts';
import { digestOfData, type OutputData } from './outputs.ts';

/** Annotation of the output Secret, written in the same apply as its data. */
export const SEAL_ANNOTATION = 'storage.wandb.com/seal';

/**
 * A description of the data in the output Secret. It distinguishes a partial write from a manual edit, and shows that a
 * ledger is older than the outputs.
 */
export interface Seal {
  readonly salt: string;
  /** Revision of the ledger that the data was rendered from. */
  readonly revision: number;
  /** HMAC of the data. */
  readonly digest: string;
}

export function sealOf(
  { salt, revision }: { readonly salt: Secret<string>; readonly revision: number },
  digest: string,
) {
  return `1.${revision}.${salt.reveal()}.${digest}`;
}

/** Reads a seal; `undefined` if the text is none. */
export function readSeal(text: string | undefined): Seal | undefined {
  const match = /^1\.(\d{1,15})\.([0-9a-zA-Z-]{1,128})\.([0-9a-f]{64})$/.exec(text ?? '');
  const [, revision, salt, digest] = match ?? [];
  if (revision === undefined || salt === undefined || digest === undefined) return undefined;
  return { salt, revision: Number(revision), digest };
}

/** Whether the data is what the operator sealed. */
export function isSealedBy(ledger: Pick<Ledger, 'salt'>, seal: Seal, data: OutputData): boolean {
  return digestOfData(ledger, data) === seal.digest;
}
