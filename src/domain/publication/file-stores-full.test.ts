import { expect, it } from '@jest/globals';
import { bucket, EMPTY, proofOf } from '../../../test/support/fakes/publication.ts';
import { sizeProblem } from './file-stores-full.ts';
import { LedgerDraft } from './ledger-draft.ts';

/** A ledger whose file stores are so long. */
class LongDraft extends LedgerDraft {
  override bytes(): number {
    return 131_000;
  }
}

it.each([
  ['a new entry', true, 'new entries are accepted up to 126720'],
  ['a rotation', false, 'an environment variable can hold 130816'],
])('names the limit that applies to %s', (_what, isNew, limit) => {
  const problem = sizeProblem(new LongDraft(EMPTY), proofOf(bucket('b'), 'd1'), {
    isNew,
    maxBytes: undefined,
    bytesBefore: 0,
  });
  expect(problem?.message).toBe(`The entry does not fit: with it the file stores would take 131000 bytes; ${limit}.`);
});
