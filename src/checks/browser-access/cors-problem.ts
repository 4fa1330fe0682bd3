import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { PreflightSeen } from '../../domain/observations/observations.ts';
import type { CheckContext, Judgement } from '../check.ts';
import { failed, warned } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

type CorsReason =
  | 'CorsMissing'
  | 'CorsOriginNotAllowed'
  | 'CorsMethodNotAllowed'
  | 'CorsHeaderNotAllowed'
  | 'CorsResponseBlocked'
  | 'CorsETagNotExposed'
  | 'CorsETagHidden';

interface Details {
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly answer?: PreflightSeen;
}

/** A problem with CORS: what browsers cannot do, and the rule that fixes it. */
export function corsProblem(reason: CorsReason, context: CheckContext, details: Details): Judgement<CorsReason> {
  const verdict = reason === 'CorsETagHidden' ? warned : failed;
  return verdict(reason, message(reason, context, details), remedy(reason, context));
}

function message(reason: CorsReason, context: CheckContext, details: Details): string {
  const place = displayBucket(context.storage);
  const origin = context.appOrigin ?? '';
  const methods = (details.methods ?? []).join(', ');
  switch (reason) {
    case 'CorsMissing':
      return `Browsers cannot use ${place}: the preflight for ${methods} from ${origin} was refused${codeOf(details.answer ?? {})}.`;
    case 'CorsOriginNotAllowed':
      return `Browsers cannot use ${place}: the answer to the preflight for ${methods} does not allow the origin ${origin}.`;
    case 'CorsMethodNotAllowed':
      return `Browsers cannot send ${methods} to ${place}: the CORS rule for ${origin} leaves it out.`;
    case 'CorsHeaderNotAllowed':
      return `Browsers cannot upload to ${place}: the CORS rule for ${origin} leaves out ${(details.headers ?? []).join(', ')}.`;
    case 'CorsResponseBlocked':
      return `Browsers cannot read answers of ${place}: preflights pass, but the answer itself does not allow the origin ${origin}.`;
    case 'CorsETagNotExposed':
      return `Browsers cannot read the ETag of answers of ${place}, which uploads in parts need: it is not among the exposed headers.`;
    case 'CorsETagHidden':
      return `Browsers cannot read the ETag of answers of ${place}: it is not among the exposed headers. Uploads work without it.`;
  }
}

function remedy(reason: CorsReason, context: CheckContext): string {
  const lead = reason === 'CorsMissing' ? 'Add a CORS rule to' : 'Correct the CORS rule of';
  return `${lead} ${wordsOf(context).corsRule(context.appOrigin ?? '')}`;
}
