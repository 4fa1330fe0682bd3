import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyAmbientBucket, anyBucket, type Bucket } from '../../../test/support/fakes/arbitrary-stores.ts';
import { parseAddress } from '../../../test/support/fakes/file-store-grammar.ts';
import { revealCredential } from '../credentials/credential.ts';
import { fileStoreEntry, instanceBucketAddress, redactedAddress } from './file-store-address.ts';
import { slotAddress } from './ledger.ts';
import { parseFileStore } from './parse-file-store.ts';

const buckets = fc.oneof(anyBucket, anyAmbientBucket);

function revealed({ credential }: Pick<Bucket, 'credential'>): unknown {
  return credential === undefined ? undefined : revealCredential(credential);
}

/** CoreWeave by identity is one text for all, and AWS by identity names no host: both hold less than an address. */
function isComplete({ storage, credential }: Bucket): boolean {
  return credential !== undefined || (storage.provider !== 'CoreWeave' && storage.provider !== 'S3');
}

describe('an address of any provider with any credential', () => {
  it('is read back from an entry of the file stores, without the sub-path (property)', () => {
    fc.assert(
      fc.property(buckets, (bucket) => {
        fc.pre(bucket.credential !== undefined || bucket.storage.provider !== 'CoreWeave');
        const parsed = parseFileStore(fileStoreEntry(bucket.storage, bucket.credential));
        expect(parsed?.address).toEqual({ ...slotAddress(bucket.storage), path: '' });
        expect(revealed(parsed ?? {})).toEqual(revealed(bucket));
        expect(parsed?.isRedacted).toBe(false);
      }),
    );
  });

  it('is read back from the address of the instance bucket, with the sub-path (property)', () => {
    fc.assert(
      fc.property(buckets.filter(isComplete), (bucket) => {
        const parsed = parseFileStore(instanceBucketAddress(bucket.storage, bucket.credential));
        expect(parsed?.address).toEqual(slotAddress(bucket.storage));
        expect(revealed(parsed ?? {})).toEqual(revealed(bucket));
      }),
    );
  });

  it('is read back from the form without credentials, and marked as that (property)', () => {
    fc.assert(
      fc.property(buckets, ({ storage }) => {
        const parsed = parseFileStore(redactedAddress(storage, storage.credentials.kind));
        expect(parsed).toEqual({
          address: slotAddress(storage),
          isRedacted: storage.credentials.kind !== 'Ambient',
        });
      }),
    );
  });

  it('is read as an independent reader of the grammar reads it (property)', () => {
    fc.assert(
      fc.property(buckets.filter(isComplete), ({ storage, credential }) => {
        const text = instanceBucketAddress(storage, credential);
        const witness = parseAddress(text);
        const parsed = parseFileStore(text);
        expect(parsed?.address).toMatchObject({ name: witness.bucket, path: witness.path });
        const found = parsed?.credential;
        const [user, secret] =
          found?.kind === 'AccessKey'
            ? [found.accessKeyId, found.secretAccessKey.reveal()]
            : found?.kind === 'ServiceAccountKey'
              ? [found.clientEmail, found.privateKey.reveal()]
              : ['', found?.accountKey.reveal() ?? ''];
        expect([user, secret]).toEqual([witness.user, witness.secret]);
        if (parsed?.address.provider === 'AzureBlob') expect(parsed.address.storageAccount).toBe(witness.host);
      }),
    );
  });
});

it.each([
  '',
  'cw://',
  'b',
  'https://minio.example/b',
  's3://minio.example/b',
  's3://s3.eu-central-1.amazonaws.com',
  's3://minio.example:port/b?region=r&tls=true',
  'az://account',
  'cw://k:s@cwobject.com',
  's3://k:s@cwobject.com/b?region=r',
  's3://k:s@s3.a.amazonaws.com/b?region=a%20b',
  's3://k%:s@minio.example/b?region=r&tls=true',
  's3://k:s@minio.example/%zz?region=r&tls=true',
])('%j is no address that the operator writes', (text) => {
  expect(parseFileStore(text)).toBeUndefined();
});

it('makes something of any text, or nothing, and throws for none (property)', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(s3|cw|gs|az):\/\/[%a-z:@/?&=.]{0,30}$/)), (text) => {
      expect(() => parseFileStore(text)).not.toThrow();
    }),
  );
});
