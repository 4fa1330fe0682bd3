import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import type { Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const AWS = { instance: { cloud: 'AWS' } } as const;
const S3 = { provider: 'S3', name: 'n', region: 'eu-central-1' } as const;

describe('a key that was rotated while ledger and listing were lost', () => {
  const at = (name: string, changes: Partial<LiveClaim> = {}): LiveClaim =>
    team(name, bucket('b', name), { wasBound: true, ...changes });
  const unclaimed = (): Ledger => {
    const { rows, claims, ...ledger } = update(EMPTY, [proven(team('lost', bucket('b')), 'd1')]).ledger;
    return {
      ...ledger,
      rows: rows.map((row) => omit(row, 'source')),
      claims: claims.map((record) => ({ ...omit(record, 'policy'), name: '' })),
    };
  };

  it.each<[string, LiveClaim]>([
    ['an instance', { ...at('other'), kind: 'InstanceStorage' }],
    ['a claim of another instance', at('other', { resolves: { instance: 'lab', storage: bucket('b', 'other') } })],
    ['a claim that asks for no bucket', at('other', { resolves: 'None' })],
    ['a claim that cannot be read', at('other', { resolves: 'Unresolved' })],
    ['a claim on another bucket', at('other', { resolves: { instance: 'wandb', storage: bucket('c') } })],
    ['the claim itself', at('omega')],
  ])('does not wait for %s', (_, other) => {
    const { ledger } = update(unclaimed(), [proven(at('omega'), 'd2'), other]);
    expect(ledger.rows.map(({ digest }) => digest)).toEqual(['d2']);
  });

  it('waits for another that has proven it at another address', () => {
    const moved = { ...bucket('b', 'other'), region: 'eu-west-1' };
    const other = proven(at('other', { resolves: { instance: 'wandb', storage: moved } }), 'd2');
    const { ledger } = update(unclaimed(), [proven(at('omega'), 'd2'), other]);
    expect(ledger.rows.map(({ digest }) => digest)).toEqual(['d1']);
  });

  it('does not wait for one that has its record, though that needs no entry', () => {
    const keys = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
    const other = team('other', { ...S3, path: 'other', credentials: { kind: 'Ambient' } }, { wasBound: true });
    const lost = team('lost', { ...S3, path: 'lost', credentials: keys });
    const both = update(EMPTY, [proven(other, ''), proven(lost, 'd1')], AWS).ledger;
    const rows = both.rows.map((row) => omit(row, 'source'));
    const claims = both.claims.map((one) => (one.name === 'lost' ? { ...omit(one, 'policy'), name: '' } : one));
    const next = proven(team('next', { ...S3, path: 'next', credentials: keys }), 'd2');
    const { ledger } = update({ ...both, rows, claims }, [other, next], AWS);
    expect(ledger.rows.map(({ digest }) => digest)).toEqual(['d2']);
  });
});
