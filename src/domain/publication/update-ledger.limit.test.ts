import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  entriesOf,
  keyIn,
  namesIn,
  proven,
  reasonOf,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { NEWCOMER_RESERVE_BYTES } from './file-stores-full.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';
import type { LiveClaim } from './live-claim.ts';

const B = bucket('b');
const omega = team('omega', B);
const published = update(EMPTY, [proven(omega, 'd1')]).ledger;

describe('the limit of an environment variable', () => {
  const bytes = Buffer.byteLength(entriesOf(published).join(','));

  it('refuses the newcomer that does not fit and keeps the incumbent', () => {
    const late = team('late', bucket('c'));
    const result = update(published, [proven(omega, 'd1'), proven(late, 'd3')], { maxBytes: bytes + 10 });

    expect(entriesOf(result.ledger)).toEqual(entriesOf(published));
    expect(reasonOf(result, late)).toBe('FileStoresFull');
    expect(reasonOf(result, omega)).toBeUndefined();
    expect(namesIn(result.ledger)).toEqual(['omega']);
  });

  it('stops newcomers 4 KiB before the end, so that a rotation of what stands always fits', () => {
    const long = (name: string, size: number, digest: string): LiveClaim => {
      const claim = proven(team(name, bucket(name)), digest);
      if (claim.proof?.credential?.kind !== 'AccessKey') throw new Error('no key');
      const credential = { ...claim.proof.credential, accessKeyId: 'x'.repeat(size) };
      return { ...claim, proof: { ...claim.proof, credential } };
    };
    const most = MAX_FILE_STORES_BYTES - NEWCOMER_RESERVE_BYTES;
    const big = long('big', most - 200, 'k1');
    const { ledger } = update(EMPTY, [big]);
    expect(namesIn(ledger)).toEqual(['big']);

    const other = long('other', 200, 'k2');
    expect(reasonOf(update(ledger, [big, other]), other)).toBe('FileStoresFull');
    const rotated = update(ledger, [long('big', most + 1_000, 'k3')]);
    expect(keyIn(rotated.ledger, bucket('big'))).toBe('k3');
  });

  it('a rotation that does not fit is refused, and what stands stays', () => {
    const result = update(published, [proven(omega, 'a-much-longer-key')], { maxBytes: bytes });

    expect(reasonOf(result, omega)).toBe('FileStoresFull');
    expect(result.ledger).toBe(published);
  });

  it('a format change that no longer fits is reported, and the former format stays', () => {
    const two = update(EMPTY, [proven(omega, 'd1'), proven(team('late', bucket('c')), 'd2')]).ledger;
    const maxBytes = Buffer.byteLength(entriesOf(two).join(','));
    const format = { separator: '--', variables: ['OTHER'] };
    const result = update(two, [], { maxBytes, instance: { format } });

    expect(result.formatProblem?.reason).toBe('FileStoresFull');
    expect(result.ledger.written).toEqual(two.written);
    expect(update(two, [], { maxBytes: maxBytes + 1, instance: { format } }).ledger.written).toEqual(format);
  });
});

it('takes in a claim that shares an entry though newcomers would not fit any more', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    proven(team(`t${String(index)}`, bucket(`b${String(index)}`)), 'k'),
  );
  const { ledger } = update(EMPTY, many);
  const sharing = proven(team('sharing', bucket('b0', 'sub', 'secret-b0')), 'k');
  const alone = proven(team('alone', bucket('c')), 'k');
  const next = update(ledger, [...many, sharing, alone], { maxBytes: 100 });

  expect(reasonOf(next, sharing)).toBeUndefined();
  expect(namesIn(next.ledger)).toContain('sharing');
  expect(reasonOf(next, alone)).toBe('FileStoresFull');
});
