import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, instanceClaim, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { revealCredential } from '../credentials/credential.ts';
import { decodeLedger, encodeLedger } from './ledger-format.ts';
import type { Ledger } from './ledger.ts';

const address = (name: string) => ({
  ...{ provider: 'S3Compatible', name, path: '' },
  ...{ endpoint: { scheme: 'https', host: 'minio.example', port: 443 }, region: 'us-east-1', addressing: 'Path' },
});
const source = (name: string) => ({
  ...{ kind: 'AccessKey', secretName: `secret-${name}`, accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
});
const credential = (key: string) => ({
  ...{ kind: 'AccessKey', accessKeyId: `id-${key}`, secretAccessKey: `hidden-${key}` },
});
const PROVEN = '2026-01-01T00:00:00Z';

const bare = (): Ledger => ({
  ...update(EMPTY, [proven(team('omega', bucket('b')), 'd1')]).ledger,
  rows: [{ address: bucket('b'), digest: 'd1', provenAt: PROVEN }],
  claims: [
    {
      ...{ kind: 'TeamStorage', name: '', address: bucket('b'), mode: 'Ambient', hasRow: true },
      ...{ boundRevision: 0, boundAt: PROVEN, provenAt: PROVEN },
    },
  ],
});

const BARE = {
  ...{ format: 3, salt: '00112233445566778899aabbccddeeff', revision: 1 },
  written: { separator: ',', variables: ['STORES'] },
  rows: [{ address: address('b'), digest: 'd1', provenAt: PROVEN }],
  claims: [
    {
      ...{ kind: 'TeamStorage', name: '', address: address('b'), mode: 'Ambient', hasRow: true },
      ...{ boundRevision: 0, boundAt: PROVEN, provenAt: PROVEN },
    },
  ],
};

const full = (): Ledger => {
  const { ledger } = update(EMPTY, [
    proven(team('omega', bucket('b'), { filesLeftIn: 'wandb' }), 'd1'),
    proven(instanceClaim(bucket('i')), 'i1'),
  ]);
  return {
    ...ledger,
    rows: ledger.rows.map((row) => ({ ...row, rotatedAt: '2026-02-01T00:00:00Z' })),
    claims: ledger.claims.map((one) =>
      one.kind === 'TeamStorage' ? { ...one, markedRetained: true, keptForGood: true } : one,
    ),
    knownHash: { digest: 'd', hash: 'h' },
    awaitsProof: true,
  };
};

const FULL = {
  ...{ format: 3, salt: '00112233445566778899aabbccddeeff', revision: 1 },
  written: { separator: ',', variables: ['STORES'] },
  knownHash: { digest: 'd', hash: 'h' },
  awaitsProof: true,
  slot: { address: address('i'), credential: credential('i1'), digest: 'i1', source: source('i'), provenAt: PROVEN },
  rows: [
    {
      ...{ address: address('b'), credential: credential('d1'), digest: 'd1', source: source('b') },
      ...{ provenAt: PROVEN, rotatedAt: '2026-02-01T00:00:00Z' },
    },
  ],
  claims: [
    {
      ...{ kind: 'TeamStorage', name: 'omega', team: 'omega', uid: 'uid-omega', address: address('b') },
      ...{ mode: 'AccessKey', hasRow: true, digest: 'd1', boundRevision: 1, boundAt: '2026-05-01T00:00:00Z' },
      ...{ provenAt: PROVEN, policy: 'Retain', filesLeftIn: 'wandb', markedRetained: true, keptForGood: true },
    },
    {
      ...{ kind: 'InstanceStorage', name: 'wandb', uid: 'uid-wandb', address: address('i') },
      ...{ mode: 'AccessKey', hasRow: false, digest: 'i1', boundRevision: 1, boundAt: '2026-05-01T00:00:00Z' },
      ...{ provenAt: PROVEN, policy: 'Retain' },
    },
  ],
};

function decoded(text: string): Ledger {
  const result = decodeLedger(text);
  if (!result.ok || result.value.kind !== 'Current') throw new Error('not read');
  return result.value.ledger;
}

describe('a stored ledger', () => {
  it.each([
    ['with every fact', full, FULL],
    ['with nothing but what it must hold', bare, BARE],
  ])('%s is this text, and is read from it', (_, ledger, stored) => {
    expect(encodeLedger(ledger())).toBe(JSON.stringify(stored));
    const { salt, rows, slot, ...facts } = decoded(JSON.stringify(stored));
    const plain = ({ credential: key, ...row }: Ledger['rows'][number]) => ({
      ...row,
      ...(key !== undefined && { credential: revealCredential(key) }),
    });
    expect({
      ...{ format: 3, salt: salt.reveal(), ...facts, rows: rows.map(plain) },
      ...(slot !== undefined && { slot: plain(slot) }),
    }).toStrictEqual(stored);
  });

  it.each<[string, object]>([
    ['a number as its salt', { salt: 5 }],
    ['a format that never was', { format: 0 }],
    ['no format', { format: undefined }],
    ['no revision', { revision: undefined }],
    ['a revision that is no number', { revision: '7' }],
    ['a record without its bucket', { claims: [{ ...BARE.claims[0], address: { provider: 'S3Compatible' } }] }],
    ['a row without its bucket', { rows: [{ ...BARE.rows[0], address: { provider: 'S3Compatible' } }] }],
    ['an instance bucket that is none', { slot: { address: { provider: 'S3Compatible' } } }],
  ])('is not read with %s', (_, changes) => {
    const text = JSON.stringify({ ...BARE, ...changes });
    expect(decodeLedger(text)).toEqual({ ok: false, error: 'Unreadable' });
  });

  const later = { address: { provider: 'Later', name: 'x', path: '' }, digest: '', provenAt: PROVEN };
  it.each<[string, object]>([
    ['a row', { rows: [later] }],
    ['a record', { claims: [later] }],
    ['the instance bucket', { slot: later }],
  ])('is of a newer version where %s alone is of an unknown provider', (_, changes) => {
    const text = JSON.stringify({ ...BARE, ...changes });
    expect(decodeLedger(text)).toEqual({ ok: false, error: 'Newer' });
  });

  it('of a former format keeps each key, and has none for an identity', () => {
    const record = (storage: object, more: object = {}) => ({
      claim: { kind: 'TeamStorage', name: 'omega', uid: 'u' },
      ...{ storage, provenAt: PROVEN, deletionPolicy: 'Retain', retained: false, ...more },
    });
    const stores = [record(address('b'), { credential: credential('d1') }), record(address('c'))];
    const result = decodeLedger(JSON.stringify({ format: 2, salt: 'x', stores }));
    if (!result.ok || result.value.kind !== 'Former') throw new Error('not read');
    const { salt, records } = result.value.ledger;
    const [keyed, ambient] = records;

    expect(salt.reveal()).toBe('x');
    expect(revealCredential(keyed!.credential!)).toEqual(credential('d1'));
    expect(ambient).toStrictEqual(record(address('c')));
  });
});
