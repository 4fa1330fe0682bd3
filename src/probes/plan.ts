import type { BucketFailure } from '../domain/bucket-failure.ts';
import type { Observations } from '../domain/observations.ts';
import { ok } from '../domain/result.ts';
import { seeAnonymous } from './anonymous-try.ts';
import { seeEndpoint, seeListing, seeRegion } from './look.ts';
import {
  deleteObject,
  newProbeObject,
  readObject,
  removeIfOurs,
  sweepLeftovers,
  writeObject,
  type ProbeObject,
} from './object-cycle.ts';
import { seePresigned, seePresignedAbsent } from './presigned-cycle.ts';
import type { ProbeSession } from './session.ts';

type Draft = { -readonly [K in keyof Omit<Observations, 'requests'>]: Observations[K] };

/**
 * The full probe: one ordered plan whose observations feed all checks. It stops
 * where going on would only repeat the same failure. `cleanUp` gets what may
 * still be in the bucket and runs whatever happens, also after an abort.
 */
export async function runFullProbe(
  session: ProbeSession,
  cleanUp: (leftovers: readonly Omit<ProbeObject, 'revision'>[]) => Promise<void>,
): Promise<Observations> {
  const seen: Draft = { mode: 'Full' };
  const created: Omit<ProbeObject, 'revision'>[] = [];
  try {
    if (await look(session, seen)) await use(session, seen, created);
  } finally {
    if (created.length > 0) await cleanUp(created);
  }
  return { ...seen, requests: session.requests };
}

/** The light probe: two requests, nothing written. */
export async function runLightProbe(session: ProbeSession): Promise<Observations> {
  const list = await seeListing(session);
  const presigned = list.ok ? { presigned: await seePresignedAbsent(session) } : {};
  return { mode: 'Light', ...endpointOf(list), list, ...presigned, requests: session.requests };
}

/** From a light probe's listing: the endpoint answered, or what kept it from doing so. */
function endpointOf(list: NonNullable<Observations['list']>): Pick<Observations, 'endpoint'> {
  return !list.ok && list.error.httpStatus === undefined ? { endpoint: list } : {};
}

/** Looks without changing anything; false when there is nothing to use. */
async function look(session: ProbeSession, seen: Draft): Promise<boolean> {
  seen.endpoint = await seeEndpoint(session);
  if (!seen.endpoint.ok) return false;
  seen.list = await seeListing(session);
  if (!seen.list.ok && !isWorthARegion(seen.list.error)) return false;
  seen.region = await seeRegion(session);
  return seen.list.ok;
}

/** Whether the region may explain the failure, or tell more of it. */
function isWorthARegion(failure: BucketFailure): boolean {
  return failure.kind === 'WrongRegion' || failure.kind === 'AccessDenied';
}

async function use(session: ProbeSession, seen: Draft, created: Omit<ProbeObject, 'revision'>[]): Promise<void> {
  await sweepLeftovers(session);
  const draft = newProbeObject(session);
  created.push(draft);
  const write = await writeObject(session, draft);
  seen.write = write.ok
    ? ok({
        conditional: write.value.conditional,
        ...(write.value.versionId !== undefined && { versionId: write.value.versionId }),
      })
    : write;
  if (!write.ok) return;
  const object = { ...draft, revision: write.value.revision };
  seen.read = await readObject(session, object);
  seen.anonymous = await seeAnonymous(session, object);
  Object.assign(seen, await seePresigned(session, (upload) => created.push(upload)));
  seen.delete = await deleteObject(session, object);
  if (seen.delete.ok && seen.delete.value.gone) created.splice(created.indexOf(draft), 1);
  const last = created.at(-1);
  // A pre-signed DELETE that worked left nothing to clean up.
  if (last !== undefined && last !== draft && seen.presigned?.DELETE?.ok === true) created.pop();
}

/** Removes what a probe left behind, as far as the store lets it. */
export async function removeLeftovers(
  session: ProbeSession,
  leftovers: readonly Omit<ProbeObject, 'revision'>[],
): Promise<void> {
  for (const { key, nonce } of leftovers) await removeIfOurs(session, key, nonce);
}
