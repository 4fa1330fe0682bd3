import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { socketFailure } from '../../net/socket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { isTransientStatus, kindByStatus } from '../../domain/observations/http-status.ts';
import { AZURE_CODES } from './error-codes.ts';

const KINDS = kindsByCode(AZURE_CODES);

/** An answer of the Blob service, from the SDK or from a plain request. */
export interface BlobAnswer {
  readonly httpStatus: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** The body, empty for an answer to HEAD. */
  readonly text: string;
}

/** Classifies an answer with an error status. Its text is only matched, never passed on. */
export function answerFailure(answer: BlobAnswer): BucketFailure {
  const { httpStatus, text } = answer;
  const code = codeIn(answer);
  const requestId = requestIdIn(answer);
  if (code === undefined && isForeign(answer)) return { kind: 'NotAnObjectStore', httpStatus };
  return {
    kind: kindOf(httpStatus, code, text),
    httpStatus,
    ...(code !== undefined && { providerCode: code }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** It goes to the status, and the answer may come from another server. */
function requestIdIn({ header }: BlobAnswer): string | undefined {
  const id = header('x-ms-request-id')?.slice(0, 128);
  return id !== undefined && /^[\w-]{1,128}$/.test(id) ? id : undefined;
}

/** Every answer has the code in a header; the document has it only where there is a body. */
function codeIn({ header, text }: BlobAnswer): string | undefined {
  const code = header('x-ms-error-code') ?? /<Code>\s*([A-Za-z0-9_.]{1,64})\s*<\/Code>/.exec(text.slice(0, 4096))?.[1];
  return code !== undefined && /^[A-Za-z0-9_.]{1,64}$/.test(code) ? code : undefined;
}

/** Whether an answer without a code is that of another server. Blob services never redirect. */
function isForeign({ httpStatus, header }: BlobAnswer): boolean {
  if (httpStatus < 400) return true;
  // A load balancer's error page is a transient fault.
  if ((header('content-type') ?? '').includes('html')) return !isTransientStatus(httpStatus);
  return httpStatus === 404 && header('x-ms-request-id') === undefined;
}

function kindOf(httpStatus: number, code: string | undefined, text: string): BucketFailureKind {
  const known = code === undefined ? undefined : KINDS.get(code);
  if (code === 'AuthenticationFailed' && isSkew(text)) return 'ClockSkewed';
  // Azurite uses for a wrong key the code that Azure uses for a closed firewall; only the message differs.
  if (code === 'AuthorizationFailure' && /failed to authenticate the request/i.test(text)) return 'SignatureMismatch';
  return known ?? kindByStatus(httpStatus);
}

/**
 * `Request date header too old: '...'` for a signed request, and for a SAS
 * `Signature not valid in the specified time frame: ...`: ours have no start and
 * live long enough, so only a clock can be the cause.
 */
function isSkew(text: string): boolean {
  return /Request date header too old|not valid in the specified time frame/i.test(text);
}

/** Classifies an error of the SDK: an answer, an unreadable answer, or a failure of the connection. */
export function sdkFailure(error: unknown): BucketFailure {
  const { failure, statusCode, response, name } = error as SdkError;
  if (failure !== undefined) return failure;
  const httpStatus = response?.status ?? statusCode;
  if (httpStatus !== undefined) {
    return answerFailure({
      httpStatus,
      header: (header) => response?.headers.get(header),
      text: response?.bodyAsText ?? '',
    });
  }
  // The SDK throws these on a success without a part that it reads: an ETag, a length, a document.
  const stumbled = name === 'TypeError' || name === 'RangeError' || name === 'SyntaxError';
  return stumbled ? { kind: 'NotAnObjectStore' } : socketFailure(error);
}

interface SdkError {
  /** Set by our own client when there was no answer. */
  readonly failure?: BucketFailure;
  readonly name?: string;
  readonly statusCode?: number;
  readonly response?: {
    readonly status: number;
    readonly headers: { get(name: string): string | undefined };
    readonly bodyAsText?: string | null;
  };
}
