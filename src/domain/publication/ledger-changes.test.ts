import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, evidence, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { Secret } from '../../base/secret.ts';
import type { ClaimState } from './claim-state.ts';
import { ledgerChanges, retainedRecords } from './ledger-changes.ts';
import { recordId, type Ledger } from './ledger.ts';

const omega = team('omega', bucket('a'), { deletionPolicy: 'Remove' });
const kappa = team('kappa', bucket('b'));
const base = update(EMPTY, [proven(omega, 'd1'), proven(kappa, 'k1')]).ledger;

function changes(before: Ledger, after: Ledger): readonly string[] {
  return ledgerChanges(before, after).map(
    ({ kind, record, isShared }) => `${kind} ${record.name}${isShared === true ? ' (shared)' : ''}`,
  );
}

describe('what has changed between two ledgers', () => {
  it('is each claim that was published, removed, or has another key', () => {
    expect(changes(EMPTY, base)).toEqual(['Published omega', 'Published kappa']);
    expect(changes(base, base)).toEqual([]);

    const rotated = update(base, [proven(omega, 'd2'), proven(kappa, 'k1')]).ledger;
    expect(changes(base, rotated)).toEqual(['Rotated omega']);

    const removed = update(base, [proven(kappa, 'k1')], { evidence: evidence.gone(omega) }).ledger;
    expect(changes(base, removed)).toEqual(['Removed omega']);
    expect(ledgerChanges(base, removed)[0]?.isShared).toBe(false);
  });

  it('is no removal of a bucket that others use', () => {
    const other = team('other', bucket('a', 'sub'));
    const both = update(EMPTY, [proven(omega, 'd1'), proven(other, 'd1')]).ledger;
    const one = update(both, [proven(other, 'd1')], { evidence: evidence.gone(omega) }).ledger;
    expect(changes(both, one)).toEqual(['Removed omega (shared)']);
  });

  it('is no rotation where a digest is unknown, or made with another salt', () => {
    const rotated = update(base, [proven(omega, 'd2'), proven(kappa, 'k1')]).ledger;
    const unknown = (ledger: Ledger): Ledger => ({
      ...ledger,
      claims: ledger.claims.map((record) => omit(record, 'digest')),
    });
    expect(changes(unknown(base), rotated)).toEqual([]);
    expect(changes(base, unknown(rotated))).toEqual([]);
    expect(changes(base, { ...rotated, salt: new Secret('ffeeddccbbaa99887766554433221100') })).toEqual([]);
  });
});

describe('a record that is retained', () => {
  const record = onlyRecord(base, kappa);
  const retained = (state: ClaimState | undefined, policy: 'Retain' | 'Remove' | undefined): boolean => {
    const one = { ...omit(record, 'policy'), ...(policy !== undefined && { policy }) };
    const states = new Map(state === undefined ? [] : [[recordId(one), state]]);
    return retainedRecords({ ...base, claims: [one] }, states).length === 1;
  };

  it.each<[ClaimState | undefined, 'Retain' | 'Remove' | undefined, boolean]>([
    ['Retained', 'Retain', true],
    ['Retained', undefined, true],
    ['LeftBehind', 'Retain', true],
    ['LeftBehind', undefined, true],
    ['LeftBehind', 'Remove', false],
    ['Held', 'Retain', false],
    ['Leaving', 'Remove', false],
    [undefined, 'Retain', false],
  ])('%s with policy %s: %s', (state, policy, wanted) => {
    expect(retained(state, policy)).toBe(wanted);
  });
});
