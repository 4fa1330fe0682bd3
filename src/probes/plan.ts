import { hasAnswered } from '../checks/failures/seen-failures.ts';
import { isSignInFailure, type BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { SettingsSeen } from '../domain/observations/bucket-settings.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { Listing } from '../ports/bucket.ts';
import { seeAnonymousRead, seePublicRules } from './anonymous-try.ts';
import { crossOriginOf, getAsBrowser, seePreflights } from './browser-try.ts';
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
import type { ProbeSession } from './session.ts';
import { seeOtherSettings, seeSettingsBefore } from './settings.ts';

/** Of a full probe, leftovers and clean-up included. */
const MAX_REQUESTS = 30;
/** What taking away an object that is still there may need. */
const CLEAN_UP_REQUESTS = 3;

const NOTHING: Listing = { keys: [], truncated: false };

/** What has been seen so far, and what is in the bucket because of it. */
interface Progress {
  seen: Omit<Observations, 'requests'>;
  readonly owned: OwnedObject[];
  /** Whether anything was sent to be created: folders may be left of it, though every object is gone. */
  wrote: boolean;
}

/**
 * The full probe: one ordered plan whose observations feed all checks. It stops
 * where going on would only repeat the same failure, and writes nothing where it
 * cannot list, since it could not find what a crash would leave, nor where the
 * bucket would keep it. `cleanUp` gets what may still be in the bucket, whatever happened, also after an abort.
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
  // The listing's own failure says whether anybody is there at all.
  const isSilent = !list.ok && list.error.httpStatus === undefined && !isSignInFailure(list.error.kind);
  const endpoint = isSilent ? { endpoint: list } : {};
  return { mode: 'Light', ...endpoint, list, ...presigned, requests: session.requests };
}

/** Looks without changing anything; what is left of earlier probes, or nothing when there is nothing to use. */
async function look(session: ProbeSession, progress: Progress): Promise<Listing | undefined> {
  const first = await observeEndpoint(session);
  note(progress, first);
  // Whoever answers badly at the door may still be a store behind it.
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

/** Whether what is written could be deleted again; a store that does not say is tried. */
async function mayWrite(session: ProbeSession, progress: Progress): Promise<boolean> {
  const settings = await seeSettingsBefore(session);
  note(progress, { settings });
  return settings.retention?.ok !== true || settings.retention.value.keeps.length === 0;
}

/** The settings that need not be known before, as far as requests are left when the clean-up has had its own. */
async function ask(session: ProbeSession, progress: Progress): Promise<void> {
  const maxRequests = MAX_REQUESTS - progress.owned.length * CLEAN_UP_REQUESTS;
  const settings = { ...progress.seen.settings, ...(await seeOtherSettings(session, maxRequests)) };
  note(progress, { settings, ...regionIn(settings) });
}

function regionIn({ location }: SettingsSeen): Pick<Observations, 'region'> {
  return location?.ok === true ? { region: location } : {};
}

/** Whether the region may explain the failure, or tell more of it. */
function isWorthARegion(failure: BucketFailure): boolean {
  return failure.kind === 'WrongRegion' || failure.kind === 'AccessDenied';
}

/** Writes, reads, tries as others would, deletes; then the same by pre-signed URLs. */
async function use(session: ProbeSession, progress: Progress, leftovers: Listing): Promise<void> {
  const stuck = await sweep(session, leftovers);
  if (session.ended()) return;
  const object = stuck === undefined ? await write(session, progress) : await writeAgain(session, progress, stuck);
  if (object === undefined || session.ended()) return;
  const read = await readObject(session, object);
  note(progress, { read });
  const anonymous = { ...progress.seen.anonymous, get: await seeAnonymousRead(session, object) };
  note(progress, { anonymous: { ...anonymous, ...(await seePublicRules(session, anonymous)) } });
  note(progress, await seePreflights(session, object.key));
  if (stuck !== undefined) note(progress, { delete: err(stuck.failure) });
  const gone = stuck === undefined && read.ok && !session.ended() && (await remove(session, progress));
  if (gone) await upload(session, progress);
  // Otherwise this object is still there to be read as a browser would.
  else if (!session.ended()) note(progress, crossOriginOf(session, await getAsBrowser(session, object.key)));
}

/** Uploads as W&B's clients do, whole and in parts: nothing more where what was uploaded stays there. */
async function upload(session: ProbeSession, progress: Progress): Promise<void> {
  const seen = await seePresigned(session, progress.owned);
  note(progress, seen);
  if (seen.presigned?.DELETE?.ok !== true || session.ended()) return;
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
 * An object that may not be deleted would get a new neighbour with each probe.
 * So the same one is created once more: a store that refuses only because it
 * exists has granted the write, and nothing was written.
 */
async function writeAgain(
  session: ProbeSession,
  progress: Progress,
  { object }: StuckObject,
): Promise<ProbeObject | undefined> {
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
