import type { Observed } from '../domain/observations.ts';
import { ok } from '../domain/result.ts';
import type { ProbeSession } from './session.ts';

/** Ends an upload in parts; one that has ended already is as good. */
export async function endUpload(session: ProbeSession, key: string, upload: string): Promise<Observed<void>> {
  const { unended } = session.bucket.multipart;
  if (unended === undefined) return ok(undefined);
  const ended = await session.call((signal) => unended.abort(key, upload, signal));
  return ended.ok || ended.error.kind === 'ObjectNotFound' ? ok(undefined) : ended;
}
