import type { Observations, Observed } from '../domain/observations/observations.ts';
import { contentMd5 } from '../base/digest.ts';
import { err, ok } from '../base/result.ts';
import { crossOriginOf, sendAsBrowser } from './browser-try.ts';
import { endUpload } from './end-upload.ts';
import type { OwnedObject } from './leftovers.ts';
import { isSurelyAbsent, newProbeObject, type ProbeObject } from './object-cycle.ts';
import { probePrefix } from './probe-object.ts';
import { accepted } from './presigned-cycle.ts';
import type { PlainResponse } from '../ports/http.ts';
import { MAX_REQUESTS } from './request-limit.ts';
import { EXPIRES_IN_SECONDS } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

type Multipart = NonNullable<Observations['multipart']>;
type RangeSeen = NonNullable<Multipart['read']> extends Observed<infer T> ? T : never;
type Seen = { -readonly [Step in keyof Multipart]: Multipart[Step] };

/** What an upload in parts showed. */
interface MultipartSeen extends Pick<Observations, 'crossOrigin'> {
  readonly multipart: Multipart;
  /** The deletion of the object, by header. */
  readonly removed?: Observed<void>;
}

/**
 * Uploads an object in parts as W&B's clients do with large files, compares and
 * deletes it. The upload is added to `owned` before it begins, so that it is cleaned
 * up in every case.
 */
export async function seeMultipart(session: ProbeSession, owned: OwnedObject[]): Promise<MultipartSeen> {
  const multipart: Seen = {};
  const list = await endUnended(session, owned);
  if (list !== undefined) multipart.list = list;
  if (session.ended()) return { multipart };
  const sending = await begin(session, owned, multipart);
  if (sending === undefined || session.ended()) return { multipart };
  if (!(await complete(session, sending, multipart)) || session.ended()) return { multipart };
  const read = await compareAndRemove(session, sending.mine, multipart);
  if (read.removed?.ok !== true) return { multipart, ...read };
  owned.pop();
  if (mayTryToAbort(session)) multipart.abort = await endUpload(session, sending.object.key, sending.upload);
  return { multipart, ...read };
}

/** Sends a part of an upload and aborts it: no object comes of it. */
export async function seeUnfinished(session: ProbeSession, owned: OwnedObject[]): Promise<Multipart> {
  const multipart: Seen = {};
  const sending = await begin(session, owned, multipart);
  if (sending === undefined || session.ended()) return multipart;
  if ((await sendPart(session, sending, multipart)) === undefined || session.ended()) return multipart;
  multipart.abort = await endUpload(session, sending.object.key, sending.upload);
  if (multipart.abort.ok) owned.pop();
  return multipart;
}

/** Tests the permission, where there is room for it: of a finished upload the store either says so or refuses. */
function mayTryToAbort(session: ProbeSession): boolean {
  const { unended } = session.bucket.multipart;
  return unended?.hasPermission === true && session.requests < MAX_REQUESTS && !session.ended();
}

/** Aborts uploads that a crash left, which are none of `owned`: Azure lists whole objects too. Returns how their listing ended; `undefined` where uploads expire by themselves. */
export async function endUnended(
  session: ProbeSession,
  owned: readonly OwnedObject[],
): Promise<Observed<void> | undefined> {
  const { unended } = session.bucket.multipart;
  if (unended === undefined) return undefined;
  const prefix = probePrefix(session.path, session.uid);
  const left = await session.call((signal) => unended.list(prefix, signal));
  const own = new Set(owned.map(({ object }) => object.key));
  for (const { key, upload } of left.ok ? left.value : []) {
    if (!own.has(key)) await endUpload(session, key, upload);
  }
  return left.ok ? ok(undefined) : left;
}

/** An upload that has begun. */
interface Sending {
  readonly object: ProbeObject;
  readonly upload: string;
  readonly mine: OwnedObject;
}

async function begin(session: ProbeSession, owned: OwnedObject[], seen: Seen): Promise<Sending | undefined> {
  const object = newProbeObject(session);
  const mine: OwnedObject = { object };
  owned.push(mine);
  const { start } = session.bucket.multipart;
  const upload = start === undefined ? ok('') : await session.create((signal) => start(object.key, signal));
  seen.start = upload.ok ? ok(undefined) : err(upload.error);
  if (!upload.ok) {
    if (isSurelyAbsent(upload.error)) owned.pop();
    return undefined;
  }
  mine.upload = upload.value;
  return { object, upload: upload.value, mine };
}

/** Sends the only part by its pre-signed URL. */
async function sendPart(
  session: ProbeSession,
  { object, upload }: Sending,
  seen: Seen,
): Promise<PlainResponse | undefined> {
  const wanted = { key: object.key, upload, expiresInSeconds: EXPIRES_IN_SECONDS, md5: contentMd5(object.body) };
  const signed = await session.sign((signal) => session.bucket.multipart.part(wanted, signal));
  const answer = signed.ok ? await session.send({ ...signed.value, body: object.body }) : signed;
  seen.part = accepted(session, answer);
  return answer.ok && seen.part.ok ? answer.value : undefined;
}

/** Sends the part and completes the upload. */
async function complete(session: ProbeSession, sending: Sending, seen: Seen): Promise<boolean> {
  const answer = await sendPart(session, sending, seen);
  if (answer === undefined) return false;
  const finish = session.bucket.multipart.complete;
  if (finish === undefined) return true;
  const { object, upload, mine } = sending;
  const completed = await session.create((signal) => finish(object.key, { upload, answer }, signal));
  seen.complete = completed.ok ? ok(undefined) : err(completed.error);
  if (completed.ok) mine.revision = completed.value.revision;
  return completed.ok;
}

/** Downloads by Range, as W&B's clients do with files over 2 GiB, compares and deletes. */
async function compareAndRemove(
  session: ProbeSession,
  mine: OwnedObject,
  seen: Seen,
): Promise<Omit<MultipartSeen, 'multipart'>> {
  const { object } = mine;
  const range = `bytes=1-${String(object.body.length - 1)}`;
  const answer = await sendAsBrowser(session, 'GET', object, { headers: { range } });
  const crossOrigin = crossOriginOf(session, { GET: answer });
  seen.read = answer.ok ? readByRange(session, answer.value, object.body) : err(answer.error);
  if (!answer.ok || !seen.read.ok || !seen.read.value.intact) return crossOrigin;
  const revision = mine.revision ?? session.bucket.revisionIn(answer.value);
  if (revision === undefined) return crossOrigin;
  const removed = await session.call((signal) => session.bucket.remove(object.key, revision, signal));
  return { ...crossOrigin, removed };
}

/** Status 206 with all bytes but the first; a store that ignores the range sends the whole object with 200. */
function readByRange(session: ProbeSession, answer: PlainResponse, body: Uint8Array): Observed<RangeSeen> {
  const { status } = answer;
  if (status >= 300) return err(session.bucket.explain(answer));
  const got = Buffer.from(answer.body);
  return status === 206
    ? ok({ intact: got.equals(Buffer.from(body.subarray(1))) })
    : ok({ intact: got.equals(Buffer.from(body)), rangeIgnored: true });
}
