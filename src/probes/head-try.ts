import type { BrowserMethod, Observed } from '../domain/observations/observations.ts';
import type { PlainResponse } from '../ports/http.ts';
import { crossOriginOf, sendAsBrowser } from './browser-try.ts';
import type { ProbeObject } from './object-cycle.ts';
import { accepted } from './presigned-cycle.ts';
import { note, notePresigned, type Progress } from './progress.ts';
import type { ProbeSession } from './session.ts';

/** Asks for the headers of an object by a pre-signed URL, as a browser would. */
export async function tryHead(session: ProbeSession, progress: Progress, object: ProbeObject): Promise<void> {
  const answer = await sendAsBrowser(session, 'HEAD', object);
  const seen = accepted(session, answer);
  notePresigned(progress, 'HEAD', seen);
  // An answer without content says nothing more when the request was refused.
  if (seen.ok) noteCrossOrigin(session, progress, 'HEAD', answer);
}

/** Notes what a browser may read of an answer. */
export function noteCrossOrigin(
  session: ProbeSession,
  progress: Progress,
  method: BrowserMethod,
  answer: Observed<PlainResponse>,
): void {
  const { crossOrigin } = crossOriginOf(session, { [method]: answer });
  if (crossOrigin !== undefined) note(progress, { crossOrigin: { ...progress.seen.crossOrigin, ...crossOrigin } });
}
