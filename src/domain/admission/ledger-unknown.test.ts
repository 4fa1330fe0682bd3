import { describe, expect, it } from '@jest/globals';
import { ledgerOf } from '../../../test/support/fakes/admission-world.ts';
import { ledgerUnknown } from './ledger-unknown.ts';
import type { LedgerView } from './world.ts';

const KNOWN: readonly LedgerView[] = [ledgerOf('wandb')];
const UNKNOWN: readonly LedgerView[] = [ledgerOf('lab'), { instance: 'wandb' }];

/** Why a claim in `ns` waits whose bucket has claims in `ns` and `n2`. */
function waits(ledgers: Readonly<Record<string, readonly LedgerView[]>>) {
  return ledgerUnknown({ ledgersIn: (namespace) => ledgers[namespace] ?? [] }, 'ns', ['ns', 'n2']);
}

describe('a newcomer', () => {
  it.each([
    ['does not wait where all ledgers are read', { ns: KNOWN, n2: KNOWN }],
    ['does not wait for a namespace without a claim on its bucket', { ns: KNOWN, n3: UNKNOWN }],
    ['does not wait where there is no ledger', {}],
  ])('%s', (_, ledgers) => {
    expect(waits(ledgers)).toBeUndefined();
  });

  it.each([
    ['of its namespace', { ns: UNKNOWN, n2: UNKNOWN }, 'InstanceStorage wandb'],
    ['of another namespace, which it does not name', { ns: KNOWN, n2: UNKNOWN }, 'an instance in another namespace'],
  ])('waits for a ledger %s', (_, ledgers, named) => {
    expect(waits(ledgers)).toEqual({
      reason: 'LedgerUnknown',
      message: `The ledger of ${named} has not been read, so it is not known whether another claim was there first.`,
      remedy: 'The operator tries again. The Published condition and the log of that instance show what prevents it.',
      failureClass: 'transient',
    });
  });
});
