import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { probeBucket } from './probe-outcome.ts';

/** No emulator heeds x-amz-expected-bucket-owner, so this server answers as AWS does. */
const OWNER = '111122223333';
const LISTING = `<?xml version="1.0"?><ListBucketResult><Name>acme-wandb</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>`;
const DENIED = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

let server: Server;
let requests: { readonly method: string; readonly owner: string | undefined; readonly isSigned: boolean }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const owner = ownerOf(request);
    requests.push({ method: request.method ?? '', owner, isSigned: request.headers.authorization !== undefined });
    const isListing = request.method === 'GET' && request.url?.includes('list-type=2') === true;
    const isAllowed = isListing && request.headers.authorization !== undefined && (owner ?? OWNER) === OWNER;
    response.writeHead(isAllowed ? 200 : 403, { 'content-type': 'application/xml' });
    response.end(isAllowed ? LISTING : DENIED);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  server.close();
});

function ownerOf({ headers }: IncomingMessage): string | undefined {
  const owner = headers['x-amz-expected-bucket-owner'];
  return typeof owner === 'string' ? owner : undefined;
}

function bucketOf(expectedBucketOwner: string | undefined) {
  const target: BucketTarget = {
    storage: {
      provider: 'S3',
      name: 'acme-wandb',
      path: '',
      region: 'eu-central-1',
      ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
      credentials: {
        kind: 'AccessKey',
        secretName: 's',
        accessKeyIdKey: 'ACCESS_KEY',
        secretAccessKeyKey: 'SECRET_KEY',
      },
    },
    credential: { kind: 'AccessKey', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: new Secret('secret') },
  };
  const { port } = server.address() as AddressInfo;
  return { target, clouds: { ...PUBLIC_CLOUDS, aws: `http://127.0.0.1:${port}` } };
}

it('tells that another account owns the bucket, and writes nothing to it (scripted)', async () => {
  const { reasons } = await probeBucket(bucketOf('444455556666'));

  expect(reasons).toMatchObject({ OwnerMatches: 'BucketOwnerMismatch' });
  expect(requests.map(({ method }) => method)).not.toContain('PUT');
});

it('says to the store whose the bucket must be with every signed write (scripted)', async () => {
  const { reasons } = await probeBucket(bucketOf(OWNER));

  expect(reasons).toMatchObject({ CanWrite: 'WriteDenied' });
  expect(reasons).not.toHaveProperty('OwnerMatches');
  const puts = requests.filter(({ method, isSigned }) => method === 'PUT' && isSigned);
  expect(puts.map(({ owner }) => owner)).toEqual([OWNER]);
});

it('asks for no owner where none is expected (scripted)', async () => {
  const { results } = await probeBucket(bucketOf(undefined));

  expect(results.find(({ name }) => name === 'OwnerMatches')?.reason).toBe('NotApplicable');
  expect(requests.filter(({ owner }) => owner !== undefined)).toEqual([]);
});
