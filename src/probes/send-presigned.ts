import type { Observed, PresignedMethod } from '../domain/observations/observations.ts';
import type { PlainRequest, PlainResponse } from '../ports/http.ts';
import type { ProbeSession } from './session.ts';

/** W&B signs write URLs for a day. */
export const EXPIRES_IN_SECONDS = 86_400;

/** What a client or browser adds to a pre-signed URL. */
interface Extra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Length of a body that is announced and not sent. */
  readonly announces?: number;
}

/** Signs a URL with the lifetime that W&B uses. */
export function signUrl(session: ProbeSession, method: PresignedMethod, key: string): Promise<Observed<PlainRequest>> {
  return session.sign((signal) => session.bucket.presign(method, key, EXPIRES_IN_SECONDS, signal));
}

/** Signs a URL and uses it without any SDK, as W&B's clients do. */
export async function sendPresigned(
  session: ProbeSession,
  method: PresignedMethod,
  key: string,
  extra: Extra = {},
): Promise<Observed<PlainResponse>> {
  const signed = await signUrl(session, method, key);
  if (!signed.ok) return signed;
  return session.send({ ...signed.value, ...extra, headers: { ...signed.value.headers, ...extra.headers } });
}
