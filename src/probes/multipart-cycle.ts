import type { Observations, Observed } from '../domain/observations/observations.ts';
import { contentMd5 } from '../base/digest.ts';
import { err, ok } from '../base/result.ts';
import { endUpload } from './end-upload.ts';
import type { OwnedObject } from './leftovers.ts';
import { isSurelyAbsent, newProbeObject, type ProbeObject } from './object-cycle.ts';
import { probePrefix } from './probe-object.ts';
import { accepted } from './presigned-cycle.ts';
import type { PlainResponse } from '../ports/http.ts';
import { MAX_REQUESTS } from './request-limit.ts';
import { EXPIRES_IN_SECONDS, sendPresigned } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

type Multipart = NonNullable<Observations['multipart']>;
type RangeSeen = NonNullable<Multipart['read']> extends Observed<infer T> ? T : never;
type Seen = { -readonly [Step in keyof Multipart]: Multipart[Step] };

/**
 * Uploads an object in parts as W&B's clients do with large files, compares and
 * deletes it. The upload is added to `owned` before it begins, so that it is cleaned
 * up in every case.
 */
export async function seeMultipart(session: ProbeSession, owned: OwnedObject[]): Promise<Multipart> {
  const object = newProbeObject(session);
  const seen: Seen = {};
  await endUnended(session, seen);
  if (session.ended()) return seen;
  const mine: OwnedObject = { object };
  owned.push(mine);
  const upload = await begin(session, object);
  seen.start = upload.ok ? ok(undefined) : err(upload.error);
  if (!upload.ok) {
    if (isSurelyAbsent(upload.error)) owned.pop();
    return seen;
  }
  mine.upload = upload.value;
  if (session.ended() || !(await send(session, { object, upload: upload.value, mine }, seen))) return seen;
  if (session.ended() || !(await compareAndRemove(session, mine, seen))) return seen;
  owned.pop();
  if (mayTryToAbort(session)) seen.abort = await endUpload(session, object.key, upload.value);
  return seen;
}

/** Tests the permission, where there is room for it: of a finished upload the store either says so or refuses. */
function mayTryToAbort(session: ProbeSession): boolean {
  const { unended } = session.bucket.multipart;
  return unended?.hasPermission === true && session.requests < MAX_REQUESTS && !session.ended();
}

/** Aborts uploads that a crash left; a refused listing is recorded for the checks. */
async function endUnended(session: ProbeSession, seen: Seen): Promise<void> {
  const { unended } = session.bucket.multipart;
  if (unended === undefined) return;
  const prefix = probePrefix(session.path, session.uid);
  const left = await session.call((signal) => unended.list(prefix, signal));
  seen.list = left.ok ? ok(undefined) : err(left.error);
  for (const { key, upload } of left.ok ? left.value : []) await endUpload(session, key, upload);
}

function begin(session: ProbeSession, { key }: ProbeObject): Promise<Observed<string>> {
  const { start } = session.bucket.multipart;
  return start === undefined ? Promise.resolve(ok('')) : session.create((signal) => start(key, signal));
}

interface Sending {
  readonly object: ProbeObject;
  readonly upload: string;
  readonly mine: OwnedObject;
}

/** Sends the part by its pre-signed URL and completes the upload. */
async function send(session: ProbeSession, { object, upload, mine }: Sending, seen: Seen): Promise<boolean> {
  const { part, complete } = session.bucket.multipart;
  const wanted = { key: object.key, upload, expiresInSeconds: EXPIRES_IN_SECONDS, md5: contentMd5(object.body) };
  const signed = await session.sign((signal) => part(wanted, signal));
  const answer = signed.ok ? await session.send({ ...signed.value, body: object.body }) : signed;
  seen.part = accepted(session, answer);
  if (!answer.ok || !seen.part.ok) return false;
  if (complete === undefined) return true;
  const sent = { upload, answer: answer.value };
  const completed = await session.create((signal) => complete(object.key, sent, signal));
  seen.complete = completed.ok ? ok(undefined) : err(completed.error);
  if (completed.ok) mine.revision = completed.value.revision;
  return completed.ok;
}

/** Downloads by Range, as W&B's clients do with files over 2 GiB, compares and deletes. */
async function compareAndRemove(session: ProbeSession, mine: OwnedObject, seen: Seen): Promise<boolean> {
  const { object } = mine;
  const range = `bytes=1-${String(object.body.length - 1)}`;
  const answer = await sendPresigned(session, 'GET', object, { headers: { range } });
  seen.read = answer.ok ? readByRange(session, answer.value, object.body) : err(answer.error);
  if (!answer.ok || !seen.read.ok || !seen.read.value.intact) return false;
  const revision = mine.revision ?? session.bucket.revisionIn(answer.value);
  if (revision === undefined) return false;
  const removed = await session.call((signal) => session.bucket.remove(object.key, revision, signal));
  return removed.ok;
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
