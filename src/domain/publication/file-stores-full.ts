import type { Problem } from '../conditions/problem.ts';
import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import type { Proof } from './proof.ts';

/** Newcomers are refused this far below the limit, so that a rotation of published entries always fits. */
export const NEWCOMER_RESERVE_BYTES = 4 * 1024;

/** Why the draft, with the entry of a proof in it, exceeds what the server takes; `undefined` if it does not. */
export function sizeProblem(
  draft: LedgerDraft,
  proof: Proof,
  {
    isNew,
    maxBytes,
    bytesBefore,
  }: { readonly isNew: boolean; readonly maxBytes: number | undefined; readonly bytesBefore: number },
): Problem | undefined {
  if (draft.entryCount > 1 && draft.hasEntry(COREWEAVE_IDENTITY_ENTRY)) return coreWeaveExclusive(proof);
  const most = maxBytes ?? MAX_FILE_STORES_BYTES - (isNew ? NEWCOMER_RESERVE_BYTES : 0);
  const bytes = draft.bytes(draft.written.separator);
  // A published entry needs no more room if another claim shares it.
  if (bytes <= Math.max(most, bytesBefore)) return undefined;
  const limit = isNew ? `new entries are accepted up to ${most}` : `an environment variable can hold ${most}`;
  return fileStoresFull(`The entry does not fit: with it the file stores would take ${bytes} bytes; ${limit}.`);
}

/** Why the file stores stay in their present format. `bytes`: their size in the other one; `most`: the limit. */
export function formatDoesNotFit(bytes: number, most: number): Problem {
  return fileStoresFull(
    `The file stores do not fit in the format of spec.fileStores: they would take ${bytes} bytes; an environment variable can hold ${most}.`,
  );
}

function fileStoresFull(message: string): Problem {
  return {
    reason: 'FileStoresFull',
    message,
    remedy: 'Let teams share buckets by sub-path (they then share one entry), or remove entries that are retained.',
    failureClass: 'external',
  };
}

/** The server takes `cw://` only as the whole value; the store that was published first keeps its place. */
function coreWeaveExclusive({ storage }: Proof): Problem {
  const newcomer = storage.provider === 'CoreWeave' && storage.credentials.kind === 'Ambient';
  return {
    reason: 'CoreWeaveIdentityExclusive',
    message: newcomer
      ? 'CoreWeave by identity must be the only file store, and others are published already.'
      : 'CoreWeave by identity is published already, and it must be the only file store.',
    remedy: newcomer
      ? 'Give the CoreWeave bucket an access key (coreWeave.credentials.accessKey).'
      : 'Give the CoreWeave buckets of this instance access keys; then other stores can stand beside them.',
    failureClass: 'external',
  };
}
