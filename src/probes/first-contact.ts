import type { CertificateSeen, EndpointSeen, Observations } from '../domain/observations/observations.ts';
import { ok } from '../base/result.ts';
import type { Peer, PlainResponse } from '../ports/http.ts';
import { anonymousListing } from './anonymous-try.ts';
import type { ProbeSession } from './session.ts';

/** Enough to see the storage class of objects, and far below the limit of an answer. */
const SAMPLE = 10;

/** First contact without credentials: an unsigned listing shows whether the store answers, its TLS, its clock, and whether the bucket is public. */
export async function observeEndpoint(session: ProbeSession): Promise<Pick<Observations, 'endpoint' | 'anonymous'>> {
  const { bucket, clock } = session;
  const before = clock.now();
  const answer = await session.send(bucket.anonymousListing(prefixOf(session)));
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

function prefixOf({ path }: ProbeSession): string {
  return path === '' ? '' : `${path}/`;
}

/** Lists below the sub-path: it needs a signature, the bucket, its region and a permission, so its answer classifies most failures. */
export async function observeListing(session: ProbeSession): Promise<NonNullable<Observations['list']>> {
  const prefix = prefixOf(session);
  const listed = await session.call((signal) => session.bucket.list(prefix, SAMPLE, signal));
  if (!listed.ok) return listed;
  const { keys } = listed.value;
  const archived = keys.map((key) => key.archived).find((name) => name !== undefined);
  return ok({ keys: keys.length, ...(archived !== undefined && { archived }) });
}

/** Observes the session that signed the listing, if there is one. */
export async function observeSignIn(
  session: ProbeSession,
): Promise<Pick<Observations, 'credentialExpiresAt' | 'externalId'>> {
  const { bucket } = session;
  const credentialExpiresAt = bucket.credentialExpiresAt?.();
  const known = credentialExpiresAt === undefined ? {} : { credentialExpiresAt };
  if (bucket.isExternalIdEnforced === undefined) return known;
  const enforced = await session.call(() => bucket.isExternalIdEnforced?.() ?? Promise.resolve(ok(true)));
  return { ...known, externalId: enforced.ok ? ok({ enforced: enforced.value }) : enforced };
}

/** Asks for the bucket's region, on stores with regions. */
export async function observeRegion(session: ProbeSession): Promise<Pick<Observations, 'region'>> {
  const { bucket } = session;
  if (bucket.region === undefined) return {};
  return { region: await session.call((signal) => bucket.region?.(signal) ?? Promise.resolve(ok({}))) };
}
