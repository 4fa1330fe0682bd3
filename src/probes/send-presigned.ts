import type { Observed, PresignedMethod } from '../domain/observations/observations.ts';
import type { PlainRequest, PlainResponse } from '../ports/http.ts';
import type { ProbeObject } from './object-cycle.ts';
import type { ProbeSession } from './session.ts';
import { uploadHeaders } from './upload-headers.ts';

/** W&B signs write URLs for a day. */
export const EXPIRES_IN_SECONDS = 86_400;

/** What a client or browser adds to a pre-signed URL. */
interface Extra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Length of a body that is announced and not sent. */
  readonly announces?: number;
}

/** The object that a URL is for; its body counts for uploads alone. */
type Target = Pick<ProbeObject, 'key' | 'body'>;

/** Signs a URL with the lifetime that W&B uses; that of an upload demands the headers that W&B gives with it. */
export function signUrl(
  session: ProbeSession,
  method: PresignedMethod,
  { key, body }: Target,
): Promise<Observed<PlainRequest>> {
  const headers = method === 'PUT' ? { headers: uploadHeaders(session.provider, body) } : {};
  const wanted = { method, key, expiresInSeconds: EXPIRES_IN_SECONDS, ...headers };
  return session.sign((signal) => session.bucket.presign(wanted, signal));
}

/** Signs a URL and uses it without any SDK, as W&B's clients do. */
export async function sendPresigned(
  session: ProbeSession,
  method: PresignedMethod,
  object: Target,
  extra: Extra = {},
): Promise<Observed<PlainResponse>> {
  const signed = await signUrl(session, method, object);
  if (!signed.ok) return signed;
  return session.send({ ...signed.value, ...extra, headers: { ...signed.value.headers, ...extra.headers } });
}
