import { BROWSER_HEADERS } from '../checks/cors-allows-app.ts';
import {
  BROWSER_METHODS,
  type Observations,
  type Observed,
  type PreflightSeen,
  type PresignedMethod,
} from '../domain/observations.ts';
import { err, ok } from '../domain/result.ts';
import type { PlainRequest, PlainResponse } from '../ports/http.ts';
import { newProbeObject, type ProbeObject } from './object-cycle.ts';
import type { ProbeSession } from './session.ts';

/** W&B signs write URLs for a day. */
const EXPIRES_IN_SECONDS = 86_400;

type Presigned = NonNullable<Observations['presigned']>;
type Sent = Observed<{ readonly httpStatus: number }>;

/** The part of the observations that this cycle fills. */
export type PresignedSeen = Pick<Observations, 'presigned' | 'preflight' | 'crossOriginResponse'>;

/**
 * What W&B's clients and browsers do, without any SDK: upload by a pre-signed
 * PUT, read by GET and HEAD, delete by DELETE, with the preflights of a browser
 * in between. `object` is told of the upload first, so that it is cleaned up
 * whatever happens.
 */
export async function seePresigned(
  session: ProbeSession,
  track: (object: Omit<ProbeObject, 'revision'>) => void,
): Promise<PresignedSeen> {
  const object = newProbeObject(session);
  track(object);
  const presigned: Partial<Record<PresignedMethod, Sent>> = {};
  const put = await sendPresigned(session, 'PUT', object.key, { body: object.body });
  presigned.PUT = accepted(session, put);
  if (!presigned.PUT.ok) return { presigned };

  const get = await sendPresigned(session, 'GET', object.key, {});
  presigned.GET =
    get.ok && get.value.status === 200 && !sameBytes(get.value, object) ? wrongContent() : accepted(session, get);
  presigned.HEAD = accepted(session, await sendPresigned(session, 'HEAD', object.key, {}));
  const browser = session.appOrigin === undefined ? {} : await seeBrowser(session, object.key, session.appOrigin);
  presigned.DELETE = accepted(session, await sendPresigned(session, 'DELETE', object.key, {}));
  return { presigned, ...browser };
}

/** The light variant writes nothing: a GET of an absent key must be understood as ours and answered with "no such key". */
export async function seePresignedAbsent(session: ProbeSession): Promise<Presigned> {
  const { key } = newProbeObject(session);
  const answer = await sendPresigned(session, 'GET', key, {});
  if (!answer.ok) return { GET: err(answer.error) };
  const failure = answer.value.status >= 300 ? session.bucket.explain(answer.value) : undefined;
  if (failure?.kind === 'ObjectNotFound') return { GET: ok({ httpStatus: answer.value.status }) };
  return { GET: err(failure ?? { kind: 'NotAnObjectStore', httpStatus: answer.value.status }) };
}

async function seeBrowser(
  session: ProbeSession,
  key: string,
  origin: string,
): Promise<Omit<PresignedSeen, 'presigned'>> {
  const preflight: Partial<Record<(typeof BROWSER_METHODS)[number], Observed<PreflightSeen>>> = {};
  for (const method of BROWSER_METHODS) {
    const headers = {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': BROWSER_HEADERS.join(','),
    };
    const answer = await sendPresigned(session, method, key, { method: 'OPTIONS', headers });
    preflight[method] = answer.ok ? ok(preflightOf(session, answer.value)) : err(answer.error);
  }
  const get = await sendPresigned(session, 'GET', key, { headers: { origin } });
  const crossOriginResponse = get.ok
    ? ok({
        exposeHeaders: listOf(get.value.headers['access-control-expose-headers']).map((name) => name.toLowerCase()),
        ...allowOriginOf(get.value),
      })
    : err(get.error);
  return { preflight, crossOriginResponse };
}

async function sendPresigned(
  session: ProbeSession,
  method: PresignedMethod,
  key: string,
  extra: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array },
): Promise<Observed<PlainResponse>> {
  const signed = await session.bucket.presign(method, key, EXPIRES_IN_SECONDS);
  if (!signed.ok) return signed;
  const request: PlainRequest = { ...signed.value, ...extra, headers: { ...signed.value.headers, ...extra.headers } };
  return session.send(request);
}

function accepted(session: ProbeSession, answer: Observed<PlainResponse>): Sent {
  if (!answer.ok) return err(answer.error);
  const { status } = answer.value;
  return status >= 200 && status < 300 ? ok({ httpStatus: status }) : err(session.bucket.explain(answer.value));
}

function sameBytes(response: PlainResponse, object: Pick<ProbeObject, 'body'>): boolean {
  return Buffer.from(response.body).equals(Buffer.from(object.body));
}

/** A 200 with other content: a login page of a proxy, say. */
function wrongContent(): Sent {
  return err({ kind: 'NotAnObjectStore', httpStatus: 200 });
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
