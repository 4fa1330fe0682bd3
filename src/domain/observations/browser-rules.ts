import type { BucketStorage } from '../bucket/storage.ts';
import { UPLOAD_HEADERS } from '../bucket/upload-headers.ts';
import type { BrowserMethod, CrossOriginResponseSeen, Observed, PreflightSeen } from './observations.ts';

/**
 * Headers that a browser announces in the preflight of a request, in the order and the case that the Fetch standard
 * asks for: stores may refuse any other. Reads have none of their own. `demanded`: what the signed URL asks for.
 */
export function announcedHeaders(
  provider: BucketStorage['provider'],
  method: BrowserMethod,
  demanded: readonly string[],
): readonly string[] {
  const own = method === 'PUT' ? UPLOAD_HEADERS[provider] : [];
  return [...new Set([...own, ...demanded.map((name) => name.toLowerCase())])].sort();
}

/** Whether the answer to a preflight lets the origin in; methods and headers are a question of their own. */
export function isLetIn(seen: PreflightSeen, origin: string | undefined): boolean {
  return seen.httpStatus < 300 && allowsOrigin(seen.allowOrigin, origin);
}

/** Whether the answer to a preflight names the method. */
export function hasMethod(seen: PreflightSeen, method: BrowserMethod): boolean {
  return seen.allowMethods.includes('*') || seen.allowMethods.includes(method);
}

/** A browser takes the wildcard or exactly its own origin: two values in one header are none. */
export function allowsOrigin(allowOrigin: string | undefined, origin: string | undefined): boolean {
  return allowOrigin === '*' || (allowOrigin !== undefined && allowOrigin === origin);
}

/** Whether a browser shows the answer to the front end. */
export function isShown(answer: Observed<CrossOriginResponseSeen> | undefined, origin: string | undefined): boolean {
  return answer?.ok === true && allowsOrigin(answer.value.allowOrigin, origin);
}
