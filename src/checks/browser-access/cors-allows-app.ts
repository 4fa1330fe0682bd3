import {
  BROWSER_METHODS,
  type BrowserMethod,
  type CrossOriginResponseSeen,
  type Observations,
  type PreflightSeen,
} from '../../domain/observations/observations.ts';
import { isTransientStatus, kindByStatus } from '../../domain/observations/http-status.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { canWrite } from '../bucket-usable/can-write.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { browsersStayAway } from './browsers-stay-away.ts';
import { corsProblem } from './cors-problem.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';

/**
 * Headers that browsers announce for an upload from the W&B front end, in lower
 * case. W&B's documented rule for GCS lists Content-Type alone, and must be enough.
 */
export function browserHeaders(provider: BucketStorage['provider']): readonly string[] {
  return provider === 'GCS' ? ['content-type'] : ['content-type', 'content-md5'];
}

interface Answer {
  readonly method: BrowserMethod;
  readonly seen: PreflightSeen;
}

/**
 * A browser on the W&B front end may use pre-signed URLs. Decided by the answers
 * to preflights, by status and headers both: some stores answer 200 without an
 * Access-Control-Allow-Origin, or 403 with one, and no API shows all rules of MinIO.
 */
export const corsAllowsApp = defineCheck({
  name: 'CorsAllowsApp',
  gate: 'BrowserAccess',
  required: true,
  ignorable: true,
  prerequisites: [canWrite],
  needs: ['preflight'],
  notApplicable: browsersStayAway,
  reasons: {
    CorsMissing: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store refuses every preflight from the W&B front end: no CORS rule of the bucket answers for it.',
      remedy:
        'Add the CORS rule: origin of the front end, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000.',
      codes: ['403 AccessForbidden', 'NoSuchCORSConfiguration', 'CORSResponse'],
      proof: 'emulator',
    },
    CorsOriginNotAllowed: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store answers preflights, but does not allow the origin of the W&B front end.',
      remedy: 'Add the origin of the front end to the CORS rule.',
      codes: ['2xx without Access-Control-Allow-Origin'],
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
      codes: ['Access-Control-Allow-Headers without it'],
      proof: 'emulator',
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
    if (answers.length < BROWSER_METHODS.length) return notTried('the preflights');
    return judgePreflights(answers, context) ?? judgeResponse(observations, context);
  },
});

function answersOf({ preflight }: Observations): readonly Answer[] {
  return BROWSER_METHODS.flatMap((method) => {
    const seen = preflight?.[method];
    return seen?.ok === true ? [{ method, seen: seen.value }] : [];
  });
}

function judgePreflights(answers: readonly Answer[], context: CheckContext) {
  // A transient fault says nothing about the rule.
  const broken = answers.find(({ seen }) => isTransientStatus(seen.httpStatus));
  if (broken !== undefined) {
    const { httpStatus } = broken.seen;
    return failedBy({ kind: kindByStatus(httpStatus), httpStatus }, context, `The preflight for ${broken.method}`);
  }
  const refused = answers.filter(({ seen }) => seen.httpStatus >= 300);
  const [first] = refused;
  if (first !== undefined && refused.length === answers.length) {
    return corsProblem('CorsMissing', context, { methods: methodsOf(refused), answer: first.seen });
  }
  const foreign = answers.filter(({ seen }) => seen.httpStatus < 300 && !allows(seen.allowOrigin, context));
  if (foreign.length > 0 && !answers.some(({ seen }) => isAllowed(seen, context))) {
    return corsProblem('CorsOriginNotAllowed', context, { methods: methodsOf(foreign) });
  }
  // Where one method is allowed, the origin is known: GCS answers a method outside the rule as it does a foreign origin.
  const unlisted = answers.filter(({ method, seen }) => !isAllowed(seen, context) || !hasMethod(seen, method));
  if (unlisted.length > 0) return corsProblem('CorsMethodNotAllowed', context, { methods: methodsOf(unlisted) });
  const headers = new Set(
    answers.flatMap(({ seen }) => seen.requestedHeaders.filter((header) => !hasHeader(seen.allowHeaders, header))),
  );
  return headers.size === 0 ? undefined : corsProblem('CorsHeaderNotAllowed', context, { headers: [...headers] });
}

function judgeResponse({ crossOriginResponse }: Observations, context: CheckContext) {
  if (crossOriginResponse === undefined) return notTried('a request with an origin');
  if (!crossOriginResponse.ok) return failedBy(crossOriginResponse.error, context, 'A request with an origin');
  const seen: CrossOriginResponseSeen = crossOriginResponse.value;
  if (!allows(seen.allowOrigin, context)) return corsProblem('CorsResponseBlocked', context, {});
  if (hasHeader(seen.exposeHeaders, 'etag')) return passed();
  return corsProblem(needsETag(context) ? 'CorsETagNotExposed' : 'CorsETagHidden', context, {});
}

/** Completing a multipart upload of S3 takes the ETag of each part; blocks of Azure and GCS's sessions take none. */
function needsETag({ storage }: CheckContext): boolean {
  return storage.provider !== 'GCS' && storage.provider !== 'AzureBlob';
}

function isAllowed(seen: PreflightSeen, context: CheckContext): boolean {
  return seen.httpStatus < 300 && allows(seen.allowOrigin, context);
}

function allows(allowOrigin: string | undefined, context: CheckContext): boolean {
  return allowOrigin === '*' || (allowOrigin !== undefined && allowOrigin === context.appOrigin);
}

function hasMethod(seen: PreflightSeen, method: BrowserMethod): boolean {
  return seen.allowMethods.includes('*') || seen.allowMethods.includes(method);
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
