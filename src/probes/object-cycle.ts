import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import { isInForce } from '../domain/observations/object-lock.ts';
import type { GoneSeen, Observations, Observed } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { CreatedObject } from '../ports/bucket-call.ts';
import type { ReadObject } from '../ports/bucket.ts';
import type { PlainResponse } from '../ports/http.ts';
import { probeBody, probePrefix } from './probe-object.ts';
import type { ProbeSession } from './session.ts';

/** An object that this probe creates. */
export interface ProbeObject {
  readonly key: string;
  readonly nonce: string;
  readonly body: Uint8Array;
}

/** A new key below the CR's own prefix, with its body. */
export function newProbeObject(session: ProbeSession): ProbeObject {
  const nonce = session.randomId();
  const time = new Date(session.clock.now()).toISOString();
  return { key: probePrefix(session.path, session.uid) + nonce, nonce, body: probeBody(session.uid, nonce, time) };
}

/** Creates an object and never replaces one. */
export function createObject(session: ProbeSession, object: ProbeObject): Promise<Observed<CreatedObject>> {
  return session.create((signal) => session.bucket.create(object.key, object.body, signal));
}

/** Whether the store answered that it did not create the object; without an answer it may have created it. */
export function isSurelyAbsent(failure: BucketFailure): boolean {
  return failure.httpStatus !== undefined && failure.httpStatus >= 400 && failure.httpStatus < 500;
}

type ReadSeen = NonNullable<Observations['read']> extends Observed<infer T> ? T : never;

/** Reads it back and compares. */
export async function readObject(
  session: ProbeSession,
  object: ProbeObject,
): Promise<NonNullable<Observations['read']>> {
  const read = await session.call((signal) => session.bucket.read(object.key, signal));
  if (!read.ok) return read;
  return ok({
    intact: Buffer.from(read.value.body).equals(Buffer.from(object.body)),
    ...detailsOf(session, read.value),
  });
}

/** The object in a plain answer that has its bytes. */
export function objectIn(session: ProbeSession, answer: PlainResponse): ReadSeen {
  return { intact: true, ...detailsOf(session, session.bucket.detailsIn(answer)) };
}

function detailsOf(
  session: ProbeSession,
  { encryption, storageClass, lock }: Pick<ReadObject, 'encryption' | 'storageClass' | 'lock'>,
): Omit<ReadSeen, 'intact'> {
  return {
    ...(encryption !== undefined && { encryption }),
    ...(storageClass !== undefined && { storageClass }),
    ...(lock !== undefined && isInForce(lock, session.clock.now()) && { lock }),
  };
}

/** Deletes it and checks that it is gone. `knownMs`: how long the store showed another deleted object. */
export async function deleteObject(
  session: ProbeSession,
  object: ProbeObject,
  revision: string,
  knownMs = 0,
): Promise<NonNullable<Observations['delete']>> {
  const removed = await session.call((signal) => session.bucket.remove(object.key, revision, signal));
  return removed.ok ? isGone(session, object.key, knownMs) : err(removed.error);
}

/** Whether a deleted key can no longer be read, now or after a while. `knownMs`: as with `deleteObject`. */
export function isGone(session: ProbeSession, key: string, knownMs = 0): Promise<Observed<GoneSeen>> {
  return lookAgain(session, knownMs, () => look(session, key));
}

/** Whether a deleted key is no longer listed: for a credential that is refused keys that are not there. */
export function isUnlisted(session: ProbeSession, key: string): Promise<Observed<GoneSeen>> {
  return lookAgain(session, 0, async () => {
    const page = await session.call((signal) => session.bucket.list(key, 1, signal));
    return page.ok ? ok({ gone: page.value.keys.every((listed) => listed.key !== key) }) : page;
  });
}

/** Looks until it is gone. The first look comes after `knownMs`; looks that another object took are not taken again. */
async function lookAgain(
  session: ProbeSession,
  knownMs: number,
  lookOnce: () => Promise<Observed<GoneSeen>>,
): Promise<Observed<GoneSeen>> {
  await session.pause(knownMs);
  let seen = await lookOnce();
  let afterMs = knownMs;
  for (const moment of momentsOf(session.lookAgainMs).filter((one) => one > knownMs)) {
    if (!seen.ok || seen.value.gone) break;
    await session.pause(moment - afterMs);
    afterMs = moment;
    seen = await lookOnce();
  }
  return seen.ok && seen.value.gone && afterMs > 0 ? ok({ ...seen.value, afterMs }) : seen;
}

/** Times since the deletion, from the pauses between looks. */
function momentsOf(pauses: readonly number[]): readonly number[] {
  let moment = 0;
  return pauses.map((pause) => (moment += pause));
}

/** For a missing key stores answer 403 to a credential that may not list. */
async function look(session: ProbeSession, key: string): Promise<Observed<GoneSeen>> {
  const again = await session.call((signal) => session.bucket.read(key, signal));
  if (again.ok) return ok({ gone: false });
  const { kind } = again.error;
  if (kind === 'AccessDenied') return ok({ gone: true, isHidden: true });
  return kind === 'ObjectNotFound' ? ok({ gone: true }) : err(again.error);
}
