import { describe, expect, it } from '@jest/globals';
import { azureBlob, credentials, gcs, minio, s3 } from '../../../test/support/fakes/observations.ts';
import { parseEndpoint } from '../spec/parse-endpoint.ts';
import { pathsOverlap, physicalBucket } from './physical-bucket.ts';
import type { BucketStorage, S3CompatibleStorage } from './storage.ts';

function compatible(url: string, changes: Partial<S3CompatibleStorage> = {}): S3CompatibleStorage {
  const endpoint = parseEndpoint(url);
  if (!endpoint.ok) throw new Error(endpoint.error);
  return { ...minio, name: 'acme', endpoint: endpoint.value, ...changes };
}

const aws = { ...s3, name: 'acme' };
const coreWeave: BucketStorage = { provider: 'CoreWeave', name: 'acme', path: '', credentials };

describe('the same bucket', () => {
  it.each<[string, BucketStorage, BucketStorage]>([
    ['the case of the host', compatible('https://minio.acme.example'), compatible('https://MinIO.Acme.Example')],
    ['the standard port', compatible('https://minio.acme.example'), compatible('https://minio.acme.example:443')],
    [
      'TLS or none, at the standard ports',
      compatible('https://minio.acme.example'),
      compatible('http://minio.acme.example'),
    ],
    ['a trailing slash', compatible('https://minio.acme.example'), compatible('https://minio.acme.example/')],
    [
      'a dot at the end of the host',
      compatible('https://minio.acme.example'),
      compatible('https://minio.acme.example.'),
    ],
    ['addressing', compatible('https://a.example'), compatible('https://a.example', { addressing: 'VirtualHosted' })],
    ['the region for signing', compatible('https://a.example'), compatible('https://a.example', { region: 'other' })],
    [
      'the region in the host of AWS',
      compatible('https://s3.eu-central-1.amazonaws.com'),
      compatible('https://s3-us-west-2.amazonaws.com'),
    ],
    ['AWS by its own name', aws, compatible('https://s3.eu-central-1.amazonaws.com')],
    ['AWS by its oldest host', aws, compatible('https://s3.amazonaws.com')],
    ['AWS by a dual-stack host', aws, compatible('https://s3.dualstack.eu-central-1.amazonaws.com')],
    ['AWS in China', { ...aws, region: 'cn-north-1' }, compatible('https://s3.cn-north-1.amazonaws.com.cn')],
    ['GCS by its S3 API', { ...gcs, name: 'acme' }, compatible('https://storage.googleapis.com')],
    ['CoreWeave by its address', coreWeave, compatible('https://cwobject.com')],
    ['the sub-path', aws, { ...aws, path: 'elsewhere' }],
  ])('is not made another by %s', (_what, left, right) => {
    expect(physicalBucket(left)).toBe(physicalBucket(right));
  });

  it.each<[string, BucketStorage, BucketStorage]>([
    ['another name', aws, { ...aws, name: 'other' }],
    ['another port', compatible('https://a.example:9000'), compatible('https://a.example:9001')],
    ['another host', compatible('https://a.example'), compatible('https://b.example')],
    ['another partition', aws, { ...aws, region: 'us-gov-west-1' }],
    ['another storage account', azureBlob, { ...azureBlob, storageAccount: 'other' }],
    ['another cloud', aws, { ...gcs, name: 'acme' }],
    ['a host that only looks like AWS', aws, compatible('https://s3.amazonaws.com.evil.example')],
  ])('is another by %s', (_what, left, right) => {
    expect(physicalBucket(left)).not.toBe(physicalBucket(right));
  });
});

it.each([
  ['', '', true],
  ['', 'teams/a', true],
  ['teams', 'teams/a', true],
  ['teams/a', 'teams/a', true],
  ['teams/a', 'teams/ab', false],
  ['teams/a', 'teams/b', false],
])('the paths "%s" and "%s" overlap: %s', (left, right, overlap) => {
  expect([pathsOverlap(left, right), pathsOverlap(right, left)]).toEqual([overlap, overlap]);
});
