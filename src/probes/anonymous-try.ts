import type { AnonymousSeen, Observations, Observed } from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import type { ProbeObject } from './object-cycle.ts';
import type { ProbeSession } from './session.ts';

/** Tries as anybody: reads the probe object and lists the bucket without a signature. */
export async function seeAnonymous(
  session: ProbeSession,
  object: ProbeObject,
): Promise<NonNullable<Observations['anonymous']>> {
  const { bucket } = session;
  const get = await session.send(bucket.anonymousObject(object.key));
  const list = await session.send(bucket.anonymousListing(session.path === '' ? '' : `${session.path}/`));
  return {
    get: seen(get, (response) => Buffer.from(response.body).equals(Buffer.from(object.body))),
    list: seen(list, (response) => bucket.isListing(response)),
  };
}

function seen(
  answer: Awaited<ReturnType<ProbeSession['send']>>,
  discloses: (response: Extract<typeof answer, { ok: true }>['value']) => boolean,
): Observed<AnonymousSeen> {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  return ok({ httpStatus: status, disclosed: status >= 200 && status < 300 && discloses(answer.value) });
}
