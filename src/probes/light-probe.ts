import { isSignInFailure } from '../domain/observations/bucket-failure.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { observeListing } from './first-contact.ts';
import { seePresignedAbsent } from './presigned-cycle.ts';
import type { ProbeSession } from './session.ts';

/** The light probe: at most two requests, nothing written. */
export async function runLightProbe(session: ProbeSession): Promise<Observations> {
  const list = await observeListing(session);
  const mayLook = list.ok && !session.ended() && session.bucket.asksStoreToSign !== true;
  const presigned = mayLook ? await seePresignedAbsent(session) : {};
  // The listing's own failure shows whether the store answers at all.
  const isSilent = !list.ok && list.error.httpStatus === undefined && !isSignInFailure(list.error.kind);
  const endpoint = isSilent ? { endpoint: list } : {};
  return { mode: 'Light', ...endpoint, list, ...presigned, requests: session.requests };
}
