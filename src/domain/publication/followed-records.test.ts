import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { followed, rememberFollowed } from './followed-records.ts';
import type { ClaimRecord } from './ledger.ts';
import type { LedgerUpdate } from './update-ledger.ts';

type Instance = Pick<LedgerUpdate['instance'], 'name' | 'state' | 'cloud'>;

const INSTANCE: Instance = { name: 'wandb', state: 'Live', cloud: 'OnPremises' };
const AWS_BUCKET: ClaimRecord['address'] = { provider: 'S3', name: 'b', path: '', region: 'us-east-1' };
const claim = proven(team('omega', bucket('a')), 'd1');

/** Another record each time, of which nothing is remembered. */
function newRecord(changes: Partial<ClaimRecord> = {}): ClaimRecord {
  return { ...onlyRecord(update(EMPTY, [claim]).ledger, claim), ...changes };
}

describe('a record that follows its object', () => {
  it('is remembered with its state for exactly this claim and this instance', () => {
    const record = newRecord();
    expect(followed(record, claim, INSTANCE)).toBeUndefined();

    rememberFollowed(record, claim, INSTANCE, 'Held');

    expect(followed(record, claim, INSTANCE)).toBe('Held');
    expect(followed(record, { ...claim }, INSTANCE)).toBeUndefined();
    expect(followed(newRecord(), claim, INSTANCE)).toBeUndefined();
    expect(followed(record, claim, { ...INSTANCE, name: 'other' })).toBeUndefined();
    expect(followed(record, claim, { ...INSTANCE, state: 'Frozen' })).toBeUndefined();
    expect(followed(record, claim, { ...INSTANCE, cloud: 'AWS' })).toBeUndefined();
  });

  it('is not remembered without an object, or before its state is known', () => {
    const record = newRecord();
    rememberFollowed(record, undefined, INSTANCE, 'Held');
    rememberFollowed(record, claim, INSTANCE, undefined);
    expect(followed(record, claim, INSTANCE)).toBeUndefined();
  });

  /** Used by the identity of the server, which is not native to this store: it needs a row, for which there must be room. */
  const waiting: Partial<ClaimRecord> = { mode: 'Ambient', hasRow: false };

  it('is not remembered while it waits for room for a row', () => {
    const record = newRecord(waiting);
    rememberFollowed(record, claim, INSTANCE, 'Held');
    expect(followed(record, claim, INSTANCE)).toBeUndefined();
  });

  it.each<[string, Partial<ClaimRecord>, Partial<Instance>]>([
    ['has a row', { hasRow: true }, {}],
    ['has a key', { mode: 'AccessKey' }, {}],
    ['is an instance bucket', { kind: 'InstanceStorage' }, {}],
    ['is of a frozen instance', {}, { state: 'Frozen' }],
    ['is on the store of the cloud', { address: AWS_BUCKET }, { cloud: 'AWS' }],
  ])('is remembered where it gets no row: it %s', (_, changes, instance) => {
    const record = newRecord({ ...waiting, ...changes });
    const at = { ...INSTANCE, ...instance };
    rememberFollowed(record, claim, at, 'Held');
    expect(followed(record, claim, at)).toBe('Held');
  });
});
