import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { PreflightSeen } from '../../domain/observations/observations.ts';
import type { CheckContext, Judgement } from '../check.ts';
import { failed, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

type CorsReason =
  | 'CorsMissing'
  | 'CorsOriginNotAllowed'
  | 'CorsMethodNotAllowed'
  | 'CorsHeaderNotAllowed'
  | 'PreflightSignatureChecked'
  | 'CorsResponseBlocked'
  | 'CorsETagNotExposed'
  | 'CorsETagHidden';

interface Details {
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly answer?: Pick<PreflightSeen, 'allowOrigin'> & Partial<PreflightSeen>;
}

/** A problem with CORS: what browsers cannot do, and the rule that fixes it. */
export function corsProblem(reason: CorsReason, context: CheckContext, details: Details): Judgement<CorsReason> {
  const verdict = reason === 'CorsETagHidden' ? warned : failed;
  if (isSetTwice(details)) return verdict(reason, ...setTwice(context));
  return verdict(reason, message(reason, context, details), remedy(reason, context));
}

/** Values of two headers come joined by a comma, which no origin holds. */
function isSetTwice({ answer }: Details): boolean {
  return answer?.allowOrigin?.includes(',') === true;
}

function setTwice(context: CheckContext): readonly [says: string, remedy: string] {
  const place = displayBucket(context.storage);
  return [
    `Browsers cannot use ${place}: answers hold Access-Control-Allow-Origin twice, which browsers refuse. Both the store and a proxy before it set CORS headers.`,
    `Let one of them alone set CORS headers: take them out of the proxy (nginx: add_header Access-Control-Allow-Origin; ingress-nginx: nginx.ingress.kubernetes.io/enable-cors), or have the proxy drop those of the store (nginx: proxy_hide_header).`,
  ];
}

interface CorsFacts {
  readonly place: string;
  readonly origin: string;
  readonly methods: string;
  readonly headers: string;
  /** ` (403 AccessForbidden)`, or nothing. */
  readonly code: string;
  /** That the method is named in lower case, or nothing. */
  readonly otherCase: string;
}

const MESSAGES: Readonly<Record<CorsReason, (facts: CorsFacts) => string>> = {
  CorsMissing: ({ place, origin, methods, code }) =>
    `Browsers cannot use ${place}: the preflight for ${methods} from ${origin} was refused${code}.`,
  CorsOriginNotAllowed: ({ place, origin, methods, code }) =>
    `Browsers cannot use ${place}: the answer to the preflight${code} does not allow ${origin} to send ${methods}. The store answers preflights, but no CORS rule is for this origin.`,
  CorsMethodNotAllowed: ({ place, origin, methods, otherCase }) =>
    `Browsers cannot send ${methods} to ${place}: the CORS rule for ${origin} leaves it out${otherCase}.`,
  CorsHeaderNotAllowed: ({ place, origin, headers }) =>
    `Browsers cannot upload to ${place}: the CORS rule for ${origin} leaves out ${headers}.`,
  PreflightSignatureChecked: ({ place, methods, code }) =>
    `Browsers cannot use ${place}: the store, or a proxy before it, checked the signature of the preflight for ${methods}${code}. Browsers do not sign preflights, so no CORS rule helps.`,
  CorsResponseBlocked: ({ place, origin, methods }) =>
    `Browsers cannot read answers of ${place}: preflights pass, but the answer to ${methods} itself does not allow the origin ${origin}.`,
  CorsETagNotExposed: ({ place }) =>
    `Browsers cannot read the ETag of answers of ${place}, which uploads in parts need: it is not among the exposed headers.`,
  CorsETagHidden: ({ place }) =>
    `Browsers cannot read the ETag of answers of ${place}: it is not among the exposed headers. Uploads work without it.`,
};

function message(reason: CorsReason, { storage, appOrigin = '' }: CheckContext, details: Details): string {
  return MESSAGES[reason]({
    place: displayBucket(storage),
    origin: appOrigin,
    methods: (details.methods ?? []).join(', '),
    headers: (details.headers ?? []).join(', '),
    code: codeOf(details.answer ?? {}),
    otherCase: otherCaseOf(details),
  });
}

/** Browsers compare methods by case, which nobody sees in a list of methods. */
function otherCaseOf({ methods = [], answer }: Details): string {
  const allowed = answer?.allowMethods ?? [];
  const [found] = allowed.filter((name) => methods.includes(name.toUpperCase()) && !methods.includes(name));
  return found === undefined ? '' : ` (the answer names ${found}, and methods count in upper case only)`;
}

function remedy(reason: CorsReason, context: CheckContext): string {
  if (reason === 'PreflightSignatureChecked') {
    return 'Upgrade the store to a version that answers preflights without a signature, or have a proxy before it answer OPTIONS; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.';
  }
  const lead = reason === 'CorsMissing' ? 'Add a CORS rule to' : 'Correct the CORS rule of';
  return `${lead} ${messagesOf(context).corsRule(context.appOrigin ?? '')}`;
}
