import { describe, expect, it } from '@jest/globals';
import { contentMd5 } from '../base/digest.ts';
import { startProbing } from '../../test/support/fakes/probing.ts';
import { azureBlob, gcs, minio, s3 } from '../../test/support/fakes/observations.ts';

describe('an upload by a pre-signed URL', () => {
  it.each([
    ['S3', s3, ['content-md5', 'content-type', 'x-amz-meta-md5']],
    ['S3-compatible stores', minio, ['content-md5', 'content-type', 'x-amz-meta-md5']],
    ['Azure', azureBlob, ['content-md5', 'content-type']],
    ['Google Cloud, where the documented CORS rule allows no other', gcs, ['content-type']],
  ])("carries the headers of W&B's clients: %s", async (_, storage, names) => {
    const { store, probe } = startProbing(storage);
    await probe();
    const put = store.requests.find(({ method, body }) => method === 'PUT' && body !== undefined);
    // With the origin, by which it shows as well what a browser may read of the answer.
    expect(Object.keys(put?.headers ?? {}).sort()).toEqual([...names, 'origin'].sort());
    const md5 = contentMd5(put?.body ?? new Uint8Array());
    for (const name of names.filter((one) => one.includes('md5'))) expect(put?.headers?.[name]).toBe(md5);
  });

  it('carries the checksum of each part', async () => {
    const { store, probe } = startProbing();
    await probe();
    const part = store.requests.find(({ url }) => url.includes('upload='));
    expect(part?.headers).toEqual({ 'content-md5': contentMd5(part?.body ?? new Uint8Array()) });
  });
});

describe('a download by Range', () => {
  it('is tried by a pre-signed URL, in place of another read', async () => {
    const { store, probe, reasons } = startProbing();
    const seen = await probe();
    expect(reasons(seen)).toEqual({});
    const ranged = store.requests.filter(({ headers }) => headers?.['range'] !== undefined);
    expect(ranged.map(({ method, url }) => [method, url.includes('signed=GET')])).toEqual([['GET', true]]);
    expect(seen.multipart?.read).toEqual({ ok: true, value: { intact: true } });
  });

  it('that gets the whole object would corrupt files over 2 GiB', async () => {
    const { store, probe, reasons } = startProbing();
    store.ignoresRange = true;
    expect(reasons(await probe())).toEqual({ MultipartUpload: 'RangeIgnored' });
    expect(store.keys()).toEqual([]);
  });
});
