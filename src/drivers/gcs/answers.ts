import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { isTransientStatus } from '../../domain/observations/http-status.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { answerFailure, parseErrorDocument, type Absent, type GcsAnswer } from './error-mapping.ts';

/** The body as text. */
export function textOf(response: PlainResponse): string {
  return Buffer.from(response.body).toString('utf8');
}

/** Classifies an answer with status 300 or more, of either API. */
export function explainAnswer(response: PlainResponse, absent?: Absent): BucketFailure {
  const answer = answerOf(response);
  return answer === undefined
    ? { kind: 'NotAnObjectStore', httpStatus: response.status }
    : answerFailure(answer, absent);
}

/** The error in an answer of GCS; `undefined` for an answer of another server. */
export function answerOf(response: PlainResponse): GcsAnswer | undefined {
  const { status: httpStatus, headers } = response;
  const body = textOf(response);
  const document = parseErrorDocument(body);
  // GCS refuses a download with plain text of type HTML: its own headers distinguish this from a login page.
  const requestId = headers['x-guploader-uploadid'];
  const isOwn = requestId !== undefined || headers['server'] === 'UploadServer';
  const isForeign =
    ((headers['content-type'] ?? '').includes('html') && !isTransientStatus(httpStatus)) || httpStatus < 400;
  if (document === undefined && !isOwn && isForeign) return undefined;
  return {
    httpStatus,
    message: body.slice(0, 1024),
    ...document,
    ...(requestId !== undefined && /^[\w-]{1,256}$/.test(requestId) && { requestId }),
  };
}
