import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import type { MultipartUploads } from '../../ports/multipart.ts';
import { explainAnswer } from './answers.ts';

/**
 * Resumable uploads of GCS: a session is begun with the credential, and its URL is
 * enough to send the bytes. The last of them creates the object; an unfinished
 * session expires after a week.
 */
export function resumableUploads({
  endpoint,
  bucket,
  send,
}: {
  readonly endpoint: string;
  readonly bucket: string;
  /** Sends a request with the credential; `path` is below the endpoint. */
  readonly send: (request: Omit<PlainRequest, 'url'>, path: string, signal: AbortSignal) => BucketCall<PlainResponse>;
}): MultipartUploads {
  return {
    async start(key, signal) {
      const query = `uploadType=resumable&ifGenerationMatch=0&name=${encodeURIComponent(key)}`;
      const headers = { 'content-type': 'application/json', 'x-upload-content-type': 'application/json' };
      const request = { method: 'POST', headers, body: Buffer.from('{}') };
      const path = `upload/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`;
      const answer = await send(request, path, signal);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return err(explainAnswer(answer.value, 'BucketNotFound'));
      const { location = '' } = answer.value.headers;
      // Bytes are sent only to the store itself.
      return URL.canParse(location) && new URL(location).origin === new URL(endpoint).origin
        ? ok(location)
        : err({ kind: 'NotAnObjectStore', httpStatus: 200 });
    },

    part: ({ upload: url }) => Promise.resolve(ok({ method: 'PUT', url })),
  };
}
