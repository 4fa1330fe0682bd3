import type { Observations, Observed, PresignedSeen } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import { crossOriginOf, sendAsBrowser } from './browser-try.ts';
import { newProbeObject, type ProbeObject } from './object-cycle.ts';
import { sendPresigned } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

type Sent = Observed<PresignedSeen>;

/** W&B's clients send files of up to this length in one request. */
const LONGEST_UPLOAD_BYTES = 2 * 1024 ** 3;

/**
 * Whether a whole upload may be as long as W&B's longest, which it announces and does not send. Stores that a user
 * runs stand behind proxies with limits of their own; those of the clouds are known. SeaweedFS stores what has come of an
 * upload that ends early, which may replace the object that is uploaded next: the digest of the body, which the URL
 * demands, makes it refuse.
 */
export async function seeBodyLimit(
  session: ProbeSession,
  object: ProbeObject,
): Promise<Pick<Observations, 'bodyLimit'>> {
  if (session.provider !== 'S3Compatible' || session.ended()) return {};
  const answer = await sendPresigned(session, 'PUT', object, { announces: LONGEST_UPLOAD_BYTES });
  // Who does not know interim answers says nothing.
  if (!answer.ok) return {};
  return { bodyLimit: answer.value.status < 300 ? ok(undefined) : err(session.bucket.explain(answer.value)) };
}

/**
 * The light variant writes nothing: a GET of a missing key must be accepted as signed
 * and answered with "no such key". A refusal shows nothing: a credential that may list
 * only a path is refused missing keys, although it can read existing ones, and a gateway
 * may put its own page in place of that refusal.
 */
export async function seePresignedAbsent(
  session: ProbeSession,
): Promise<Pick<Observations, 'presigned' | 'crossOrigin'>> {
  const answer = await sendAsBrowser(session, 'GET', newProbeObject(session));
  const GET = readOfAbsent(session, answer);
  return { presigned: GET === undefined ? {} : { GET }, ...crossOriginOf(session, { GET: answer }) };
}

function readOfAbsent(session: ProbeSession, answer: Observed<PlainResponse>): Sent | undefined {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  if (status < 300) return err({ kind: 'NotAnObjectStore', httpStatus: status });
  const failure = session.bucket.explain(answer.value);
  if (failure.kind === 'AccessDenied' || (failure.kind === 'NotAnObjectStore' && status === 403)) return undefined;
  // A gateway may answer with its own page: the listing has shown that there is a store behind it.
  return failure.kind === 'ObjectNotFound' || status === 404 ? ok({ httpStatus: status }) : err(failure);
}

/** The result of a pre-signed request. */
export function accepted(session: ProbeSession, answer: Observed<PlainResponse>): Sent {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  return status >= 200 && status < 300 ? ok({ httpStatus: status }) : err(session.bucket.explain(answer.value));
}

/** A success with other content is, for example, the login page of a proxy; other answers are classified by their status. */
export function acceptedWhole(session: ProbeSession, answer: Observed<PlainResponse>, body: Uint8Array): Sent {
  const result = accepted(session, answer);
  const isWhole = !result.ok || !answer.ok || Buffer.from(answer.value.body).equals(Buffer.from(body));
  return isWhole ? result : err({ kind: 'NotAnObjectStore', httpStatus: 200 });
}
