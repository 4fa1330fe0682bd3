import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  instanceClaim,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { isProvenFor, servedBy } from './claim-publication.ts';
import { rowOf, type ClaimRecord, type Ledger } from './ledger.ts';
import { renderOutputs } from './outputs.ts';

const omega = team('omega', bucket('a'));
const wandb = instanceClaim(bucket('i'));
const ledger: Ledger = {
  ...update(EMPTY, [proven(omega, 'd1'), proven(wandb, 'd9')]).ledger,
  written: { separator: ',', variables: ['STORES', 'OTHER'] },
};
const { secret } = renderOutputs(ledger, 'wandb-storage');
const record = onlyRecord(ledger, omega);
const slot = onlyRecord(ledger, wandb);
const served = (one: ClaimRecord, data?: Readonly<Record<string, string>>): string =>
  servedBy(ledger, one, { secret: data, cloud: 'OnPremises' });

describe('whether the Secret holds the entry of a team', () => {
  it('is known once it has been read', () => {
    expect(served(record)).toBe('Unknown');
    expect(served(record, secret)).toBe('Yes');
    expect(served(record, {})).toBe('No');
  });

  it('is No unless each variable holds exactly the entry of its row', () => {
    expect(served(record, { ...secret, OTHER: '' })).toBe('No');
    expect(served(record, { ...secret, STORES: `${secret['STORES'] ?? ''}0` })).toBe('No');
    const rotated = update(ledger, [proven(omega, 'd2'), proven(wandb, 'd9')]).ledger;
    expect(servedBy(rotated, onlyRecord(rotated, omega), { secret, cloud: 'OnPremises' })).toBe('No');
    expect(servedBy({ ...ledger, rows: [] }, record, { secret, cloud: 'OnPremises' })).toBe('No');
  });

  /** Used by the identity of the server. */
  const ambient: ClaimRecord = {
    ...record,
    address: { provider: 'S3', name: 'b', path: '', region: 'us-east-1' },
    mode: 'Ambient',
    hasRow: false,
  };

  it('does not matter where W&B needs no entry, by the cloud or by what was decided for the former one', () => {
    expect(servedBy(ledger, ambient, { secret, cloud: 'AWS' })).toBe('NotNeeded');
    expect(servedBy(ledger, ambient, { secret })).toBe('NotNeeded');
    expect(servedBy(ledger, ambient, { secret, cloud: 'GCP' })).toBe('No');
    expect(servedBy(ledger, ambient, { cloud: 'GCP' })).toBe('Unknown');
    expect(servedBy(ledger, { ...record, mode: 'Ambient' }, { secret, cloud: 'AWS' })).toBe('Yes');
  });
});

describe('whether the Secret holds the bucket of the instance', () => {
  it('is No unless it holds each of its keys', () => {
    expect(served(slot)).toBe('Unknown');
    expect(served(slot, secret)).toBe('Yes');
    for (const key of ['BUCKET', 'ACCESS_KEY', 'SECRET_KEY'])
      expect(served(slot, { ...secret, [key]: 'x' })).toBe('No');
  });

  it('is No for a place that is not the bucket of the instance', () => {
    expect(served({ ...slot, address: bucket('elsewhere') }, secret)).toBe('No');
  });
});

describe('whether a row was proven for a claim', () => {
  const row = rowOf(ledger, record);
  if (row === undefined) throw new Error('there is no row');

  it('is whether it has the digest and the address that were proven; unknown counts as proven', () => {
    expect(isProvenFor(record, row)).toBe(true);
    expect(isProvenFor(record, { ...row, digest: 'd2' })).toBe(false);
    expect(isProvenFor(record, { ...row, address: bucket('b') })).toBe(false);
    expect(isProvenFor(omit(record, 'digest'), { ...row, digest: 'd2' })).toBe(true);
  });
});
