import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyFormat, anyLedger } from '../../../test/support/fakes/arbitrary-stores.ts';
import { fileStoreEntries } from './file-stores.ts';
import { renderOutputs } from './outputs.ts';
import { fileStoresIn, readWritten } from './written-format.ts';

const SPEC = { separator: ',', variables: ['STORES'] };

describe('how file stores are written', () => {
  it('is read from the Secret where it shows, and is as in the spec where it does not (property)', () => {
    fc.assert(
      fc.property(anyLedger, anyFormat, (ledger, spec) => {
        const { secret } = renderOutputs(ledger, 's');
        const entries = fileStoreEntries(ledger.rows);
        expect(readWritten(secret, spec)).toEqual({
          separator: entries.length > 1 ? ledger.written.separator : spec.separator,
          variables: entries.length > 0 ? ledger.written.variables : spec.variables,
        });
        expect(fileStoresIn(secret, spec)).toBe(entries.join(ledger.written.separator));
      }),
    );
  });

  it.each([
    ['an empty Secret', {}, SPEC],
    ['the instance bucket alone', { BUCKET: 's3://b', Region: 'r', url: 's3://b' }, SPEC],
    ['one entry', { X: 'cw://' }, { separator: ',', variables: ['X'] }],
    ['two entries', { X: 'gs://a|gs://b' }, { separator: '|', variables: ['X'] }],
    ['two variables', { Y: 'gs://a', X: 'gs://a' }, { separator: ',', variables: ['X', 'Y'] }],
  ])('%s', (_, secret, written) => {
    expect(readWritten(secret, SPEC)).toEqual(written);
  });

  it.each([
    ['in its variable', { A_NOTE: 'by hand', STORES: 'gs://a;gs://b' }, { separator: ';', variables: ['STORES'] }],
    ['in a variable of before', { A_NOTE: 'by hand', OLD: 'gs://a' }, { separator: ',', variables: ['OLD'] }],
    ['and by hand', { A_COPY: 'gs://a;gs://b', STORES: 'gs://a' }, { separator: ',', variables: ['STORES'] }],
    ['nowhere', { A_NOTE: 'by hand' }, SPEC],
  ])('a key that was added by hand is no variable: file stores %s', (_, secret, written) => {
    expect(readWritten(secret, SPEC)).toEqual(written);
    expect(fileStoresIn(secret, SPEC)).toBe((secret as Record<string, string>)[written.variables[0] ?? ''] ?? '');
  });

  it('keeps the order of the spec where the names are the same', () => {
    const spec = { separator: ',', variables: ['Y', 'X'] };
    expect(readWritten({ X: 'gs://a', Y: 'gs://a' }, spec)).toEqual(spec);
  });
});
