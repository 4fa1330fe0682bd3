import { describe, expect, it } from '@jest/globals';
import { s3 } from '../../../test/support/fakes/observations.ts';
import { scriptedNet, type ScriptedAnswer } from '../../../test/support/fakes/scripted-net.ts';
import { contentMd5 } from '../../base/digest.ts';
import { Secret } from '../../base/secret.ts';
import { PUBLIC_CLOUDS } from '../../domain/bucket/store-endpoint.ts';
import { createS3Driver } from './s3-driver.ts';

const BODY = Buffer.from('a body');
const { signal } = new AbortController();

function open(answer: ScriptedAnswer) {
  const { net, requests } = scriptedNet(() => answer);
  const credential = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } as const;
  const bucket = createS3Driver({ net, clouds: PUBLIC_CLOUDS }).open({ storage: s3, credential });
  return { bucket, requests };
}

describe('the lock of an object of S3', () => {
  it.each([
    [
      'a retention',
      { 'x-amz-object-lock-mode': 'COMPLIANCE', 'x-amz-object-lock-retain-until-date': '2026-01-31T00:00:00Z' },
      { mode: 'COMPLIANCE', until: '2026-01-31T00:00:00.000Z', legalHold: false },
    ],
    ['a legal hold', { 'x-amz-object-lock-legal-hold': 'ON' }, { legalHold: true }],
    ['a hold that is off', { 'x-amz-object-lock-legal-hold': 'OFF' }, undefined],
    ['none', {}, undefined],
  ])('is read from the headers of its GET: %s', async (_, headers, lock) => {
    const { bucket } = open({ status: 200, headers: { etag: '"1"', ...headers }, body: 'a body' });
    const read = await bucket.read('key', signal);
    expect(read.ok && read.value.lock).toEqual(lock);
  });
});

describe('what W&B sends with an upload', () => {
  it('holds the checksum in our own PUT too, which AWS demands under a default retention', async () => {
    const { bucket, requests } = open({ status: 200, headers: { etag: '"1"' } });
    await bucket.create('key', BODY, signal);
    expect(requests[0]?.headers).toMatchObject({ 'content-md5': contentMd5(BODY) });
  });

  it('is covered by the signature of the URL', async () => {
    const { bucket } = open({ status: 200 });
    const headers = { 'content-md5': 'bQ==', 'content-type': 'application/json', 'x-amz-meta-md5': 'bQ==' };
    const signed = await bucket.presign({ method: 'PUT', key: 'key', expiresInSeconds: 60, headers }, signal);
    if (!signed.ok) throw new Error('not signed');
    const { searchParams } = new URL(signed.value.url);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-md5;content-type;host;x-amz-meta-md5');
    expect(signed.value.headers).toEqual(headers);
  });

  it('is covered for a part', async () => {
    const { bucket } = open({ status: 200 });
    const part = await bucket.multipart.part({ key: 'key', upload: 'u', expiresInSeconds: 60, md5: 'bQ==' }, signal);
    if (!part.ok) throw new Error('not signed');
    expect(new URL(part.value.url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-md5;host');
  });
});
