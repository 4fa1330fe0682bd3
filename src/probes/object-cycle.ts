import type { BucketFailure } from '../domain/bucket-failure.ts';
import type { Observations, Observed } from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import type { CreatedObject } from '../ports/bucket.ts';
import { isProbeBody, probeBody, probePrefix } from './probe-object.ts';
import type { ProbeSession } from './session.ts';

/** A probe object that exists and must be gone when the probe ends. */
export interface ProbeObject {
  readonly key: string;
  readonly nonce: string;
  readonly body: Uint8Array;
  readonly revision: string;
}

/** A new key below the CR's own prefix, with the body that belongs to it. */
export function newProbeObject(session: ProbeSession): Omit<ProbeObject, 'revision'> {
  const nonce = session.randomId();
  const time = new Date(session.clock.now()).toISOString();
  return { key: probePrefix(session.path, session.uid) + nonce, nonce, body: probeBody(session.uid, nonce, time) };
}

/** Creates an object and never replaces one. */
export async function writeObject(
  session: ProbeSession,
  object: Omit<ProbeObject, 'revision'>,
): Promise<Observed<CreatedObject>> {
  return session.call((signal) => session.bucket.create(object.key, object.body, signal));
}

/** Reads it back and compares. */
export async function readObject(
  session: ProbeSession,
  object: ProbeObject,
): Promise<NonNullable<Observations['read']>> {
  const read = await session.call((signal) => session.bucket.read(object.key, signal));
  return read.ok ? ok({ intact: Buffer.from(read.value.body).equals(Buffer.from(object.body)) }) : err(read.error);
}

/** Deletes it and looks whether it is gone. */
export async function deleteObject(
  session: ProbeSession,
  object: ProbeObject,
): Promise<NonNullable<Observations['delete']>> {
  const removed = await session.call((signal) => session.bucket.remove(object.key, object.revision, signal));
  if (!removed.ok) return err(removed.error);
  const again = await session.call((signal) => session.bucket.read(object.key, signal));
  if (again.ok) return ok({ gone: false });
  return again.error.kind === 'ObjectNotFound' || again.error.kind === 'AccessDenied'
    ? ok({ gone: true })
    : err(again.error);
}

/**
 * Removes what a crashed probe of this CR left: keys below its own prefix whose
 * body says that it is ours. Anything else there is not touched.
 */
export async function sweepLeftovers(session: ProbeSession): Promise<void> {
  const prefix = probePrefix(session.path, session.uid);
  const listed = await session.call((signal) => session.bucket.list(prefix, MAX_SWEPT, signal));
  if (!listed.ok) return;
  for (const { key } of listed.value.keys) {
    if (key.startsWith(prefix)) await removeIfOurs(session, key);
  }
}

/** Leftovers removed by one probe: it stays within its limit of requests, and the next one goes on. */
const MAX_SWEPT = 3;

/** Deletes a key after its body proved to be ours. */
export async function removeIfOurs(
  session: ProbeSession,
  key: string,
  nonce?: string,
): Promise<BucketFailure | undefined> {
  const read = await session.call((signal) => session.bucket.read(key, signal));
  if (!read.ok) return read.error.kind === 'ObjectNotFound' ? undefined : read.error;
  if (!isProbeBody(read.value.body, session.uid, nonce)) return undefined;
  const removed = await session.call((signal) => session.bucket.remove(key, read.value.revision, signal));
  return removed.ok ? undefined : removed.error;
}
