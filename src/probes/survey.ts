import { isRetentionKnown, keepsObjects } from '../domain/observations/survey-facts.ts';
import { seePreflights } from './browser-try.ts';
import { observeExternalId } from './first-contact.ts';
import { tryHead } from './head-try.ts';
import type { OwnedObject } from './leftovers.ts';
import { seeMultipart } from './multipart-cycle.ts';
import { deleteObject, newProbeObject, readObject } from './object-cycle.ts';
import { seeBodyLimit } from './presigned-cycle.ts';
import { disown, note, type Progress } from './progress.ts';
import { MAX_REQUESTS } from './request-limit.ts';
import { seeOtherSettings, seeSettingsBefore } from './settings.ts';
import { mayRemove, write } from './signed-cycle.ts';
import type { ProbeSession } from './session.ts';

/** Most requests that removing one object may need. */
const CLEAN_UP_REQUESTS = 3;

/** What must be known before anything is written. */
export async function surveyRetention(session: ProbeSession, progress: Progress): Promise<void> {
  note(progress, await observeExternalId(session));
  note(progress, { settings: await seeSettingsBefore(session) });
}

/** The rule for browsers, after their requests have been tried; it needs no object. */
export async function surveyBrowsers(session: ProbeSession, progress: Progress): Promise<void> {
  note(progress, await seePreflights(session, newProbeObject(session), progress.seen.crossOrigin));
}

/**
 * Whether a written object could be deleted again: assumed where the store does not report its retention, and not
 * where a passing fault hides it.
 */
export function mayWrite({ seen }: Progress): boolean {
  return !keepsObjects(seen) && isRetentionKnown(seen);
}

/** Writes, reads and deletes by header, as W&B's server does; then a whole upload in parts. */
export async function surveyByWriting(session: ProbeSession, progress: Progress): Promise<void> {
  const mine = await write(session, progress, (object) => seeBodyLimit(session, object));
  if (mine === undefined || session.ended()) return;
  const read = await readObject(session, mine.object);
  note(progress, { read });
  if (!read.ok || !mayRemove(progress, mine) || session.ended()) return;
  // A trial by the same probe has tried it.
  if (progress.seen.presigned?.HEAD === undefined) await tryHead(session, progress, mine.object);
  if (session.ended()) return;
  // While the object is there: a crash then leaves both, and the next listing shows that there is something to be ended.
  const { multipart, crossOrigin } = await seeMultipart(session, progress.owned);
  note(progress, { multipart });
  // What a trial by the same probe saw is nearer to what browsers do.
  if (crossOrigin !== undefined) note(progress, { crossOrigin: { ...crossOrigin, ...progress.seen.crossOrigin } });
  if (!session.ended()) await remove(session, progress, mine);
}

/** Deletes by header. */
async function remove(session: ProbeSession, progress: Progress, mine: OwnedObject): Promise<void> {
  if (mine.revision === undefined) return;
  const { delete: first } = progress.seen;
  const knownMs = first?.ok === true ? first.value.afterMs : undefined;
  const deleted = await deleteObject(session, mine.object, mine.revision, knownMs);
  note(progress, { delete: deleted });
  if (!deleted.ok || !deleted.value.gone) return;
  if (deleted.value.isHidden === true) note(progress, { hidesAbsence: true });
  disown(progress, mine);
}

/** Requests the remaining settings within the limit of requests, of which the clean-up has a reserved part. */
export async function surveyRest(session: ProbeSession, progress: Progress): Promise<void> {
  const maxRequests = MAX_REQUESTS - progress.owned.length * CLEAN_UP_REQUESTS;
  const settings = { ...progress.seen.settings, ...(await seeOtherSettings(session, maxRequests)) };
  const { location } = settings;
  note(progress, { settings, ...(location?.ok === true && { region: location }) });
}
