import type { CheckReason } from './check-reason.ts';

/** Reasons why the W&B front end cannot use the bucket from a browser. */
export const BROWSER_REASONS = {
  MixedContentBlocked: {
    checks: ['MixedContent'],
    result: 'Fail',
    class: 'spec',
    meaning: 'The front end is served by https and the store is not: browsers block every request to it.',
    remedy: 'Serve the store over https and name that endpoint, or have the server proxy file traffic.',
    codes: [],
  },
  CorsMissing: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'The store refuses every preflight from the W&B front end: no CORS rule of the bucket answers for it.',
    remedy:
      'Add the CORS rule: origin of the front end, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000.',
    codes: ['403 AccessForbidden', 'NoSuchCORSConfiguration', 'CORSResponse'],
  },
  CorsOriginNotAllowed: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'The store answers preflights, but does not allow the origin of the W&B front end.',
    remedy: 'Add the origin of the front end to the CORS rule.',
    codes: ['2xx without Access-Control-Allow-Origin'],
  },
  CorsMethodNotAllowed: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'The CORS rule leaves out a method that browsers need; the message names it.',
    remedy: 'Allow GET, HEAD and PUT.',
    codes: ['403 for one method', 'Access-Control-Allow-Methods without it'],
  },
  CorsHeaderNotAllowed: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'The CORS rule leaves out a header that browsers send with an upload; the message names it.',
    remedy: 'Allow all headers (*).',
    codes: ['Access-Control-Allow-Headers without it'],
  },
  CorsResponseBlocked: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning:
      'Preflights pass, but the answer to the request itself lacks Access-Control-Allow-Origin: the browser hides it.',
    remedy: 'Look for a proxy that answers or strips CORS headers, and let the store set them.',
    codes: [],
  },
  CorsETagNotExposed: {
    checks: ['CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'Browsers may not read the ETag of an answer, which uploads in parts need.',
    remedy: 'Expose the header ETag in the CORS rule.',
    codes: [],
  },
  CorsETagHidden: {
    checks: ['CorsAllowsApp'],
    result: 'Warn',
    meaning:
      'Browsers may not read the ETag of an answer. On GCS and Azure no upload needs it; on the S3 kinds this is CorsETagNotExposed.',
    remedy: 'Add ETag to the exposed headers of the CORS rule (GCS: to its responseHeader list).',
    codes: [],
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
