import { displayBucket } from '../domain/bucket-identity.ts';
import type { PreflightSeen } from '../domain/observations.ts';
import type { CheckContext, Judgement } from './check.ts';
import { failed } from './judgement.ts';
import { codeOf } from './wording.ts';

type CorsReason =
  | 'CorsMissing'
  | 'CorsOriginNotAllowed'
  | 'CorsMethodNotAllowed'
  | 'CorsHeaderNotAllowed'
  | 'CorsResponseBlocked'
  | 'CorsETagNotExposed';

interface Details {
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly answer?: PreflightSeen;
}

/** A refusal of the browser's, told from the browser's side, with the rule that mends it. */
export function corsProblem(reason: CorsReason, context: CheckContext, details: Details): Judgement {
  return failed(reason, message(reason, context, details), remedy(reason, context));
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
  }
}

function remedy(reason: CorsReason, context: CheckContext): string {
  const { storage } = context;
  const origin = context.appOrigin ?? '';
  const rule = `origin ${origin}, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000`;
  const lead = reason === 'CorsMissing' ? 'Add a CORS rule to' : 'Correct the CORS rule of';
  if (storage.provider === 'S3') {
    const json = JSON.stringify({
      CORSRules: [
        {
          AllowedOrigins: [origin],
          AllowedMethods: ['GET', 'HEAD', 'PUT'],
          AllowedHeaders: ['*'],
          ExposeHeaders: ['ETag'],
          MaxAgeSeconds: 3000,
        },
      ],
    });
    return `${lead} bucket ${storage.name}: ${rule}. aws s3api put-bucket-cors --bucket ${storage.name} --cors-configuration '${json}'`;
  }
  return (
    `${lead} bucket ${storage.name}: ${rule}. A store that has only one setting for all buckets needs the origin there ` +
    `(MinIO: mc admin config set <alias> api cors_allow_origin=${origin}, then mc admin service restart <alias>).`
  );
}
