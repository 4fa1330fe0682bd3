import type { BucketFailure, BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import { isInForce } from '../domain/observations/object-lock.ts';
import { endUpload } from './end-upload.ts';
import type { Result } from '../base/result.ts';
import type { BucketCall } from '../ports/bucket-call.ts';
import type { Listing } from '../ports/bucket.ts';
import type { ProbeObject } from './object-cycle.ts';
import { isProbeBody, nonceOf, probeFolders, probePrefix } from './probe-object.ts';
import type { ProbeSession } from './session.ts';

/** Short, since signed URLs of the clean-up are used at once. */
const EXPIRES_IN_SECONDS = 60;

/** Most leftovers that one probe removes, within its limit of requests; the next probe continues. */
const MAX_SWEPT = 2;

/** An object of ours that cannot be deleted. */
export interface StuckObject {
  readonly object: ProbeObject;
  /** The store refused to delete it. Absent where it was not asked: the object is locked. */
  readonly failure?: BucketFailure;
}

/** An object that this probe has created, or may have created. */
export interface OwnedObject {
  readonly object: ProbeObject;
  /** Known once the store has confirmed that we created it. */
  revision?: string;
  /** An upload in parts, once it has begun: the store keeps it until it is ended. */
  upload?: string;
}

/** Lists what crashed probes of this CR left: below its own prefix, and only in a bucket with the expected owner. */
export function listLeftovers(session: ProbeSession): BucketCall<Listing> {
  const { bucket } = session;
  const prefix = probePrefix(session.path, session.uid);
  return session.call(
    (signal) => bucket.listFrom?.(prefix, prefix, MAX_SWEPT, signal) ?? bucket.list(prefix, MAX_SWEPT, signal),
  );
}

/**
 * Removes leftovers whose body shows that they are ours; other objects are not
 * touched. Returns one that may not be deleted: the probe then does not write
 * another one.
 */
export async function sweep(session: ProbeSession, leftovers: Listing): Promise<StuckObject | undefined> {
  const prefix = probePrefix(session.path, session.uid);
  let stuck: StuckObject | undefined;
  for (const { key } of leftovers.keys.slice(0, MAX_SWEPT)) {
    if (key.startsWith(prefix)) stuck = (await removeIfOurs(session, key)) ?? stuck;
  }
  return stuck;
}

/** Lists and removes. */
export async function sweepLeftovers(session: ProbeSession): Promise<void> {
  const listed = await listLeftovers(session);
  if (!listed.ok || listed.value.keys.length === 0) return;
  await sweep(session, listed.value);
  await removeFolders(session);
}

/** Removes the folders that probe objects were in, where a store keeps them; what else is in one keeps it. */
export async function removeFolders(session: ProbeSession): Promise<void> {
  const { bucket, path, uid } = session;
  if (bucket.removeFolders === undefined) return;
  const remove = bucket.removeFolders.bind(bucket);
  await session.call((signal) => remove(probeFolders(path, uid), signal));
}

/** Removes the objects of a probe when it ends, as far as the store allows. */
export async function removeOwned(session: ProbeSession, owned: readonly OwnedObject[]): Promise<void> {
  for (const { object, revision, upload } of owned) {
    if (upload !== undefined) await endUpload(session, object.key, upload);
    if (revision === undefined) await removeIfOurs(session, object.key, object.nonce);
    else await removeCreated(session, object.key, revision);
  }
}

/** Retries once where the store did not answer, so that a clean-up leaves an object only if two requests fail. */
async function surely<T>(
  session: ProbeSession,
  run: Parameters<typeof session.call<T>>[0],
): Promise<Result<T, BucketFailure>> {
  const first = await session.call(run);
  return first.ok || isAnswer(first.error) ? first : session.call(run);
}

function isAnswer({ httpStatus }: BucketFailure): boolean {
  return httpStatus !== undefined && httpStatus < 500;
}

/** Refusals after which an object stays until an administrator acts. */
const STAYS: readonly BucketFailureKind[] = ['AccessDenied', 'ObjectRetained'];

/**
 * Deletes a key whose body is ours; returns it when it cannot be deleted. One that is locked stays in sight: with
 * object lock, a deletion only hides it behind a marker, and the next probe would write another one.
 */
async function removeIfOurs(session: ProbeSession, key: string, nonce?: string): Promise<StuckObject | undefined> {
  const read = await surely(session, (signal) => session.bucket.read(key, signal));
  if (!read.ok || !isProbeBody(read.value.body, session.uid, nonce)) return undefined;
  const { body, revision, lock } = read.value;
  const object = { key, body, nonce: nonce ?? nonceOf(body) ?? '' };
  if (lock !== undefined && isInForce(lock, session.clock.now())) return { object };
  const removed = await surely(session, (signal) => session.bucket.remove(key, revision, signal));
  if (removed.ok || !STAYS.includes(removed.error.kind)) return undefined;
  return { object, failure: removed.error };
}

/** Deletes an object that the store confirmed as created by us, without reading it first: the credential may not be allowed to read. */
async function removeCreated(session: ProbeSession, key: string, revision: string): Promise<void> {
  const removed = await surely(session, (signal) => session.bucket.remove(key, revision, signal));
  if (removed.ok || removed.error.kind !== 'AccessDenied') return;
  const wanted = { method: 'DELETE', key, expiresInSeconds: EXPIRES_IN_SECONDS } as const;
  const signed = await session.sign((signal) => session.bucket.presign(wanted, signal));
  if (signed.ok) await session.send(signed.value);
}
