import { GetObjectCommand, PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { scriptedNet } from '../../../test/support/fakes/scripted-net.ts';
import { s3 } from '../../../test/support/fakes/observations.ts';
import { ok } from '../../base/result.ts';
import { encryptedWith, presignedRequest } from './presign.ts';
import { multipartUploads } from './multipart.ts';
import { createS3Client } from './s3-client.ts';
import { createSigner } from './signer.ts';
import type { AwsKeys } from './sts.ts';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const NO_CHECKSUMS = {
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
const { signal } = new AbortController();

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2013-05-24T00:00:00Z'), doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the examples that AWS publishes for S3', () => {
  const bucket = 'https://examplebucket.s3.amazonaws.com';

  it.each([
    {
      name: 'GET of an object by range',
      request: { url: new URL('/test.txt', bucket), query: {}, headers: { range: 'bytes=0-9' } },
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'GET of the lifecycle',
      request: { url: new URL(bucket), query: { lifecycle: '' }, headers: {} },
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'a listing',
      request: { url: new URL(bucket), query: { 'max-keys': '2', prefix: 'J' }, headers: {} },
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('$name', async ({ request, signature }) => {
    const signed = await createSigner(KEYS, 'us-east-1').sign({ method: 'GET', ...request });
    expect(signed['authorization']).toContain(`Signature=${signature}`);
  });
});

describe('a pre-signed URL', () => {
  const key = "teams/o me(ga)/it's~ä+=&?/*!.json";
  const kmsKey = 'arn:aws:kms:eu-central-1:111122223333:key/1';

  function clients(keys: AwsKeys) {
    const { region } = s3;
    const endpoint = `https://s3.${region}.amazonaws.com`;
    const session = { keys: () => Promise.resolve(ok(keys)), endsAt: () => undefined };
    return {
      ours: createS3Client({ storage: s3, session, endpoint }, scriptedNet(() => undefined).net.http),
      theirs: new S3Client({ region, endpoint, credentials: { ...keys }, ...NO_CHECKSUMS }),
    };
  }

  const parametersOf = (url: string) => {
    const { origin, pathname, searchParams } = new URL(url);
    return { origin, pathname, parameters: Object.fromEntries(searchParams) };
  };

  it.each([
    ['a key', KEYS],
    ['a session', { ...KEYS, sessionToken: 'a/token+=' }],
  ])('of an object is the one that the SDK makes, with %s', async (_, keys) => {
    const { ours, theirs } = clients(keys);
    const signed = await presignedRequest(ours, { method: 'GET', key, expiresInSeconds: 60 }, {});
    const expected = await getSignedUrl(theirs, new GetObjectCommand({ Bucket: s3.name, Key: key }), { expiresIn: 60 });
    expect(signed.ok && parametersOf(signed.value.url)).toEqual(parametersOf(expected));
  });

  it('of an upload is the one that the SDK makes, with all headers signed', async () => {
    const { ours, theirs } = clients(KEYS);
    const headers = { 'content-md5': 'bQ==', 'content-type': 'application/json', 'x-amz-meta-md5': 'bQ==' };
    const wanted = { method: 'PUT', key, expiresInSeconds: 60, headers } as const;
    const signed = await presignedRequest(ours, wanted, encryptedWith(kmsKey));
    const command = new PutObjectCommand({
      Bucket: s3.name,
      Key: key,
      ContentMD5: 'bQ==',
      ContentType: 'application/json',
      Metadata: { md5: 'bQ==' },
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: kmsKey,
    });
    const names = new Set(Object.keys(headers));
    const expected = await getSignedUrl(theirs, command, {
      expiresIn: 60,
      signableHeaders: names,
      unhoistableHeaders: names,
    });
    expect(signed.ok && parametersOf(signed.value.url)).toEqual(parametersOf(expected));
    expect(signed.ok && signed.value.headers).toEqual({ ...headers, ...encryptedWith(kmsKey) });
  });

  it('of a part is the one that the SDK makes', async () => {
    const { ours, theirs } = clients(KEYS);
    const uploads = multipartUploads({ client: ours, owner: {}, encryption: {} });
    const signed = await uploads.part({ key, upload: 'u/1', expiresInSeconds: 60, md5: 'bQ==' }, signal);
    const input = { Bucket: s3.name, Key: key, UploadId: 'u/1', PartNumber: 1, ContentMD5: 'bQ==' };
    const expected = await getSignedUrl(theirs, new UploadPartCommand(input), { expiresIn: 60 });
    expect(signed.ok && parametersOf(signed.value.url)).toEqual(parametersOf(expected));
  });
});
