import { hasAnswered } from '../checks/seen-failures.ts';
import type { BucketFailure } from '../domain/bucket-failure.ts';
import type { Observations } from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import { seeAnonymous } from './anonymous-try.ts';
import { seeBrowser } from './browser-try.ts';
import { sweepLeftovers, type OwnedObject, type StuckObject } from './leftovers.ts';
import { seeEndpoint, seeListing, seeOwner, seeRegion } from './look.ts';
import {
  createObject,
  deleteObject,
  isSurelyAbsent,
  newProbeObject,
  readObject,
  type ProbeObject,
} from './object-cycle.ts';
import { seePresigned, seePresignedAbsent } from './presigned-cycle.ts';
import type { ProbeSession } from './session.ts';

/** What has been seen so far, and what is in the bucket because of it. */
interface Progress {
  seen: Omit<Observations, 'requests'>;
  readonly owned: OwnedObject[];
}

/**
 * The full probe: one ordered plan whose observations feed all checks. It stops
 * where going on would only repeat the same failure, and writes nothing where it
 * cannot list, since it could not find what a crash would leave. `cleanUp` gets
 * what may still be in the bucket, whatever happened, also after an abort.
 */
export async function runFullProbe(
  session: ProbeSession,
  cleanUp: (owned: readonly OwnedObject[]) => Promise<void>,
): Promise<Observations> {
  const progress: Progress = { seen: { mode: 'Full' }, owned: [] };
  try {
    if (await look(session, progress)) await use(session, progress);
  } finally {
    if (progress.owned.length > 0) await cleanUp(progress.owned);
  }
  return { ...progress.seen, requests: session.requests };
}

/** The light probe: two requests, nothing written. */
export async function runLightProbe(session: ProbeSession): Promise<Observations> {
  const list = await seeListing(session);
  const presigned = list.ok && !session.ended() ? { presigned: await seePresignedAbsent(session) } : {};
  // The listing's own failure says whether anybody is there at all.
  const endpoint = !list.ok && list.error.httpStatus === undefined ? { endpoint: list } : {};
  return { mode: 'Light', ...endpoint, list, ...presigned, requests: session.requests };
}

/** Looks without changing anything; false when there is nothing to use. */
async function look(session: ProbeSession, progress: Progress): Promise<boolean> {
  const endpoint = await seeEndpoint(session);
  note(progress, { endpoint });
  // Whoever answers badly at the door may still be a store behind it.
  if (!endpoint.ok && !hasAnswered(endpoint.error)) return false;
  const list = await seeListing(session);
  note(progress, { list });
  if (!list.ok && !isWorthARegion(list.error)) return false;
  note(progress, await seeRegion(session));
  if (!list.ok || session.ended()) return false;
  const { owner } = await seeOwner(session);
  if (owner !== undefined) note(progress, { owner });
  return owner?.ok !== false && !session.ended();
}

/** Whether the region may explain the failure, or tell more of it. */
function isWorthARegion(failure: BucketFailure): boolean {
  return failure.kind === 'WrongRegion' || failure.kind === 'AccessDenied';
}

/** Writes, reads, tries as others would, deletes; then the same by pre-signed URLs. */
async function use(session: ProbeSession, progress: Progress): Promise<void> {
  const stuck = await sweepLeftovers(session);
  if (session.ended()) return;
  const object = stuck === undefined ? await write(session, progress) : await writeAgain(session, progress, stuck);
  if (object === undefined || session.ended()) return;
  const read = await readObject(session, object);
  note(progress, { read });
  note(progress, { anonymous: await seeAnonymous(session, object) });
  note(progress, await seeBrowser(session, object.key));
  if (stuck !== undefined) {
    note(progress, { delete: err(stuck.failure) });
    return;
  }
  const gone = read.ok && !session.ended() && (await remove(session, progress));
  if (gone) note(progress, { presigned: await seePresigned(session, progress.owned) });
}

async function write(session: ProbeSession, progress: Progress): Promise<ProbeObject | undefined> {
  const object = newProbeObject(session);
  const mine: OwnedObject = { object };
  progress.owned.push(mine);
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
