import {
  BROWSER_METHODS,
  type BrowserMethod,
  type CrossOriginResponseSeen,
  type Observations,
  type Observed,
  type PreflightSeen,
} from '../../domain/observations/observations.ts';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { isTransientStatus, kindByStatus } from '../../domain/observations/http-status.ts';
import { canWrite } from '../bucket-usable/can-write.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { hasMethod, isLetIn, isShown } from '../../domain/observations/browser-rules.ts';
import { browsersStayAway } from './browsers-stay-away.ts';
import { corsProblem } from './cors-problem.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';

interface Answer {
  readonly method: BrowserMethod;
  readonly seen: PreflightSeen;
}

/** Refusals of who signs in: a preflight is never signed in, so the store, or a proxy before it, wants that of it too. */
const OF_SIGN_IN: readonly BucketFailureKind[] = ['SignatureMismatch', 'AccessKeyUnknown', 'CredentialsInvalid'];

/**
 * A browser on the W&B front end may use pre-signed URLs. Decided by what a browser receives: the answer to the
 * preflight for an upload, by status and headers both (some stores answer 200 without an
 * Access-Control-Allow-Origin, or 403 with one), and the answers to the requests themselves. No API shows all rules of
 * MinIO. Browsers send no preflight for reads: those of the probe only show why something is refused.
 */
export const corsAllowsApp = defineCheck({
  name: 'CorsAllowsApp',
  gate: 'BrowserAccess',
  required: true,
  ignorable: true,
  prerequisites: [canWrite],
  decidedBy: 'Survey',
  needs: ['preflight'],
  notApplicable: browsersStayAway,
  reasons: {
    CorsMissing: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store refuses every preflight from the W&B front end: no CORS rule of the bucket answers for it.',
      remedy:
        'Add the CORS rule: origin of the front end, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000.',
      codes: ['403 AccessForbidden: CORS is not enabled', '403 without a word of rules'],
      proof: 'emulator',
    },
    CorsOriginNotAllowed: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The bucket has CORS rules, and none of them allows the origin of the W&B front end; or two servers set the header, which browsers take for none.',
      remedy: 'Add the origin of the front end to the CORS rule; let one server alone set CORS headers.',
      codes: ['2xx without Access-Control-Allow-Origin', '403 AccessForbidden: This CORS request is not allowed'],
      proof: 'emulator',
    },
    CorsMethodNotAllowed: {
      result: 'Fail',
      class: 'external',
      meaning: 'The CORS rule leaves out a method that browsers need; the message names it.',
      remedy: 'Allow GET, HEAD and PUT.',
      codes: ['403 for one method', 'Access-Control-Allow-Methods without it'],
      proof: 'emulator',
    },
    CorsHeaderNotAllowed: {
      result: 'Fail',
      class: 'external',
      meaning: 'The CORS rule leaves out a header that browsers send with an upload; the message names it.',
      remedy: 'Allow all headers (*).',
      codes: ['Access-Control-Allow-Headers without it', '403 with headers, and none without'],
      proof: 'emulator',
    },
    PreflightSignatureChecked: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The store, or a proxy before it, checks the signature of preflights or wants a sign-in for them. No browser can sign them, so no CORS rule helps (Ceph RGW has versions that do so).',
      remedy: 'Upgrade the store, have a proxy before it answer preflights, or have the server proxy file traffic.',
      codes: ['SignatureDoesNotMatch for OPTIONS', '401 for OPTIONS'],
      proof: 'scripted server',
    },
    CorsResponseBlocked: {
      result: 'Fail',
      class: 'external',
      meaning:
        'Preflights pass, but the answer to the request itself lacks Access-Control-Allow-Origin: the browser hides it.',
      remedy: 'Look for a proxy that answers or strips CORS headers, and let the store set them.',
      codes: [],
      proof: 'scripted server',
    },
    CorsETagNotExposed: {
      result: 'Fail',
      class: 'external',
      meaning: 'Browsers may not read the ETag of an answer, which uploads in parts need.',
      remedy: 'Expose the header ETag in the CORS rule.',
      codes: [],
      proof: 'scripted server',
    },
    CorsETagHidden: {
      result: 'Warn',
      meaning:
        'Browsers may not read the ETag of an answer. On GCS and Azure no upload needs it; on the S3 kinds this is CorsETagNotExposed.',
      remedy: 'Add ETag to the exposed headers of the CORS rule (GCS: to its responseHeader list).',
      codes: [],
      proof: 'emulator',
    },
    UrlSigningDenied: SHARED_REASONS.UrlSigningDenied,
  },
  judge: (observations, context) => {
    for (const method of BROWSER_METHODS) {
      const seen = observations.preflight?.[method];
      if (seen?.ok === false) return failedBy(seen.error, context, `The preflight for ${method}`);
    }
    const answers = answersOf(observations);
    // Those of reads are asked for where the one of an upload is refused, or an answer to a read is hidden.
    if (observations.preflight?.PUT === undefined) return notTried('the preflights');
    return judgePreflights(answers, observations, context) ?? judgeResponses(observations, context);
  },
});

function answersOf({ preflight }: Observations): readonly Answer[] {
  return BROWSER_METHODS.flatMap((method) => {
    const seen = preflight?.[method];
    return seen?.ok === true ? [{ method, seen: seen.value }] : [];
  });
}

function judgePreflights(answers: readonly Answer[], observations: Observations, context: CheckContext) {
  // A transient fault says nothing about the rule.
  const broken = answers.find(({ seen }) => isTransientStatus(seen.httpStatus));
  if (broken !== undefined) {
    const { httpStatus } = broken.seen;
    return failedBy({ kind: kindByStatus(httpStatus), httpStatus }, context, `The preflight for ${broken.method}`);
  }
  const signature = answers.find(({ seen }) => seen.refusedAs !== undefined && OF_SIGN_IN.includes(seen.refusedAs));
  if (signature !== undefined) {
    const { method, seen } = signature;
    return corsProblem('PreflightSignatureChecked', context, { methods: [method], answer: seen });
  }
  const isAllowed = ({ seen }: Answer): boolean => isLetIn(seen, context.appOrigin);
  if (!answers.some(isAllowed)) return noneAllowed(answers, context);
  const asked = answers.filter((answer) => !isReadable(answer, observations, context));
  return judgeRule(asked, isAllowed, context);
}

/** A request without headers of its own that was answered for the front end: no browser asks before it. */
function isReadable({ method, seen }: Answer, { crossOrigin }: Observations, { appOrigin }: CheckContext): boolean {
  const isSimple = method !== 'PUT' && seen.requestedHeaders.length === 0;
  return isSimple && isShown(crossOrigin?.[method], appOrigin);
}

/** Nothing lets the front end in: no rule at all, or none for its origin. */
function noneAllowed(answers: readonly Answer[], context: CheckContext) {
  const foreign = answers.filter(({ seen }) => seen.httpStatus < 300 || seen.refusedAs === 'CorsRuleMismatch');
  const [first] = foreign.length > 0 ? foreign : answers;
  const reason = foreign.length > 0 ? 'CorsOriginNotAllowed' : 'CorsMissing';
  const methods = methodsOf(foreign.length > 0 ? foreign : answers);
  return corsProblem(reason, context, { methods, ...(first !== undefined && { answer: first.seen }) });
}

/** Where one method is allowed, the origin is known: GCS answers a method outside the rule as it does a foreign origin. */
function judgeRule(answers: readonly Answer[], isAllowed: (answer: Answer) => boolean, context: CheckContext) {
  const isOfHeaders = ({ seen }: Answer): boolean => seen.letInWithoutHeaders === true;
  const unlisted = answers.filter(
    (answer) => !isOfHeaders(answer) && !(isAllowed(answer) && hasMethod(answer.seen, answer.method)),
  );
  if (unlisted.length > 0) {
    const [first] = unlisted;
    const answer = first === undefined ? {} : { answer: first.seen };
    return corsProblem('CorsMethodNotAllowed', context, { methods: methodsOf(unlisted), ...answer });
  }
  const headers = new Set(
    answers.flatMap(({ seen }) => seen.requestedHeaders.filter((header) => !hasHeader(seen.allowHeaders, header))),
  );
  return headers.size === 0 ? undefined : corsProblem('CorsHeaderNotAllowed', context, { headers: [...headers] });
}

function judgeResponses({ crossOrigin = {} }: Observations, context: CheckContext) {
  for (const method of BROWSER_METHODS) {
    const problem = judgeResponse(method, crossOrigin[method], context);
    if (problem !== undefined) return problem;
  }
  // The ETag that counts is that of an upload.
  const seen = crossOrigin.PUT ?? crossOrigin.GET;
  if (seen?.ok !== true) return notTried('a request with an origin');
  if (hasHeader(seen.value.exposeHeaders, 'etag')) return passed();
  return corsProblem(needsETag(context) ? 'CorsETagNotExposed' : 'CorsETagHidden', context, {});
}

/** Why a browser hides an answer, or `undefined` if it does not, or if there is none. */
function judgeResponse(
  method: BrowserMethod,
  seen: Observed<CrossOriginResponseSeen> | undefined,
  context: CheckContext,
) {
  if (seen === undefined || isShown(seen, context.appOrigin)) return undefined;
  if (!seen.ok) return failedBy(seen.error, context, `A ${method} with an origin`);
  return corsProblem('CorsResponseBlocked', context, { methods: [method], answer: seen.value });
}

/** Completing a multipart upload of S3 takes the ETag of each part; blocks of Azure and GCS's sessions take none. */
function needsETag({ storage }: CheckContext): boolean {
  return storage.provider !== 'GCS' && storage.provider !== 'AzureBlob';
}

function hasHeader(headers: readonly string[], header: string): boolean {
  return headers.includes('*') || headers.includes(header);
}

function methodsOf(answers: readonly Answer[]): readonly BrowserMethod[] {
  return answers.map(({ method }) => method);
}

function notTried(what: string): Judgement {
  return unknown('NotObserved', `The probe ended before it had tried ${what}.`);
}
