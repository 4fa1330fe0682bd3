import { hasAnswered } from '../checks/failures/seen-failures.ts';
import { isSignInFailure, type BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { SettingsSeen } from '../domain/observations/bucket-settings.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { Listing } from '../ports/bucket.ts';
import { seeAnonymousRead, seePublicRules } from './anonymous-try.ts';
import { crossOriginOf, seePreflights, sendAsBrowser } from './browser-try.ts';
import { listLeftovers, sweep, type OwnedObject, type StuckObject } from './leftovers.ts';
import { observeEndpoint, observeListing, observeRegion, observeSignIn } from './first-contact.ts';
import {
  createObject,
  deleteObject,
  isSurelyAbsent,
  newProbeObject,
  readObject,
  type ProbeObject,
} from './object-cycle.ts';
import { seeMultipart } from './multipart-cycle.ts';
import { seePresigned, seePresignedAbsent } from './presigned-cycle.ts';
import { MAX_REQUESTS } from './request-limit.ts';
import type { ProbeSession } from './session.ts';
import { seeOtherSettings, seeSettingsBefore } from './settings.ts';

/** Most requests that removing one object may need. */
const CLEAN_UP_REQUESTS = 3;

const NOTHING: Listing = { keys: [], truncated: false };

/** The observations so far, and the objects that the probe has created. */
interface Progress {
  seen: Omit<Observations, 'requests'>;
  readonly owned: OwnedObject[];
  /** Whether anything was sent to be created: folders may be left of it, though every object is gone. */
  wrote: boolean;
}

/**
 * The full probe: one ordered plan whose observations are the input of all checks. It
 * stops where further requests would repeat the same failure. It writes nothing where
 * it cannot list, because it could not find the leftovers of a crash, nor where
 * retention would keep the object. `cleanUp` gets what may still be in the bucket, also
 * after an error or an abort.
 */
export async function runFullProbe(
  session: ProbeSession,
  cleanUp: (owned: readonly OwnedObject[]) => Promise<void>,
): Promise<Observations> {
  const progress: Progress = { seen: { mode: 'Full' }, owned: [], wrote: false };
  try {
    const leftovers = await look(session, progress);
    if (leftovers !== undefined) {
      if (await mayWrite(session, progress)) await use(session, progress, leftovers);
      await ask(session, progress);
    }
  } finally {
    if (progress.wrote) await cleanUp(progress.owned);
  }
  return { ...progress.seen, requests: session.requests };
}

/** The light probe: at most two requests, nothing written. */
export async function runLightProbe(session: ProbeSession): Promise<Observations> {
  const list = await observeListing(session);
  const mayLook = list.ok && !session.ended() && session.bucket.asksStoreToSign !== true;
  const presigned = mayLook ? { presigned: await seePresignedAbsent(session) } : {};
  // The listing's own failure shows whether the store answers at all.
  const isSilent = !list.ok && list.error.httpStatus === undefined && !isSignInFailure(list.error.kind);
  const endpoint = isSilent ? { endpoint: list } : {};
  return { mode: 'Light', ...endpoint, list, ...presigned, requests: session.requests };
}

/** Observes without a change; returns the leftovers of earlier probes, or `undefined` when the bucket cannot be used. */
async function look(session: ProbeSession, progress: Progress): Promise<Listing | undefined> {
  const first = await observeEndpoint(session);
  note(progress, first);
  // A bad answer to the unsigned request may come from a proxy before a working store.
  if (first.endpoint?.ok === false && !hasAnswered(first.endpoint.error)) return undefined;
  const list = await observeListing(session);
  note(progress, { list });
  if (!list.ok) {
    if (isWorthARegion(list.error)) note(progress, await observeRegion(session));
    return undefined;
  }
  if (session.ended()) return undefined;
  note(progress, await observeSignIn(session));
  const leftovers = await listLeftovers(session);
  const isOwned = session.bucket.listAsOwned !== undefined;
  if (isOwned) note(progress, { owner: leftovers.ok ? ok(undefined) : leftovers });
  if (!leftovers.ok && isOwned) return undefined;
  return leftovers.ok ? leftovers.value : NOTHING;
}

/** Whether a written object could be deleted again; assumed where the store does not report its retention. */
async function mayWrite(session: ProbeSession, progress: Progress): Promise<boolean> {
  const settings = await seeSettingsBefore(session);
  note(progress, { settings });
  return settings.retention?.ok !== true || settings.retention.value.keeps.length === 0;
}

/** Requests the remaining settings within the limit of requests, of which the clean-up has a reserved part. */
async function ask(session: ProbeSession, progress: Progress): Promise<void> {
  const maxRequests = MAX_REQUESTS - progress.owned.length * CLEAN_UP_REQUESTS;
  const settings = { ...progress.seen.settings, ...(await seeOtherSettings(session, maxRequests)) };
  note(progress, { settings, ...regionIn(settings) });
}

function regionIn({ location }: SettingsSeen): Pick<Observations, 'region'> {
  return location?.ok === true ? { region: location } : {};
}

/** Whether the region may explain the failure. */
function isWorthARegion(failure: BucketFailure): boolean {
  return failure.kind === 'WrongRegion' || failure.kind === 'AccessDenied';
}

/** Writes, reads, tries as an anonymous client and as a browser, deletes; then the same by pre-signed URLs. */
async function use(session: ProbeSession, progress: Progress, leftovers: Listing): Promise<void> {
  const stuck = await sweep(session, leftovers);
  if (session.ended()) return;
  const object = stuck === undefined ? await write(session, progress) : await writeAgain(session, progress, stuck);
  if (object === undefined || session.ended()) return;
  const read = await readObject(session, object);
  note(progress, { read });
  const anonymous = { ...progress.seen.anonymous, get: await seeAnonymousRead(session, object) };
  note(progress, { anonymous: { ...anonymous, ...(await seePublicRules(session, anonymous)) } });
  note(progress, await seePreflights(session, object));
  if (stuck?.failure !== undefined) note(progress, { delete: err(stuck.failure) });
  const gone = stuck === undefined && mayRemove(progress) && !session.ended() && (await remove(session, progress));
  if (gone) await upload(session, progress);
  // The object still exists: read it as a browser would.
  else if (!session.ended())
    note(progress, crossOriginOf(session, { GET: await sendAsBrowser(session, 'GET', object) }));
}

/**
 * Whether the object may be deleted now. One that is locked stays, and no probe writes another one beside it: it is
 * what the next probe finds.
 */
function mayRemove({ seen, owned }: Progress): boolean {
  if (seen.read?.ok !== true) return false;
  const isLocked = seen.read.value.lock !== undefined;
  if (isLocked) owned.shift();
  return !isLocked;
}

/** Uploads as W&B's clients do, whole and in parts; stops when an uploaded object cannot be deleted. */
async function upload(session: ProbeSession, progress: Progress): Promise<void> {
  const { delete: first } = progress.seen;
  const deletionMs = first?.ok === true ? first.value.afterMs : undefined;
  const seen = await seePresigned(session, progress.owned, deletionMs);
  note(progress, seen);
  const deleted = seen.presigned?.DELETE;
  if (deleted?.ok !== true || deleted.value.gone === false || session.ended()) return;
  note(progress, { multipart: await seeMultipart(session, progress.owned) });
}

async function write(session: ProbeSession, progress: Progress): Promise<ProbeObject | undefined> {
  const object = newProbeObject(session);
  const mine: OwnedObject = { object };
  progress.owned.push(mine);
  progress.wrote = true;
  const created = await createObject(session, object);
  if (!created.ok) {
    if (isSurelyAbsent(created.error)) progress.owned.pop();
    note(progress, { write: created });
    return undefined;
  }
  const { conditional, versionId, revision } = created.value;
  mine.revision = revision;
  note(progress, { write: ok({ conditional, ...(versionId !== undefined && { versionId }) }) });
  return object;
}

/**
 * Where objects cannot be deleted, each probe would leave another one. So the same
 * key is created again: a store that refuses only because it exists has granted the
 * write, and nothing is written.
 */
async function writeAgain(
  session: ProbeSession,
  progress: Progress,
  { object, failure }: StuckObject,
): Promise<ProbeObject | undefined> {
  // A store that replaces the object would keep both versions.
  if (failure === undefined) return object;
  const created = await createObject(session, object);
  if (created.ok) {
    note(progress, { write: ok({ conditional: created.value.conditional }) });
  } else if (created.error.kind !== 'PreconditionFailed') {
    note(progress, { write: err(created.error) });
    return undefined;
  } else if (created.error.providerCode !== undefined) {
    note(progress, { write: ok({ conditional: true }) });
  }
  return object;
}

async function remove(session: ProbeSession, progress: Progress): Promise<boolean> {
  const [mine] = progress.owned;
  if (mine?.revision === undefined) return false;
  const deleted = await deleteObject(session, mine.object, mine.revision);
  note(progress, { delete: deleted });
  const gone = deleted.ok && deleted.value.gone;
  if (gone) progress.owned.shift();
  return gone;
}

function note(progress: Progress, seen: Partial<Observations>): void {
  progress.seen = { ...progress.seen, ...seen };
}
