import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyLedger } from '../../../test/support/fakes/arbitrary-stores.ts';
import { Secret } from '../../base/secret.ts';
import { renderOutputs } from './outputs.ts';
import { isSealedBy, readSeal, sealOf } from './seal.ts';

const DIGEST = 'ab'.repeat(32);

describe('a seal', () => {
  it('is read back as it was written, and holds for the data that it was made for (property)', () => {
    fc.assert(
      fc.property(anyLedger, (ledger) => {
        const { secret, digest } = renderOutputs(ledger, 's');
        const seal = readSeal(sealOf(ledger, digest));
        if (seal === undefined) throw new Error('not read');
        expect(seal).toEqual({ salt: ledger.salt.reveal(), revision: ledger.revision, digest });
        expect(isSealedBy(ledger, seal, secret)).toBe(true);
        expect(isSealedBy(ledger, seal, { ...secret, EXTRA: '' })).toBe(false);
        expect(isSealedBy({ salt: new Secret('other') }, seal, secret)).toBe(false);
        // In whatever order the API server gives the keys.
        expect(isSealedBy(ledger, seal, Object.fromEntries(Object.entries(secret).toReversed()))).toBe(true);
      }),
    );
  });

  it('is broken by any value that was edited (property)', () => {
    fc.assert(
      fc.property(anyLedger, fc.nat(), fc.string(), (ledger, at, text) => {
        const { secret, digest } = renderOutputs(ledger, 's');
        const keys = Object.keys(secret);
        const key = keys[at % Math.max(1, keys.length)];
        fc.pre(key !== undefined && secret[key] !== text);
        const seal = readSeal(sealOf(ledger, digest));
        expect(seal && isSealedBy(ledger, seal, { ...secret, [key]: text })).toBe(false);
      }),
    );
  });

  it.each([
    undefined,
    '',
    DIGEST,
    `1.5.salt`,
    `1.5.salt.${DIGEST}x`,
    `1.-5.salt.${DIGEST}`,
    `1.5..${DIGEST}`,
    `1.5.sa.lt.${DIGEST}`,
    `2.5.salt.${DIGEST}`,
    `1.1234567890123456.salt.${DIGEST}`,
    ` 1.5.salt.${DIGEST}`,
  ])('is not read from %j', (text) => {
    expect(readSeal(text)).toBeUndefined();
  });
});
