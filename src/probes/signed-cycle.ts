import { err, ok } from '../base/result.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { seeAnonymousRead, seePublicRules } from './anonymous-try.ts';
import { sendAsBrowser } from './browser-try.ts';
import { noteCrossOrigin } from './head-try.ts';
import type { OwnedObject, StuckObject } from './leftovers.ts';
import {
  createObject,
  deleteObject,
  isSurelyAbsent,
  newProbeObject,
  readObject,
  type ProbeObject,
} from './object-cycle.ts';
import { disown, note, own, type Progress } from './progress.ts';
import type { ProbeSession } from './session.ts';

/**
 * Writes, reads and deletes by header, without pre-signed URLs: what W&B's server does. Separates a refused URL from a
 * refused permission.
 */
export async function trySigned(session: ProbeSession, progress: Progress): Promise<void> {
  const mine = await write(session, progress);
  if (mine === undefined || session.ended()) return;
  await lookAt(session, progress, mine.object);
  if (session.ended() || !mayRemove(progress, mine) || mine.revision === undefined) return;
  const deleted = await deleteObject(session, mine.object, mine.revision);
  note(progress, { delete: deleted });
  if (deleted.ok && deleted.value.gone) disown(progress, mine);
}

/**
 * Where objects cannot be deleted, each probe would leave another one. So the same
 * key is created again: a store that refuses only because it exists has granted the
 * write, and nothing is written.
 */
export async function tryStuck(session: ProbeSession, progress: Progress, stuck: StuckObject): Promise<void> {
  const { object, failure } = stuck;
  // A store that replaces a locked object would keep both versions.
  if (failure !== undefined && !(await writeAgain(session, progress, object))) return;
  if (session.ended()) return;
  await lookAt(session, progress, object);
  if (failure !== undefined) note(progress, { delete: err(failure) });
  // The object still exists: read it as a browser would.
  if (!session.ended()) noteCrossOrigin(session, progress, 'GET', await sendAsBrowser(session, 'GET', object));
}

/** Creates an object. `before`: what is tried with its key before it exists. */
export async function write(
  session: ProbeSession,
  progress: Progress,
  before: (object: ProbeObject) => Promise<Partial<Observations>> = () => Promise.resolve({}),
): Promise<OwnedObject | undefined> {
  const mine = own(progress, newProbeObject(session));
  note(progress, await before(mine.object));
  if (session.ended()) return undefined;
  const created = await createObject(session, mine.object);
  if (!created.ok) {
    if (isSurelyAbsent(created.error)) disown(progress, mine);
    note(progress, { write: created });
    return undefined;
  }
  const { conditional, versionId, revision } = created.value;
  mine.revision = revision;
  note(progress, { write: ok({ conditional, ...(versionId !== undefined && { versionId }) }) });
  return mine;
}

/** Whether the object may be looked at: it exists, and writing was not refused for another reason. */
async function writeAgain(session: ProbeSession, progress: Progress, object: ProbeObject): Promise<boolean> {
  const created = await createObject(session, object);
  if (created.ok) {
    note(progress, { write: ok({ conditional: created.value.conditional }) });
  } else if (created.error.kind !== 'PreconditionFailed') {
    note(progress, { write: err(created.error) });
    return false;
  } else if (created.error.providerCode !== undefined) {
    note(progress, { write: ok({ conditional: true }) });
  }
  return true;
}

/** Reads it by header, and without a signature. */
async function lookAt(session: ProbeSession, progress: Progress, object: ProbeObject): Promise<void> {
  note(progress, { read: await readObject(session, object) });
  if (!session.ended()) await lookAnonymously(session, progress, object);
}

/** Reads it without a signature. */
export async function lookAnonymously(session: ProbeSession, progress: Progress, object: ProbeObject): Promise<void> {
  const anonymous = { ...progress.seen.anonymous, get: await seeAnonymousRead(session, object) };
  note(progress, { anonymous: { ...anonymous, ...(await seePublicRules(session, anonymous)) } });
}

/**
 * Whether the object may be deleted now. One that is locked stays, and no probe writes another one beside it: it is
 * what the next probe finds.
 */
export function mayRemove(progress: Progress, mine: OwnedObject): boolean {
  const { read } = progress.seen;
  if (read?.ok !== true) return false;
  const isLocked = read.value.lock !== undefined;
  if (isLocked) disown(progress, mine);
  return !isLocked;
}
