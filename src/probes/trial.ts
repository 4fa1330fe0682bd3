import type { SurveyFacts } from '../domain/observations/survey-facts.ts';
import { err, ok } from '../base/result.ts';
import type { Listing } from '../ports/bucket.ts';
import { sendAsBrowser } from './browser-try.ts';
import { noteCrossOrigin, tryHead } from './head-try.ts';
import { sweep, type OwnedObject } from './leftovers.ts';
import { endUnended, seeMultipart, seeUnfinished } from './multipart-cycle.ts';
import {
  deleteObject,
  isGone,
  isUnlisted,
  isSurelyAbsent,
  newProbeObject,
  objectIn,
  readObject,
} from './object-cycle.ts';
import { accepted, acceptedWhole } from './presigned-cycle.ts';
import { disown, note, notePresigned, own, type Progress } from './progress.ts';
import { sendPresigned } from './send-presigned.ts';
import { lookAnonymously, mayRemove, trySigned, tryStuck } from './signed-cycle.ts';
import type { ProbeSession } from './session.ts';

/** One trial: the leftovers of earlier probes, and what a survey found. */
export interface TrialOptions {
  readonly leftovers: Listing;
  /** Absent where the probe surveys the bucket itself: it then deletes and uploads in parts by its survey. */
  readonly facts?: SurveyFacts;
}

/**
 * What can differ by path, in as few requests as show it: an upload and a download by pre-signed URLs, as W&B's clients
 * send them, prove the permission too. Where one fails, the same by header separates the URL from the permission. Returns
 * whether everything went through.
 */
export async function runTrial(session: ProbeSession, progress: Progress, options: TrialOptions): Promise<boolean> {
  const stuck = await sweep(session, options.leftovers);
  if (session.ended()) return false;
  if (stuck !== undefined) {
    await tryStuck(session, progress, stuck);
    return false;
  }
  const mine = await upload(session, progress);
  if (mine === undefined || session.ended()) return false;
  await lookAnonymously(session, progress, mine.object);
  if (session.ended() || !(await download(session, progress, { mine, ...options })) || session.ended()) return false;
  return options.facts === undefined
    ? remove(session, progress, { mine, ...options })
    : tryWithSurvey(session, progress, { mine, ...options });
}

/** What a probe that surveys the bucket itself tries by its survey, besides the deletion. */
async function tryWithSurvey(session: ProbeSession, progress: Progress, written: Written): Promise<boolean> {
  await tryParts(session, progress, written);
  if (session.ended() || !(await remove(session, progress, written)) || session.ended()) return false;
  await tryByHeader(session, progress, written.mine);
  return true;
}

async function upload(session: ProbeSession, progress: Progress): Promise<OwnedObject | undefined> {
  const mine = own(progress, newProbeObject(session));
  const answer = await sendAsBrowser(session, 'PUT', mine.object, { body: mine.object.body });
  const sent = accepted(session, answer);
  if (!sent.ok) {
    if (isSurelyAbsent(sent.error)) disown(progress, mine);
    if (!session.ended()) await trySigned(session, progress);
    // A permission that is missing is not held against the URL.
    if (progress.seen.write?.ok === true) notePresigned(progress, 'PUT', sent);
    else if (progress.seen.write === undefined) note(progress, { write: sent });
    return undefined;
  }
  const revision = answer.ok ? session.bucket.revisionIn(answer.value) : undefined;
  if (revision !== undefined) mine.revision = revision;
  note(progress, { write: ok({ conditional: true }) });
  notePresigned(progress, 'PUT', sent);
  noteCrossOrigin(session, progress, 'PUT', answer);
  return mine;
}

interface Written extends TrialOptions {
  readonly mine: OwnedObject;
}

/** Reads the object by GET and HEAD; returns whether it may be deleted now. */
async function download(session: ProbeSession, progress: Progress, { mine, facts }: Written): Promise<boolean> {
  // The credential is refused keys that are not there, so that only an object that is there shows the permission.
  const isHidden = facts?.hidesAbsence === true;
  if (!(await read(session, progress, { mine, byHeader: isHidden }))) return false;
  if (!mayRemove(progress, mine) || session.ended()) return false;
  if (!isHidden || facts.presigned?.HEAD === undefined) await tryHead(session, progress, mine.object);
  return true;
}

/** By a pre-signed URL, and by header where that is asked for, or separates the URL from the permission. */
async function read(
  session: ProbeSession,
  progress: Progress,
  { mine, byHeader }: { readonly mine: OwnedObject; readonly byHeader: boolean },
): Promise<boolean> {
  const { object } = mine;
  const answer = await sendAsBrowser(session, 'GET', object);
  const got = acceptedWhole(session, answer, object.body);
  if (!got.ok && got.error.kind === 'ObjectNotFound') {
    await tryMissing(session, progress);
    return false;
  }
  noteCrossOrigin(session, progress, 'GET', answer);
  if (got.ok && answer.ok) note(progress, { read: ok(objectIn(session, answer.value)) });
  if (!got.ok || byHeader) note(progress, { read: await readObject(session, object) });
  // A permission that is missing is not held against the URL.
  if (progress.seen.read?.ok !== true) return false;
  notePresigned(progress, 'GET', got);
  return true;
}

/** The upload was confirmed, but there is no object: either the URL led to something else, or objects get lost. */
async function tryMissing(session: ProbeSession, progress: Progress): Promise<void> {
  const { presigned } = progress.seen;
  const httpStatus = presigned?.PUT?.ok === true ? presigned.PUT.value.httpStatus : 200;
  await trySigned(session, progress);
  if (progress.seen.read?.ok === true) notePresigned(progress, 'PUT', err({ kind: 'NotAnObjectStore', httpStatus }));
}

/** Deletes by a pre-signed URL; returns whether the object is gone. Where it is not, deletes by header. */
async function remove(session: ProbeSession, progress: Progress, { mine, facts }: Written): Promise<boolean> {
  const { object, revision } = mine;
  const deleted = accepted(session, await sendPresigned(session, 'DELETE', object));
  notePresigned(progress, 'DELETE', deleted);
  if (deleted.ok) {
    const gone = await (facts?.hidesAbsence === true ? isUnlisted : isGone)(session, object.key);
    note(progress, { delete: gone });
    if (!gone.ok) return false;
    if (gone.value.gone) {
      if (gone.value.isHidden === true) note(progress, { hidesAbsence: true });
      disown(progress, mine);
      return true;
    }
    notePresigned(progress, 'DELETE', ok({ ...deleted.value, gone: false }));
  }
  if (revision === undefined || session.ended()) return false;
  const signed = await deleteObject(session, object, revision);
  note(progress, { delete: signed });
  if (signed.ok && signed.value.gone) disown(progress, mine);
  return false;
}

/**
 * Begins an upload in parts and aborts it, where a store has that, while the object is still there: a crash then leaves
 * both, and the next listing shows that there is something to be ended.
 */
async function tryParts(session: ProbeSession, progress: Progress, { leftovers }: TrialOptions): Promise<void> {
  if (!canAbort(session)) return;
  if (leftovers.keys.length > 0) await endUnended(session, progress.owned);
  note(progress, { multipart: await seeUnfinished(session, progress.owned) });
}

/** What is left: deletion by header, and elsewhere a whole upload in parts. */
async function tryByHeader(session: ProbeSession, progress: Progress, mine: OwnedObject): Promise<void> {
  const { bucket } = session;
  if (!canAbort(session)) {
    const { multipart, removed } = await seeMultipart(session, progress.owned);
    note(progress, { multipart, ...(removed?.ok === false && { delete: removed }) });
    return;
  }
  const again = await session.call((signal) => bucket.remove(mine.object.key, mine.revision ?? '', signal));
  // Whether the key is there does not matter: who may not delete is refused.
  if (!again.ok && again.error.kind !== 'ObjectNotFound') note(progress, { delete: again });
}

function canAbort({ bucket }: ProbeSession): boolean {
  return bucket.multipart.unended?.hasPermission === true;
}
