import { describe, expect, it } from '@jest/globals';
import { omit } from '../../../test/support/fakes/omit.ts';
import {
  bucket,
  EMPTY,
  instanceClaim,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import type { BucketAddress, BucketStorage } from '../bucket/storage.ts';
import { claimsInOrder, recordsByClaim, recordsOf, rowAddress, rowOf, rowsInOrder, slotAddress } from './ledger.ts';

const omega = team('omega', bucket('b', 'teams/omega'));
const wandb = instanceClaim(bucket('i', 'runs'));
const stored = () => update(EMPTY, [proven(omega, 'd1'), proven(wandb, 'i1')]).ledger;

const place = { name: 'n', path: 'p/q' };
const keys = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const endpoint = { scheme: 'https', host: 'minio.example', port: 9000 } as const;
const caBundle = { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' } as const;

describe('the address of a bucket', () => {
  it.each<[string, BucketStorage, BucketAddress]>([
    [
      'S3',
      { provider: 'S3', ...place, region: 'r', expectedBucketOwner: '1', credentials: keys },
      { provider: 'S3', ...place, region: 'r' },
    ],
    [
      'S3 at an endpoint with a KMS key',
      { provider: 'S3', ...place, region: 'r', endpoint, kmsKeyArn: 'arn', credentials: keys },
      { provider: 'S3', ...place, region: 'r', endpoint, kmsKeyArn: 'arn' },
    ],
    [
      'S3Compatible',
      { provider: 'S3Compatible', ...place, region: 'r', endpoint, addressing: 'Path', caBundle, credentials: keys },
      { provider: 'S3Compatible', ...place, region: 'r', endpoint, addressing: 'Path' },
    ],
    [
      'S3Compatible with a KMS key',
      {
        provider: 'S3Compatible',
        ...place,
        region: 'r',
        endpoint,
        addressing: 'Path',
        kmsKeyId: 'k',
        credentials: keys,
      },
      { provider: 'S3Compatible', ...place, region: 'r', endpoint, addressing: 'Path', kmsKeyId: 'k' },
    ],
    [
      'CoreWeave',
      { provider: 'CoreWeave', ...place, region: 'r', credentials: keys },
      { provider: 'CoreWeave', ...place, region: 'r' },
    ],
    [
      'CoreWeave without a region',
      { provider: 'CoreWeave', ...place, credentials: keys },
      { provider: 'CoreWeave', ...place },
    ],
    [
      'AzureBlob',
      { provider: 'AzureBlob', ...place, storageAccount: 'acc', credentials: { kind: 'Ambient' } },
      { provider: 'AzureBlob', ...place, storageAccount: 'acc' },
    ],
    ['GCS', { provider: 'GCS', ...place, credentials: { kind: 'Ambient' } }, { provider: 'GCS', ...place }],
  ])('of %s is stored without its sign-in; among the file stores without path and KMS key', (_, storage, address) => {
    const whole = omit(omit({ kmsKeyArn: '', kmsKeyId: '', ...address, path: '' }, 'kmsKeyArn'), 'kmsKeyId');
    expect(slotAddress(storage)).toStrictEqual(address);
    expect(rowAddress(storage)).toStrictEqual(whole);
  });
});

describe('the row that serves a record', () => {
  it('is that of its bucket for a team with an entry', () => {
    const ledger = stored();
    const record = onlyRecord(ledger, omega);
    expect(rowOf(ledger, record)).toBe(ledger.rows[0]);
    expect(rowOf(ledger, { ...record, hasRow: false })).toBeUndefined();
    expect(rowOf(ledger, { ...record, address: bucket('c') })).toBeUndefined();
  });

  it('is the instance bucket for an instance at its place', () => {
    const { slot, ...others } = stored();
    const ledger = { ...others, slot: slot! };
    const record = onlyRecord(ledger, wandb);
    expect(rowOf(ledger, record)).toBe(slot);
    expect(rowOf(ledger, { ...record, address: bucket('i', 'other') })).toBeUndefined();
    expect(rowOf(others, record)).toBeUndefined();
  });
});

it('finds the records of a claim by kind and name', () => {
  const ledger = stored();
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  expect(names(recordsOf(ledger, omega))).toEqual(['omega']);
  expect(names(recordsOf(ledger, { kind: 'InstanceStorage', name: 'omega' }))).toEqual([]);
  expect([...recordsByClaim(ledger).keys()]).toEqual(['TeamStorage/omega', 'InstanceStorage/wandb']);
});

describe('the canonical order', () => {
  it('of records is by bucket, path, kind and name', () => {
    const at = (name: string, at: string, path: string) => ({
      ...onlyRecord(stored(), omega),
      name,
      address: bucket(at, path),
    });
    const ordered = [at('z', 'a', ''), at('a', 'a', 'p'), at('b', 'a', 'p'), at('a', 'b', '')];
    expect(claimsInOrder(ordered.toReversed())).toEqual(ordered);
    const [first] = ordered;
    const twice = [
      { ...first!, uid: '1' },
      { ...first!, uid: '2' },
    ];
    expect(claimsInOrder(twice.toReversed())).toEqual(twice);
  });

  it('of rows is by bucket', () => {
    const rows = ['a', 'b', 'c'].map((name) => ({ ...stored().rows[0]!, address: bucket(name) }));
    expect(rowsInOrder([rows[1]!, rows[2]!, rows[0]!])).toEqual(rows);
  });
});
