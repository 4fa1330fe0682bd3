import type {
  BrowserMethod,
  Observations,
  Observed,
  PresignedMethod,
  PresignedSeen,
} from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import { crossOriginOf, sendAsBrowser } from './browser-try.ts';
import type { OwnedObject } from './leftovers.ts';
import { isGone, isSurelyAbsent, newProbeObject, type ProbeObject } from './object-cycle.ts';
import { sendPresigned } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

type Presigned = NonNullable<Observations['presigned']>;
type Seen = Pick<Observations, 'presigned' | 'bodyLimit' | 'crossOrigin'>;
type Sent = Observed<PresignedSeen>;

/** W&B's clients send files of up to this length in one request. */
const LONGEST_UPLOAD_BYTES = 2 * 1024 ** 3;

/**
 * What W&B's clients do, without any SDK: upload by a pre-signed PUT, read by
 * GET and HEAD (all three as a browser would), delete by DELETE. The object is added to
 * `owned` before it is sent, so that it is cleaned up in every case. `deletionMs`: how long a deleted object was still
 * there.
 */
export async function seePresigned(session: ProbeSession, owned: OwnedObject[], deletionMs = 0): Promise<Seen> {
  const object = newProbeObject(session);
  const seen: Partial<Record<PresignedMethod, Sent>> = {};
  const asBrowser: Partial<Record<BrowserMethod, Observed<PlainResponse>>> = {};
  owned.push({ object });
  const bodyLimit = await seeBodyLimit(session, object);
  asBrowser.PUT = await sendAsBrowser(session, 'PUT', object, { body: object.body });
  seen.PUT = accepted(session, asBrowser.PUT);
  if (!seen.PUT.ok) {
    if (isSurelyAbsent(seen.PUT.error)) owned.pop();
    return { ...bodyLimit, presigned: seen };
  }
  asBrowser.GET = await sendAsBrowser(session, 'GET', object);
  seen.GET = acceptedWhole(session, asBrowser.GET, object.body);
  if (!seen.GET.ok && seen.GET.error.kind === 'ObjectNotFound') {
    // The PUT was confirmed, but there is no object: the failure is that of the upload.
    seen.PUT = err({ kind: 'NotAnObjectStore', httpStatus: seen.PUT.value.httpStatus });
  } else if (!session.ended()) {
    const head = await sendAsBrowser(session, 'HEAD', object);
    seen.HEAD = accepted(session, head);
    // An answer without content says nothing more when the request was refused.
    if (seen.HEAD.ok) asBrowser.HEAD = head;
    if (!session.ended()) seen.DELETE = await removePresigned(session, object, { owned, deletionMs });
  }
  return { ...bodyLimit, presigned: seen, ...crossOriginOf(session, asBrowser) };
}

/** Deletes it, and sees whether it is gone. */
async function removePresigned(
  session: ProbeSession,
  object: ProbeObject,
  { owned, deletionMs }: { readonly owned: OwnedObject[]; readonly deletionMs: number },
): Promise<Sent> {
  const deleted = accepted(session, await sendPresigned(session, 'DELETE', object));
  if (!deleted.ok) return deleted;
  const gone = await isGone(session, object.key, deletionMs);
  if (!gone.ok) return gone;
  if (!gone.value.gone) return ok({ ...deleted.value, gone: false });
  owned.pop();
  return deleted;
}

/**
 * Whether a whole upload may be as long as W&B's longest, which it announces and does not send. Stores that a user
 * runs stand behind proxies with limits of their own; those of the clouds are known. SeaweedFS stores what has come of an
 * upload that ends early, which may replace the object that is uploaded next: the digest of the body, which the URL
 * demands, makes it refuse.
 */
async function seeBodyLimit(session: ProbeSession, object: ProbeObject): Promise<Pick<Observations, 'bodyLimit'>> {
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
export async function seePresignedAbsent(session: ProbeSession): Promise<Presigned> {
  const answer = await sendPresigned(session, 'GET', newProbeObject(session));
  if (!answer.ok) return { GET: err(answer.error) };
  const { status } = answer.value;
  if (status < 300) return { GET: err({ kind: 'NotAnObjectStore', httpStatus: status }) };
  const failure = session.bucket.explain(answer.value);
  if (failure.kind === 'AccessDenied' || (failure.kind === 'NotAnObjectStore' && status === 403)) return {};
  // A gateway may answer with its own page: the listing has shown that there is a store behind it.
  return { GET: failure.kind === 'ObjectNotFound' || status === 404 ? ok({ httpStatus: status }) : err(failure) };
}

/** The result of a pre-signed request. */
export function accepted(session: ProbeSession, answer: Observed<PlainResponse>): Sent {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  return status >= 200 && status < 300 ? ok({ httpStatus: status }) : err(session.bucket.explain(answer.value));
}

/** A success with other content is, for example, the login page of a proxy; other answers are classified by their status. */
function acceptedWhole(session: ProbeSession, answer: Observed<PlainResponse>, body: Uint8Array): Sent {
  const result = accepted(session, answer);
  const isWhole = !result.ok || !answer.ok || Buffer.from(answer.value.body).equals(Buffer.from(body));
  return isWhole ? result : err({ kind: 'NotAnObjectStore', httpStatus: 200 });
}
