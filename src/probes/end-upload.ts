import type { BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import type { Observed } from '../domain/observations/observations.ts';
import { ok } from '../base/result.ts';
import type { ProbeSession } from './session.ts';

const HAS_ENDED: readonly BucketFailureKind[] = ['ObjectNotFound', 'PreconditionFailed'];

/** Aborts an upload in parts; one that has ended already counts as success. */
export async function endUpload(session: ProbeSession, key: string, upload: string): Promise<Observed<void>> {
  const { unended } = session.bucket.multipart;
  if (unended === undefined) return ok(undefined);
  const ended = await session.call((signal) => unended.abort(key, upload, signal));
  return ended.ok || HAS_ENDED.includes(ended.error.kind) ? ok(undefined) : ended;
}
