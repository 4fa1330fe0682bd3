import type { CertificateSeen, EndpointSeen, Observations } from '../domain/observations/observations.ts';
import { ok } from '../base/result.ts';
import type { Peer, PlainResponse } from '../ports/http.ts';
import { anonymousListing } from './anonymous-try.ts';
import type { Listing } from '../ports/bucket.ts';
import type { ProbeSession } from './session.ts';

/** Enough to see the storage class of objects, and far below the limit of an answer. */
export const SAMPLE = 10;

/** First contact without credentials: an unsigned listing shows whether the store answers, its TLS, its clock, and whether the bucket is public. */
export async function observeEndpoint(session: ProbeSession): Promise<Pick<Observations, 'endpoint' | 'anonymous'>> {
  const { bucket, clock } = session;
  const before = clock.now();
  const answer = await session.send(bucket.anonymousListing(pathPrefix(session)));
  const after = clock.now();
  if (!answer.ok) return { endpoint: answer };
  return {
    endpoint: ok(endpointOf(session, answer.value, { before, after })),
    anonymous: { list: anonymousListing(session, answer) },
  };
}

function endpointOf(
  { bucket }: ProbeSession,
  { headers, route, peer }: PlainResponse,
  { before, after }: { readonly before: number; readonly after: number },
): EndpointSeen {
  const served = Date.parse(headers['date'] ?? '');
  // The store's time lies between our request and its answer, so it is compared with the middle.
  const ours = (before + after) / 2;
  return {
    tls: bucket.endpointUrl.startsWith('https:'),
    route,
    ...(!Number.isNaN(served) && { clockSkewSeconds: Math.round((ours - served) / 1000) }),
    ...(peer?.isPublic !== undefined && { isPublic: peer.isPublic }),
    ...(peer?.certificate !== undefined && { certificate: certificateOf(peer.certificate, after) }),
  };
}

function certificateOf({ validTo, systemCa }: NonNullable<Peer['certificate']>, now: number): CertificateSeen {
  const daysLeft = Math.floor((validTo - now) / 86_400_000);
  return { validTo: new Date(validTo).toISOString().slice(0, 10), daysLeft, systemCa };
}

/** The prefix of all keys under the path. */
export function pathPrefix({ path }: ProbeSession): string {
  return path === '' ? '' : `${path}/`;
}

/** Lists below the sub-path: it needs a signature, the bucket, its region and a permission, so its answer classifies most failures. */
export async function observeListing(session: ProbeSession): Promise<NonNullable<Observations['list']>> {
  const prefix = pathPrefix(session);
  const page = await session.call((signal) => session.bucket.list(prefix, SAMPLE, signal));
  return page.ok ? ok(listed(page.value)) : page;
}

/** What a listing shows of the objects under the path. */
export function listed({ keys }: Listing): { readonly keys: number; readonly archived?: string } {
  const archived = keys.map((key) => key.archived).find((name) => name !== undefined);
  return { keys: keys.length, ...(archived !== undefined && { archived }) };
}

/** Whether the role is refused without its external id, where it has one. */
export async function observeExternalId(session: ProbeSession): Promise<Pick<Observations, 'externalId'>> {
  const { bucket } = session;
  if (bucket.isExternalIdEnforced === undefined) return {};
  const enforced = await session.call(() => bucket.isExternalIdEnforced?.() ?? Promise.resolve(ok(true)));
  return { externalId: enforced.ok ? ok({ enforced: enforced.value }) : enforced };
}

/** Asks for the bucket's region, on stores with regions. */
export async function observeRegion(session: ProbeSession): Promise<Pick<Observations, 'region'>> {
  const { bucket } = session;
  if (bucket.region === undefined) return {};
  return { region: await session.call((signal) => bucket.region?.(signal) ?? Promise.resolve(ok({}))) };
}
