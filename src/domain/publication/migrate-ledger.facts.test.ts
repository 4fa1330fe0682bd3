import { describe, expect, it } from '@jest/globals';
import { bucket, COMMA } from '../../../test/support/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import type { BucketStorage, S3Storage } from '../bucket/storage.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { fileStoreEntry } from './file-store-address.ts';
import type { DeploymentCloud } from './file-stores.ts';
import type { FormerRecord } from './former-ledger.ts';
import { instanceSecretKeys } from './instance-keys.ts';
import type { Ledger } from './ledger.ts';
import { migrateLedger } from './migrate-ledger.ts';
import type { OutputData } from './outputs.ts';

const SALT = new Secret('0123456789abcdef0123456789abcdef');
const NOW = Date.parse('2024-06-01T00:00:00.999Z');
const keyOf = (name: string) => ({ kind: 'AccessKey', accessKeyId: name, secretAccessKey: new Secret('s') }) as const;
const AMBIENT = { kind: 'Ambient' } as const;
const s3 = (path = ''): S3Storage => ({
  ...{ provider: 'S3', name: 's', path, region: 'us-east-1' },
  credentials: AMBIENT,
});
const withKeys = (path: string): S3Storage => ({ ...s3(path), credentials: bucket('s').credentials });

function record(name: string, storage: BucketStorage, changes: Partial<FormerRecord> = {}): FormerRecord {
  return {
    claim: { kind: 'TeamStorage', name, uid: `uid-${name}`, team: `team ${name}` },
    storage,
    ...(storage.credentials.kind !== 'Ambient' && { credential: keyOf(name) }),
    ...{ provenAt: '2026-01-01T00:00:00Z', deletionPolicy: 'Retain', retained: false },
    ...changes,
  };
}

const instance = (name: string, storage: BucketStorage, changes: Partial<FormerRecord> = {}): FormerRecord =>
  record(name, storage, { claim: { kind: 'InstanceStorage', name: 'wandb', uid: `uid-${name}` }, ...changes });

function migrated(
  records: readonly FormerRecord[],
  secret?: OutputData,
  cloud: DeploymentCloud = 'OnPremises',
): Ledger {
  return migrateLedger({ salt: SALT, records }, secret, { cloud, format: COMMA }, NOW);
}

const entry = ({ storage, credential }: FormerRecord): string => fileStoreEntry(storage, credential);
const withRows = ({ claims }: Ledger): unknown => claims.map(({ name, hasRow }) => [name, hasRow]);
const keysIn = ({ rows }: Ledger): unknown =>
  rows.map(({ credential }) => (credential as { accessKeyId?: string } | undefined)?.accessKeyId);

describe('a record of a former ledger', () => {
  it('keeps what it says', () => {
    const { credentials, ...address } = bucket('b', 'p');
    const rotatedAt = '2026-02-01T00:00:00Z';
    const { revision, rows, claims } = migrated([
      record('omega', bucket('b', 'p'), { rotatedAt, retained: true, deletionPolicy: 'Remove' }),
    ]);
    const digest = credentialDigest(SALT, keyOf('omega'));
    const provenAt = '2026-01-01T00:00:00Z';

    expect(revision).toBe(Date.parse('2024-06-01T00:00:00Z') / 1000);
    expect(rows).toStrictEqual([
      {
        address: { ...address, path: '' },
        credential: keyOf('omega'),
        digest,
        source: credentials,
        provenAt,
        rotatedAt,
      },
    ]);
    expect(claims).toStrictEqual([
      {
        ...{ kind: 'TeamStorage', name: 'omega', team: 'team omega', uid: 'uid-omega', address, mode: 'AccessKey' },
        ...{ hasRow: true, digest, boundRevision: 0, boundAt: provenAt, provenAt, policy: 'Remove' },
        markedRetained: true,
      },
    ]);
  });

  it('of an instance without a team, by its identity, has neither key nor digest', () => {
    const { slot, claims, rows } = migrated([instance('wandb', { ...s3('runs'), kmsKeyArn: 'arn' })], undefined, 'AWS');
    const address = { provider: 'S3', name: 's', path: 'runs', region: 'us-east-1', kmsKeyArn: 'arn' };
    const provenAt = '2026-01-01T00:00:00Z';

    expect(rows).toEqual([]);
    expect(slot).toStrictEqual({ address, digest: '', source: AMBIENT, provenAt });
    expect(claims).toStrictEqual([
      {
        ...{ kind: 'InstanceStorage', name: 'wandb', uid: 'uid-wandb', address, mode: 'Ambient', hasRow: false },
        ...{ digest: '', boundRevision: 0, boundAt: provenAt, provenAt, policy: 'Retain' },
      },
    ]);
  });

  it('is bound in the order of the first proofs', () => {
    const late = record('late', bucket('a'), { provenAt: '2026-02-01T00:00:00Z' });
    const early = record('early', bucket('b'));
    expect(migrated([late, early]).claims.map(({ name, boundRevision }) => [name, boundRevision])).toEqual([
      ['early', 0],
      ['late', 1],
    ]);
  });
});

describe('of two keys for one bucket, without a Secret', () => {
  const day = (name: string, provenAt: string, retained = false): FormerRecord =>
    record(name, bucket('b', name), { provenAt: `2026-01-0${provenAt}T00:00:00Z`, retained });

  it.each<[string, readonly FormerRecord[], string]>([
    ['the newer proof', [day('old', '1'), day('new', '2')], 'new'],
    ['the live one before a retained one', [day('live', '1'), day('gone', '2', true)], 'live'],
    ['the first by name, where both are as old', [day('b', '1'), day('a', '1')], 'a'],
  ])('has the row: %s', (_, records, name) => {
    expect(keysIn(migrated(records))).toEqual([name]);
    expect(keysIn(migrated(records.toReversed()))).toEqual([name]);
  });

  it('the published one has the row, whatever else is newer or live', () => {
    const [gone, live] = [day('gone', '1', true), day('live', '2')];
    expect(keysIn(migrated([gone, live], { STORES: entry(gone) }))).toEqual(['gone']);
  });
});

describe('an identity of a former ledger', () => {
  const native = record('native', s3('n'));
  const keyed = record('keyed', withKeys('k'));

  it.each<[string, readonly FormerRecord[], OutputData | undefined, DeploymentCloud, unknown]>([
    [
      'keeps the entry that stands, though the cloud needs none',
      [native],
      { STORES: entry(native) },
      'AWS',
      [['native', true]],
    ],
    ['gets none that does not stand', [native], {}, 'GCP', [['native', false]]],
    ['gets the one it needs where nothing was published yet', [native], undefined, 'GCP', [['native', true]]],
    ['gets none that it does not need', [native], undefined, 'AWS', [['native', false]]],
    [
      'shares the entry with a key where it needs one',
      [native, keyed],
      { STORES: entry(keyed) },
      'GCP',
      [
        ['keyed', true],
        ['native', true],
      ],
    ],
    [
      'has none beside an entry with a key on its own cloud',
      [native, keyed],
      { STORES: entry(keyed) },
      'AWS',
      [
        ['keyed', true],
        ['native', false],
      ],
    ],
  ])('%s', (...[, records, secret, cloud, wanted]) => {
    expect(withRows(migrated(records, secret, cloud))).toEqual(wanted);
  });
});

describe('the instance bucket of a former ledger', () => {
  const [old, now] = ['old', 'new'].map((name, index) =>
    instance(name, bucket(name), { retained: name === 'old', provenAt: `2026-01-0${index + 1}T00:00:00Z` }),
  ) as [FormerRecord, FormerRecord];
  const published = ({ storage, credential }: FormerRecord): OutputData =>
    instanceSecretKeys({ address: storage, digest: '', provenAt: '', ...(credential !== undefined && { credential }) });

  it.each<[string, readonly FormerRecord[], OutputData | undefined, string | undefined]>([
    ['that stands', [old, now], published(old), 'old'],
    ['that stands, among others', [old, now], published(now), 'new'],
    ['of the live one, where none stands', [old, now], undefined, 'new'],
    [
      'of the live one, where a key of what stands was edited',
      [old, now],
      { ...published(old), SecretKey: 'x' },
      'new',
    ],
    ['of the retained one, where there is no other', [old], {}, 'old'],
    ['of no team', [record('omega', bucket('b'))], undefined, undefined],
  ])('is the one %s', (_, records, secret, name) => {
    expect(migrated(records, secret).slot?.address.name).toBe(name);
  });
});

describe('two incarnations at one place', () => {
  const at = (uid: string, day: number, retained: boolean): FormerRecord =>
    record('omega', bucket('b'), {
      claim: { kind: 'TeamStorage', name: 'omega', uid },
      ...{ provenAt: `2026-01-0${String(day)}T00:00:00Z`, retained },
    });

  it.each<[string, readonly FormerRecord[], string]>([
    ['the live one, though it is older', [at('live', 1, false), at('gone', 2, true)], 'live'],
    ['the live one, though it is newer', [at('gone', 1, true), at('live', 2, false)], 'live'],
    ['the newer one, where both are live', [at('a', 1, false), at('b', 2, false)], 'b'],
    ['the newer one, where both are gone', [at('a', 1, true), at('b', 2, true)], 'b'],
  ])('become one record, of %s', (_, records, uid) => {
    expect(migrated(records).claims.map((claim) => claim.uid)).toEqual([uid]);
  });

  it('of other kinds, names or paths stay two', () => {
    const others = [
      record('omega', bucket('b')),
      record('kappa', bucket('b')),
      record('omega', bucket('b', 'p')),
      instance('omega', bucket('b'), { claim: { kind: 'InstanceStorage', name: 'omega', uid: 'u' } }),
    ];
    expect(migrated(others).claims).toHaveLength(4);
  });
});
