import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { fileStoreEntry } from '../publication/file-store-address.ts';
import { parseBucket, parsePath } from './parse-bucket.ts';
import { Secret } from '../../base/secret.ts';

const keyed = { accessKey: { secretRef: { name: 'omega' } } };
const s3 = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1', credentials: keyed } };
const endpoint = 'https://minio.acme.example:9000';
const compatible = { provider: 'S3Compatible', name: 'acme', s3Compatible: { endpoint, region: 'us-east-1' } };
const gcs = { provider: 'GCS', name: 'acme' };
const azure = { provider: 'AzureBlob', name: 'acme', azureBlob: { storageAccount: 'acmewandb' } };
const coreWeave = { provider: 'CoreWeave', name: 'acme' };

const region = <M extends string>(bucket: object, member: M, value: string) => ({
  ...bucket,
  [member]: { ...(bucket as Record<M, object | undefined>)[member], region: value },
});

describe('a bucket that is well-formed', () => {
  it.each([
    ['S3', s3, { region: 'eu-central-1', credentials: { kind: 'AccessKey', accessKeyIdKey: 'ACCESS_KEY' } }],
    ['S3Compatible', compatible, { addressing: 'Path', endpoint: { scheme: 'https', port: 9000 } }],
    ['GCS without a member', gcs, { credentials: { kind: 'Ambient' } }],
    ['AzureBlob', azure, { storageAccount: 'acmewandb' }],
    ['CoreWeave without a member', coreWeave, { provider: 'CoreWeave' }],
    ['a region of OpenStack', region(compatible, 's3Compatible', 'RegionOne'), { region: 'RegionOne' }],
    ['a zone of CoreWeave', region(coreWeave, 'coreWeave', 'US-EAST-04A'), { region: 'US-EAST-04A' }],
    ['a sub-path', { ...s3, path: 'teams/ömega,a@b:c' }, { path: 'teams/ömega,a@b:c' }],
    [
      'a CA in a ConfigMap',
      { ...compatible, s3Compatible: { ...compatible.s3Compatible, caBundle: { configMapKeyRef: { name: 'ca' } } } },
      { caBundle: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' } },
    ],
  ])('%s', (_, bucket, expected) => {
    expect(parseBucket(bucket, 'spec.bucket')).toMatchObject({ ok: true, value: expected });
  });
});

const withS3 = (changes: object) => ({ ...s3, s3: { ...s3.s3, ...changes } });
const withStore = (changes: object) => ({ ...compatible, s3Compatible: { ...compatible.s3Compatible, ...changes } });
const withRef = (secretRef: unknown) => withS3({ credentials: { accessKey: { secretRef } } });
const names = [
  '',
  'a,b',
  'a@b',
  'a?b',
  'a%2Fb',
  'a/b',
  'a b',
  'a\n',
  '..',
  '-a',
  'ü',
  '{{a}}',
  '$(A)',
  'a'.repeat(223),
];

describe('what is not is refused by a sentence that names the field', () => {
  it.each<readonly [unknown, string]>([
    ...[undefined, null, 'text', 5, []].map((value) => [value, 'spec.bucket must be an object'] as const),
    ...['', 's3', '__proto__', 'constructor', 5].map(
      (provider) => [{ ...s3, provider }, 'spec.bucket.provider must be one of'] as const,
    ),
    ...[...names, 5, null].map((name) => [{ ...s3, name }, 'spec.bucket.name must be'] as const),
    [{ ...s3, name: undefined }, 'spec.bucket.name'],
    [{ ...s3, s3: [] }, 'spec.bucket.s3 must be an object'],
    [{ ...s3, gcs: {} }, 'spec.bucket.gcs is not for provider S3'],
    [{ provider: 'S3', name: 'acme' }, 'spec.bucket.s3.region is required'],
    [withS3({ region: 'evil.example/' }), 'spec.bucket.s3.region'],
    [withS3({ region: 'EU' }), 'spec.bucket.s3.region'],
    [withStore({ region: 'a b' }), 'spec.bucket.s3Compatible.region'],
    [withS3({ kmsKeyArn: 'alias' }), 'spec.bucket.s3.kmsKeyArn must be'],
    [withS3({ expectedBucketOwner: 123456789012 }), 'spec.bucket.s3.expectedBucketOwner must be'],
    [withS3({ credentials: null }), 'spec.bucket.s3.credentials must be an object'],
    [withRef({}), 'spec.bucket.s3.credentials.accessKey.secretRef.name is required'],
    [withRef({ name: '' }), 'secretRef.name must be'],
    [withRef({ name: '..' }), 'secretRef.name must be'],
    [withRef({ name: 'a', accessKeyIdKey: 'a/b' }), 'secretRef.accessKeyIdKey must be'],
    [withStore({ addressing: 'path' }), 's3Compatible.addressing must be Path or VirtualHosted'],
    [withStore({ kmsKeyId: {} }), 's3Compatible.kmsKeyId must be'],
    [withStore({ caBundle: 'pem' }), 's3Compatible.caBundle must have exactly one of'],
    ...[
      '',
      'minio',
      'ftp://host',
      'http://k:s@host',
      'http://host/path',
      'http://host?x',
      'http://a,b',
      'http://a%2cb',
    ].map((bad) => [withStore({ endpoint: bad }), 'spec.bucket.s3Compatible.endpoint'] as const),
    [{ ...azure, azureBlob: { storageAccount: 'evil.example' } }, 'spec.bucket.azureBlob.storageAccount'],
    [{ ...coreWeave, coreWeave: { region: 5 } }, 'spec.bucket.coreWeave.region'],
  ])('%j', (bucket, sentence) => {
    expect(parseBucket(bucket, 'spec.bucket')).toMatchObject({
      ok: false,
      error: { reason: 'InvalidSpec', failureClass: 'spec', message: expect.stringContaining(sentence) },
    });
  });

  it.each(['/a', 'a/', 'a//b', '.', 'a/../b', 'a?b', 'a%b', 'a b', 'a\nb', '{{a}}', '$(A)', 'a'.repeat(901), 5, null])(
    'path %j',
    (path) => {
      expect(parsePath(path, 'spec.bucket.path')).toMatchObject({ ok: false, error: { reason: 'InvalidSpec' } });
    },
  );
});

/** Untrusted JSON, often nearly valid, so that it reaches all parts of the parser. */
function untrusted(): fc.Arbitrary<unknown> {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'grapheme' }), fc.constantFrom(...names));
  const member = fc.dictionary(
    fc.constantFrom('region', 'endpoint', 'storageAccount', 'credentials', 'caBundle', 'addressing', '__proto__'),
    fc.oneof(value, fc.constantFrom(endpoint, 'us-east-1', 'acmewandb', keyed)),
  );
  const near = fc.record(
    {
      provider: fc.constantFrom('S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave', 'toString'),
      name: fc.oneof(fc.constant('acme'), value),
      path: value,
      s3: member,
      s3Compatible: member,
      gcs: member,
      azureBlob: member,
      coreWeave: member,
    },
    { requiredKeys: ['provider', 'name'] },
  );
  return fc.oneof(value, near);
}

it('any JSON is a bucket or a problem with a sentence, and a bucket never begins a second entry (property)', () => {
  const credential = { kind: 'AccessKey', accessKeyId: 'a', secretAccessKey: new Secret('b') } as const;
  fc.assert(
    fc.property(untrusted(), (json) => {
      const parsed = parseBucket(json, 'spec.bucket');

      if (parsed.ok) expect(fileStoreEntry(parsed.value, credential)).toMatch(/^[a-z0-9]+:\/\/[^,;| ]+$/);
      else expect(parsed.error.message).toMatch(/spec\.bucket.*\.$/s);
    }),
    atLeast(1000),
  );
});
