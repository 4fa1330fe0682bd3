import { hasAnswered } from '../domain/observations/seen-failures.ts';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import { err, ok } from '../base/result.ts';
import type { BucketCall } from '../ports/bucket-call.ts';
import type { Listing } from '../ports/bucket.ts';
import { listed, observeEndpoint, observeListing, observeRegion, pathPrefix, SAMPLE } from './first-contact.ts';
import { listLeftovers } from './leftovers.ts';
import { probePrefix } from './probe-object.ts';
import { note, type Progress } from './progress.ts';
import type { ProbeSession } from './session.ts';

const NOTHING: Listing = { keys: [], truncated: false };

/**
 * Observes without a change: the endpoint without credentials, then the listing of the path. Returns the leftovers of
 * earlier probes, or `undefined` when the bucket cannot be used.
 */
export async function look(session: ProbeSession, progress: Progress): Promise<Listing | undefined> {
  const first = await observeEndpoint(session);
  note(progress, first);
  // A bad answer to the unsigned request may come from a proxy before a working store.
  if (first.endpoint?.ok === false && !hasAnswered(first.endpoint.error)) return undefined;
  const leftovers = await listPath(session, progress);
  const { list } = progress.seen;
  if (list?.ok === false && isWorthARegion(list.error)) note(progress, await observeRegion(session));
  if (leftovers === undefined || session.ended()) return undefined;
  const credentialExpiresAt = session.bucket.credentialExpiresAt?.();
  if (credentialExpiresAt !== undefined) note(progress, { credentialExpiresAt });
  return leftovers.ok ? leftovers.value : NOTHING;
}

/** One listing shows the objects under the path and what earlier probes left there, where the store can begin at a key. */
async function listPath(session: ProbeSession, progress: Progress): Promise<Awaited<BucketCall<Listing>> | undefined> {
  const { bucket } = session;
  if (bucket.listFrom === undefined) return listTwice(session, progress);
  const own = probePrefix(session.path, session.uid);
  const page = await session.call(
    (signal) => bucket.listFrom?.(pathPrefix(session), own, SAMPLE, signal) ?? bucket.list(own, SAMPLE, signal),
  );
  const { isOwnerExpected = false } = bucket;
  if (!page.ok) {
    // Without the condition on the owner the same listing shows whether the condition is what was refused.
    const plain = isOwnerExpected ? await observeListing(session) : page;
    note(progress, { list: plain, ...(plain.ok && { owner: page }) });
    return undefined;
  }
  note(progress, { list: ok(listed(page.value)), ...(isOwnerExpected && { owner: ok(undefined) }) });
  // A store that does not know where to begin answers with the first keys of the path.
  if (page.value.keys.some(({ key }) => key < own)) return listLeftovers(session);
  return ok({ ...page.value, keys: page.value.keys.filter(({ key }) => key.startsWith(own)) });
}

async function listTwice(session: ProbeSession, progress: Progress): Promise<Awaited<BucketCall<Listing>> | undefined> {
  const list = await observeListing(session);
  note(progress, { list });
  if (!list.ok) return undefined;
  return session.ended() ? err({ kind: 'DeadlineExceeded' }) : listLeftovers(session);
}

/** Whether the region may explain the failure. */
function isWorthARegion(failure: BucketFailure): boolean {
  return failure.kind === 'WrongRegion' || failure.kind === 'AccessDenied';
}
