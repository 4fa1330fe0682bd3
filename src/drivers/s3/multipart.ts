import { err, ok } from '../../base/result.ts';
import type { BucketCall, CreatedObject } from '../../ports/bucket-call.ts';
import type { MultipartUploads, SentPart } from '../../ports/multipart.ts';
import { answerFailure } from './error-mapping.ts';
import type { S3Client } from './s3-client.ts';
import { childrenOf, textOf } from './xml.ts';

const MAX_LISTED = '3';
const NO_STORE = err({ kind: 'NotAnObjectStore', httpStatus: 200 } as const);

/** Multipart uploads of S3, with one part, which may be small because it is the last. */
export function multipartUploads({
  client,
  owner,
  encryption,
}: {
  readonly client: S3Client;
  /** The expected owner, where one is. */
  readonly owner: Readonly<Record<string, string>>;
  /** What every write says where the spec names a key. */
  readonly encryption: Readonly<Record<string, string>>;
}): MultipartUploads {
  async function start(key: string, signal: AbortSignal): BucketCall<string> {
    const headers = { 'content-type': 'application/json', ...owner, ...encryption };
    const started = await client.ask({ method: 'POST', key, query: { uploads: '' }, headers }, signal);
    if (!started.ok) return started;
    const upload = textOf(started.value.root, 'UploadId');
    return upload === undefined ? NO_STORE : ok(upload);
  }

  async function complete(key: string, sent: SentPart, signal: AbortSignal): BucketCall<CreatedObject> {
    const { upload: uploadId, answer } = sent;
    const { etag } = answer.headers;
    if (etag === undefined) return NO_STORE;
    const headers = { 'content-type': 'application/xml', ...owner };
    const body = Buffer.from(completion(etag));
    const done = await client.ask({ method: 'POST', key, query: { uploadId }, headers, body }, signal);
    if (!done.ok) return done;
    // S3 begins its answer early: without a document it was broken off.
    if (done.value.rootName === '') return err(answerFailure({ httpStatus: 503, code: 'InternalError' }));
    const revision = textOf(done.value.root, 'ETag');
    const versionId = done.value.headers['x-amz-version-id'];
    if (revision === undefined) return NO_STORE;
    return ok({ revision, conditional: false, ...(versionId !== undefined && { versionId }) });
  }

  return {
    start,

    async part({ key, upload: uploadId, expiresInSeconds, md5 }) {
      const query = { partNumber: '1', uploadId, 'x-id': 'UploadPart' };
      return client.presign({ method: 'PUT', key, query, headers: { 'content-md5': md5 } }, expiresInSeconds);
    },

    complete,

    unended: {
      hasPermission: true,
      // MinIO lists the uploads of a complete key only, and aborts uploads by itself after a day.
      async list(prefix, signal) {
        const query = { uploads: '', prefix, 'max-uploads': MAX_LISTED };
        const listed = await client.ask({ method: 'GET', query, headers: owner }, signal);
        if (!listed.ok) return listed;
        const uploads = childrenOf(listed.value.root, 'Upload').flatMap((one) => {
          const key = textOf(one, 'Key') ?? '';
          const upload = textOf(one, 'UploadId');
          return key.startsWith(prefix) && upload !== undefined ? [{ key, upload }] : [];
        });
        return ok(uploads);
      },
      async abort(key, uploadId, signal) {
        const query = { uploadId, 'x-id': 'AbortMultipartUpload' };
        const aborted = await client.send({ method: 'DELETE', key, query, headers: owner }, signal);
        return aborted.ok ? ok(undefined) : aborted;
      },
    },
  };
}

function completion(etag: string): string {
  const escaped = etag.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return (
    '<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Part><ETag>${escaped}</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>`
  );
}
