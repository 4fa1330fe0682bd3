import { BROWSER_HEADERS } from '../checks/cors-allows-app.ts';
import {
  BROWSER_METHODS,
  type BrowserMethod,
  type CrossOriginResponseSeen,
  type Observations,
  type Observed,
  type PreflightSeen,
} from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import { sendPresigned } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

/**
 * What a browser on the W&B front end does with pre-signed URLs of an object:
 * the preflight of each method, and a real request with an origin. Nothing
 * without a known origin.
 */
export async function seeBrowser(
  session: ProbeSession,
  key: string,
): Promise<Pick<Observations, 'preflight' | 'crossOriginResponse'>> {
  const { appOrigin: origin } = session;
  if (origin === undefined) return {};
  const preflight: Partial<Record<BrowserMethod, Observed<PreflightSeen>>> = {};
  for (const method of BROWSER_METHODS) {
    if (session.ended()) return { preflight };
    const headers = {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': BROWSER_HEADERS.join(','),
    };
    const answer = await sendPresigned(session, method, key, { method: 'OPTIONS', headers });
    preflight[method] = answer.ok ? ok(preflightOf(session, answer.value)) : err(answer.error);
  }
  if (session.ended()) return { preflight };
  const get = await sendPresigned(session, 'GET', key, { headers: { origin } });
  return { preflight, crossOriginResponse: get.ok ? ok(responseOf(get.value)) : err(get.error) };
}

function preflightOf(session: ProbeSession, response: PlainResponse): PreflightSeen {
  const { headers, status } = response;
  const code = status >= 300 ? session.bucket.explain(response).providerCode : undefined;
  return {
    httpStatus: status,
    allowMethods: listOf(headers['access-control-allow-methods']).map((method) => method.toUpperCase()),
    allowHeaders: listOf(headers['access-control-allow-headers']).map((name) => name.toLowerCase()),
    ...allowOriginOf(response),
    ...(code !== undefined && { providerCode: code }),
  };
}

function responseOf(response: PlainResponse): CrossOriginResponseSeen {
  const exposed = listOf(response.headers['access-control-expose-headers']);
  return { exposeHeaders: exposed.map((name) => name.toLowerCase()), ...allowOriginOf(response) };
}

function allowOriginOf(response: PlainResponse): { readonly allowOrigin?: string } {
  const allowOrigin = response.headers['access-control-allow-origin'];
  return allowOrigin === undefined ? {} : { allowOrigin };
}

function listOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
