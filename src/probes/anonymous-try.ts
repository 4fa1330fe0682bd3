import type { AnonymousSeen, Observations, Observed } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import type { ProbeObject } from './object-cycle.ts';
import type { ProbeSession } from './session.ts';

type Answer = Awaited<ReturnType<ProbeSession['send']>>;

/** Reads the probe object without a signature. */
export async function seeAnonymousRead(session: ProbeSession, object: ProbeObject): Promise<Observed<AnonymousSeen>> {
  const answer = await session.send(session.bucket.anonymousObject(object.key));
  return seen(answer, (response) => Buffer.from(response.body).equals(Buffer.from(object.body)));
}

/** Whether an unsigned request got the listing of the bucket. */
export function anonymousListing({ bucket }: ProbeSession, answer: Answer): Observed<AnonymousSeen> {
  return seen(answer, (response) => bucket.isListing(response));
}

/** Where a request without a signature succeeded: whether the rules of the bucket allow everyone, or this network. */
export async function seePublicRules(
  session: ProbeSession,
  anonymous: Observations['anonymous'],
): Promise<Pick<NonNullable<Observations['anonymous']>, 'rules'>> {
  const isOpen = [anonymous?.get, anonymous?.list].some((one) => one?.ok === true && one.value.disclosed);
  const { bucket } = session;
  const ask = bucket.isPublicByRules?.bind(bucket);
  return isOpen && ask !== undefined ? { rules: await session.call(ask) } : {};
}

function seen(answer: Answer, discloses: (response: PlainResponse) => boolean): Observed<AnonymousSeen> {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  return ok({ httpStatus: status, disclosed: status >= 200 && status < 300 && discloses(answer.value) });
}
