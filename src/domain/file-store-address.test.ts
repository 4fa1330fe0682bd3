import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileStoreEntry, instanceBucketAddress, redactedAddress } from './file-store-address.ts';
import { Secret } from './secret.ts';
import type { Credential, S3CompatibleStorage, S3Storage } from './storage.ts';

const credentials = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const minio: S3CompatibleStorage = {
  provider: 'S3Compatible',
  name: 'omega-data',
  path: 'teams/omega',
  endpoint: { scheme: 'https', host: 'minio.acme.example', port: 9000 },
  region: 'us-east-1',
  addressing: 'Path',
  credentials,
};
const aws: S3Storage = { provider: 'S3', name: 'acme', path: '', region: 'eu-central-1', credentials };

function key(accessKeyId: string, secret: string): Credential {
  return { kind: 'AccessKey', accessKeyId, secretAccessKey: new Secret(secret) };
}

describe('fileStoreEntry', () => {
  it('follows the documented form for AWS', () => {
    expect(fileStoreEntry(aws, key('AKIA', 'abc'))).toBe(
      's3://AKIA:abc@s3.eu-central-1.amazonaws.com/acme?region=eu-central-1',
    );
  });

  it('follows the documented form for S3-compatible stores, without the sub-path', () => {
    expect(fileStoreEntry(minio, key('AKIA', 'abc'))).toBe(
      's3://AKIA:abc@minio.acme.example:9000/omega-data?region=us-east-1&tls=true',
    );
  });

  it('says that plain HTTP is plain', () => {
    const plain = { ...minio, endpoint: { ...minio.endpoint, scheme: 'http' as const } };

    expect(fileStoreEntry(plain, key('k', 's'))).toContain('&tls=false');
  });

  it('keeps the sub-path for the instance bucket', () => {
    expect(instanceBucketAddress(minio, key('k', 's'))).toContain('/omega-data/teams/omega?');
  });
});

/** A reader written from the grammar in the documentation, stricter than any URL library. */
function strictParse(entry: string) {
  const match =
    /^s3:\/\/((?:[\w.~-]|%[0-9A-F]{2})+):((?:[\w.~-]|%[0-9A-F]{2})+)@([a-z0-9.-]+(?::\d+)?)\/((?:[\w.~-]|%[0-9A-F]{2})+)\?region=([a-z0-9-]+)(?:&tls=(true|false))?(?:&forcePathStyle=false)?$/.exec(
      entry,
    );
  if (match === null) throw new Error('not an entry');
  const [id, secret, host, bucket, region] = match.slice(1).map((part) => decodeURIComponent(part));
  return { id, secret, host, bucket, region };
}

it('reads back exactly what was encoded, and no value can begin another entry (property)', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((value) => value.isWellFormed());
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: text, secret: text, bucket: text }), { minLength: 1, maxLength: 4 }),
      (stores) => {
        const joined = stores
          .map((store) =>
            fileStoreEntry({ ...minio, name: store.bucket.replaceAll('/', '-') }, key(store.id, store.secret)),
          )
          .join(',');

        const parsed = joined.split(',').map((entry) => strictParse(entry));

        expect(parsed).toEqual(
          stores.map((store) => ({
            id: store.id,
            secret: store.secret,
            host: 'minio.acme.example:9000',
            bucket: store.bucket.replaceAll('/', '-'),
            region: 'us-east-1',
          })),
        );
      },
    ),
  );
});

it('shows an address without its credentials', () => {
  expect(redactedAddress(minio)).toBe(
    's3://***:***@minio.acme.example:9000/omega-data/teams/omega?region=us-east-1&tls=true',
  );
});
