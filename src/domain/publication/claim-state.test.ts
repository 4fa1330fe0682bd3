import { expect, it } from '@jest/globals';
import { claimState, isSameIncarnation, type ClaimState, type NamesakeView } from './claim-state.ts';
import type { DeletionPolicy } from './ledger.ts';

// The table of states in docs/explanation/publishing.md, cell by cell.
const STATES: readonly (readonly [string, NamesakeView['resolves'] | 'gone', string, ClaimState])[] = [
  ['exists, the same: any incarnation, any policy', 'Same', 'same Forbid Retain', 'Held'],
  ['', 'Same', 'same Forbid Remove', 'Held'],
  ['', 'Same', 'same Allow Retain', 'Held'],
  ['', 'Same', 'same Allow Remove', 'Held'],
  ['', 'Same', 'other Forbid Retain', 'Held'],
  ['', 'Same', 'other Forbid Remove', 'Held'],
  ['', 'Same', 'other Allow Retain', 'Held'],
  ['', 'Same', 'other Allow Remove', 'Held'],
  ['exists, unresolved: any incarnation, any policy', 'Unresolved', 'same Forbid Retain', 'Held'],
  ['', 'Unresolved', 'same Forbid Remove', 'Held'],
  ['', 'Unresolved', 'same Allow Retain', 'Held'],
  ['', 'Unresolved', 'same Allow Remove', 'Held'],
  ['', 'Unresolved', 'other Forbid Retain', 'Held'],
  ['', 'Unresolved', 'other Forbid Remove', 'Held'],
  ['', 'Unresolved', 'other Allow Retain', 'Held'],
  ['', 'Unresolved', 'other Allow Remove', 'Held'],
  ['exists, other, same uid, Forbid', 'Other', 'same Forbid Retain', 'Held'],
  ['', 'Other', 'same Forbid Remove', 'Held'],
  ['exists, none, same uid, Forbid', 'None', 'same Forbid Retain', 'Held'],
  ['', 'None', 'same Forbid Remove', 'Held'],
  ['exists, other, same uid, Allow', 'Other', 'same Allow Retain', 'Moving'],
  ['', 'Other', 'same Allow Remove', 'Moving'],
  ['exists, none, same uid, Allow: it was asked for', 'None', 'same Allow Retain', 'MovingOut'],
  ['', 'None', 'same Allow Remove', 'MovingOut'],
  ['exists, other, other uid', 'Other', 'other Forbid Retain', 'LeftBehind'],
  ['', 'Other', 'other Forbid Remove', 'LeftBehind'],
  ['', 'Other', 'other Allow Retain', 'LeftBehind'],
  ['', 'Other', 'other Allow Remove', 'LeftBehind'],
  ['exists with another uid and none, Retain', 'None', 'other Forbid Retain', 'Retained'],
  ['', 'None', 'other Allow Retain', 'Retained'],
  ['exists with another uid and none, Remove', 'None', 'other Forbid Remove', 'Leaving'],
  ['', 'None', 'other Allow Remove', 'Leaving'],
  ['gone, Retain', 'gone', '- - Retain', 'Retained'],
  ['gone, Remove', 'gone', '- - Remove', 'Leaving'],
];

/** `same`, `other` or `unknown` incarnation; bucketChangePolicy; deletionPolicy, which may be `unknown`. */
function stateIn(resolves: NamesakeView['resolves'] | 'gone', cell: string): ClaimState {
  const [incarnation = '', bucketChangePolicy, policy] = cell.split(' ');
  const record = {
    ...(incarnation !== 'unknown' && { uid: 'uid-1' }),
    ...(policy !== 'unknown' && { policy: policy as DeletionPolicy }),
  };
  if (resolves === 'gone') return claimState(record, undefined);
  return claimState(record, {
    uid: incarnation === 'other' ? 'uid-2' : 'uid-1',
    resolves,
    bucketChangePolicy: bucketChangePolicy as NamesakeView['bucketChangePolicy'],
  });
}

it.each(STATES)('%s (%s, %s): %s', (_row, resolves, cell, state) => {
  expect(stateIn(resolves, cell)).toBe(state);
});

it.each(STATES.filter(([, , cell]) => cell.startsWith('same')))(
  '%s (%s, %s), uid not known after a recovery: %s',
  (_row, resolves, cell, state) => {
    expect(stateIn(resolves, cell.replace('same', 'unknown'))).toBe(state);
  },
);

it.each(STATES.filter(([, , cell]) => cell.endsWith('Retain')))(
  '%s (%s, %s), policy not known after a recovery: %s',
  (_row, resolves, cell, state) => {
    expect(stateIn(resolves, cell.replace('Retain', 'unknown'))).toBe(state);
  },
);

it('names every cell of the table once', () => {
  expect(new Set(STATES.map(([, resolves, cell]) => `${resolves} ${cell}`)).size).toBe(4 * 8 + 2);
});

it('takes an incarnation that is not known for the same', () => {
  expect(isSameIncarnation({}, { uid: 'u' })).toBe(true);
  expect(isSameIncarnation({ uid: 'u' }, { uid: 'u' })).toBe(true);
  expect(isSameIncarnation({ uid: 'v' }, { uid: 'u' })).toBe(false);
});
