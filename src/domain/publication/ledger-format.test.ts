import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { anyLedger } from '../../../test/support/fakes/arbitrary-stores.ts';
import { decodeLedger, encodeLedger, FORMAT } from './ledger-format.ts';
import type { Ledger } from './ledger.ts';
import { renderOutputs } from './outputs.ts';

function again(ledger: Ledger): Ledger {
  const decoded = decodeLedger(encodeLedger(ledger));
  if (!decoded.ok || decoded.value.kind !== 'Current') throw new Error('not read back');
  return decoded.value.ledger;
}

/** Every fact that a ledger can hold, whether it has been seen or not. */
const ledgers = fc
  .tuple(anyLedger, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([ledger, isRecovered, isKnown, isPartial]): Ledger => ({
    ...ledger,
    rows: ledger.rows.map(({ source, ...row }, index) => ({
      ...row,
      ...(!isRecovered && source !== undefined && { source }),
      ...(index % 2 === 0 && { rotatedAt: '2026-03-01T00:00:00Z' }),
    })),
    claims: ledger.claims.map(({ uid, digest, policy, ...record }, index) => ({
      ...record,
      ...(!isRecovered && {
        ...(uid !== undefined && { uid }),
        ...(digest !== undefined && { digest }),
        ...(policy !== undefined && { policy }),
      }),
      ...(index % 2 === 0 && { filesLeftIn: 'wandb' }),
    })),
    ...(isPartial && { awaitsProof: true as const }),
    ...(isKnown && { knownHash: { digest: renderOutputs(ledger, 's').digest, hash: 'former' } }),
  }));

describe('a ledger', () => {
  it('comes back from its text with equal bytes, and renders equal bytes (property)', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const back = again(ledger);
        const text = encodeLedger(ledger);
        expect(encodeLedger(back)).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(renderOutputs(back, 's')).toEqual(renderOutputs(ledger, 's'));
        expect([back.revision, back.written, back.knownHash, back.awaitsProof]).toEqual([
          ledger.revision,
          ledger.written,
          ledger.knownHash,
          ledger.awaitsProof,
        ]);
        // Text without a field is not the same as a field without value.
        expect(new Set(back.claims.map((record) => JSON.stringify(Object.entries(record).sort())))).toEqual(
          new Set(ledger.claims.map((record) => JSON.stringify(Object.entries(record).sort()))),
        );
      }),
    );
  });

  it('has the same text in whatever order its rows and records are (property)', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const turned = { ...ledger, rows: ledger.rows.toReversed(), claims: ledger.claims.toReversed() };
        expect(encodeLedger(turned)).toBe(encodeLedger(ledger));
      }),
    );
  });

  it.each([String(FORMAT + 1), '99'])('of format %s is one of a newer version', (format) => {
    expect(decodeLedger(`{"format":${format},"salt":"x","whatever":[]}`)).toEqual({ ok: false, error: 'Newer' });
  });

  it.each([1, 2])('of format %s is read as what it was', (format) => {
    const decoded = decodeLedger(`{"format":${String(format)},"salt":"x","stores":[]}`);
    expect(decoded).toMatchObject({ ok: true, value: { kind: 'Former', ledger: { records: [] } } });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"format":"4","salt":"x"}',
    '{"format":1,"salt":"x"}',
    '{"format":1,"salt":"x","stores":[{}]}',
    '{"format":3,"salt":"x","stores":[]}',
    '{"format":3,"salt":"","revision":1,"written":{"separator":",","variables":[]},"rows":[],"claims":[]}',
    '{"format":3,"salt":"x","revision":1.5,"written":{"separator":",","variables":[]},"rows":[],"claims":[]}',
    '{"format":3,"salt":"x","revision":1,"rows":[],"claims":[]}',
    '{"format":3,"salt":"x","revision":1,"written":{"separator":",","variables":[]},"rows":[{}],"claims":[]}',
    '{"format":3,"salt":"x","revision":1,"written":{"separator":",","variables":[]},"rows":[],"claims":[{}]}',
    '{"format":3,"salt":"x","revision":1,"written":{"separator":",","variables":[]},"rows":[],"slot":{},"claims":[]}',
  ])('is not read from %j', (text) => {
    expect(decodeLedger(text)).toEqual({ ok: false, error: 'Unreadable' });
  });

  it('is of a newer version where it holds a bucket of a provider that this version does not know', () => {
    const text = encodeLedger(update(EMPTY, [proven(team('omega', bucket('b')), 'd1')]).ledger);
    const later = text
      .replaceAll('"provider":"S3Compatible"', '"provider":"Later"')
      .replaceAll('"provider":"S3"', '"provider":"Later"');
    expect(later).not.toBe(text);
    expect(decodeLedger(later)).toEqual({ ok: false, error: 'Newer' });
  });

  it('is not read from half of its text (property)', () => {
    fc.assert(
      fc.property(ledgers, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ledger, share) => {
        const text = encodeLedger(ledger);
        expect(decodeLedger(text.slice(0, Math.floor(share * text.length)))).toEqual({
          ok: false,
          error: 'Unreadable',
        });
      }),
    );
  });
});
