import type { EndpointSeen, Observations, Observed } from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import type { ProbeSession } from './session.ts';

/** First contact, unsigned: whether anything answers, by TLS, and what time it has. */
export async function seeEndpoint(session: ProbeSession): Promise<Observed<EndpointSeen>> {
  const url = session.bucket.endpointUrl;
  const before = session.clock.now();
  const answer = await session.send({ method: 'GET', url: `${url}/`, ...trustOf(session) });
  if (!answer.ok) return answer;
  const served = Date.parse(answer.value.headers['date'] ?? '');
  // The store's second has begun somewhere between our asking and its answer.
  const ours = (before + session.clock.now()) / 2;
  return ok({
    tls: url.startsWith('https:'),
    route: answer.value.route,
    ...(!Number.isNaN(served) && { clockSkewSeconds: Math.round((ours - served) / 1000) }),
  });
}

/** The CA travels with the driver's plain requests. */
function trustOf(session: ProbeSession): { readonly caBundle?: string } {
  const { caBundle } = session.bucket.anonymousListing('');
  return caBundle === undefined ? {} : { caBundle };
}

/** Lists below the sub-path: it needs a signature, the bucket, its region and a permission, so its answer classifies most failures. */
export async function seeListing(session: ProbeSession): Promise<NonNullable<Observations['list']>> {
  const prefix = session.path === '' ? '' : `${session.path}/`;
  const listed = await session.call((signal) => session.bucket.list(prefix, 1, signal));
  return listed.ok ? ok({ keys: listed.value.keys.length }) : err(listed.error);
}

/** Asks for the owner, where the spec expects one. */
export async function seeOwner(session: ProbeSession): Promise<Pick<Observations, 'owner'>> {
  const { bucket } = session;
  if (bucket.confirmOwner === undefined) return {};
  return { owner: await session.call((signal) => bucket.confirmOwner?.(signal) ?? Promise.resolve(ok(undefined))) };
}

/** Looks at the session that signed the listing, where it is one. */
export async function seeSignIn(
  session: ProbeSession,
): Promise<Pick<Observations, 'credentialExpiresAt' | 'externalId'>> {
  const { bucket } = session;
  const credentialExpiresAt = bucket.credentialExpiresAt?.();
  const known = credentialExpiresAt === undefined ? {} : { credentialExpiresAt };
  if (bucket.isExternalIdEnforced === undefined) return known;
  const enforced = await session.call(() => bucket.isExternalIdEnforced?.() ?? Promise.resolve(ok(true)));
  return { ...known, externalId: enforced.ok ? ok({ enforced: enforced.value }) : enforced };
}

/** Asks where the bucket is, where that is a question. */
export async function seeRegion(session: ProbeSession): Promise<Pick<Observations, 'region'>> {
  const { bucket } = session;
  if (bucket.region === undefined) return {};
  return { region: await session.call((signal) => bucket.region?.(signal) ?? Promise.resolve(ok({}))) };
}
