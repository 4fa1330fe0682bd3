import type { Observations, Observed } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import { endUpload } from './end-upload.ts';
import type { OwnedObject } from './leftovers.ts';
import { isSurelyAbsent, newProbeObject, type ProbeObject } from './object-cycle.ts';
import { probePrefix } from './probe-object.ts';
import { accepted } from './presigned-cycle.ts';
import { EXPIRES_IN_SECONDS } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

type Multipart = NonNullable<Observations['multipart']>;
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
  // Tests the permission to abort: for a finished upload the store either says so or refuses.
  if (session.bucket.multipart.unended?.hasPermission === true && !session.ended()) {
    seen.abort = await endUpload(session, object.key, upload.value);
  }
  return seen;
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
  const signed = await session.sign((signal) => part(object.key, upload, EXPIRES_IN_SECONDS, signal));
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

async function compareAndRemove(session: ProbeSession, { object }: OwnedObject, seen: Seen): Promise<boolean> {
  const read = await session.call((signal) => session.bucket.read(object.key, signal));
  if (!read.ok) {
    seen.read = err(read.error);
    return false;
  }
  const { body, revision } = read.value;
  const intact = Buffer.from(body).equals(Buffer.from(object.body));
  seen.read = ok({ intact });
  if (!intact) return false;
  const removed = await session.call((signal) => session.bucket.remove(object.key, revision, signal));
  return removed.ok;
}
