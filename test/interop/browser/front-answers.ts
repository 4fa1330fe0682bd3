import type { FrontAnswers } from './cors-front.ts';

const LIST = 'content-md5, content-type, x-amz-meta-md5';
const EXPOSED = { 'access-control-expose-headers': 'ETag' } as const;

/** How stores and proxies answer for CORS, and what each of them lets a front end of this origin do, the browser says. */
export function frontAnswersFor(app: string): readonly FrontAnswers[] {
  const allow = { 'access-control-allow-origin': app };
  const any = { 'access-control-allow-origin': '*' };
  const methods = { 'access-control-allow-methods': 'GET, HEAD, PUT' };
  const listed = { 'access-control-allow-headers': LIST };
  const fine = { ...allow, ...methods, ...listed };
  const good: Omit<FrontAnswers, 'id'> = {
    preflight: () => ({ status: 200, headers: fine }),
    headers: () => ({ ...allow, ...EXPOSED }),
  };
  const refuses = (status: number, code: string, says: string) => () => ({
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${says}</Message></Error>`,
  });
  const preflight = (id: string, headers: object, status = 200): FrontAnswers => ({
    ...good,
    id,
    preflight: () => ({ status, headers: { ...headers } }),
  });
  const answer = (id: string, headers: object): FrontAnswers => ({ ...good, id, headers: () => ({ ...headers }) });
  return [
    {
      id: 'as AWS, where a rule fits',
      preflight: ({ origin, headers }) => ({
        status: 200,
        headers: {
          'access-control-allow-origin': origin,
          ...methods,
          ...(headers !== '' && { 'access-control-allow-headers': headers }),
          'access-control-allow-credentials': 'true',
        },
      }),
      headers: () => ({ ...allow, ...methods, ...EXPOSED, 'access-control-allow-credentials': 'true' }),
    },
    {
      id: 'as AWS, where no rule fits',
      preflight: refuses(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.'),
      headers: () => ({}),
    },
    {
      id: 'as AWS, without rules',
      preflight: refuses(403, 'AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.'),
      headers: () => ({}),
    },
    { id: 'as Google Cloud Storage, where no rule fits', preflight: () => ({ status: 200 }), headers: () => ({}) },
    preflight('204 for a preflight', fine, 204),
    preflight('299 for a preflight', fine, 299),
    preflight('301 for a preflight', { ...fine, location: '/elsewhere' }, 301),
    preflight('401 for a preflight', { ...fine, 'www-authenticate': 'Basic realm="proxy"' }, 401),
    preflight('405 for a preflight, and headers on it', fine, 405),
    preflight('every origin on a preflight', { ...fine, ...any }),
    preflight('"null" as the origin', { ...fine, 'access-control-allow-origin': 'null' }),
    preflight('an empty origin', { ...fine, 'access-control-allow-origin': '' }),
    preflight('the origin in upper case', { ...fine, 'access-control-allow-origin': app.toUpperCase() }),
    preflight('the origin twice', { ...fine, 'access-control-allow-origin': [app, app] }),
    preflight('two origins in one header', { ...fine, 'access-control-allow-origin': `${app}, https://other.example` }),
    preflight('two origins with a space', { ...fine, 'access-control-allow-origin': `https://other.example ${app}` }),
    preflight('every method', { ...fine, 'access-control-allow-methods': '*' }),
    preflight('methods in lower case', { ...fine, 'access-control-allow-methods': 'get, head, put' }),
    preflight('methods in two headers', { ...fine, 'access-control-allow-methods': ['GET, HEAD', 'PUT'] }),
    preflight('PUT as the only method', { ...fine, 'access-control-allow-methods': 'PUT' }),
    preflight('no method named', { ...allow, ...listed }),
    preflight('every header', { ...fine, 'access-control-allow-headers': '*' }),
    preflight('headers in upper case', { ...fine, 'access-control-allow-headers': LIST.toUpperCase() }),
    preflight('a header by a part of its name', { ...fine, 'access-control-allow-headers': 'content-*, x-amz-*' }),
    preflight('headers without a checksum', { ...fine, 'access-control-allow-headers': 'content-type' }),
    preflight('headers that are no names', { ...fine, 'access-control-allow-headers': `${LIST}, "any"` }),
    {
      id: 'preflights for uploads only',
      preflight: ({ method }) => (method === 'PUT' ? { status: 200, headers: fine } : { status: 403 }),
      headers: good.headers,
    },
    {
      id: 'preflights for reads only',
      preflight: ({ method }) => (method === 'PUT' ? { status: 403 } : { status: 200, headers: fine }),
      headers: good.headers,
    },
    {
      id: 'no preflights, and headers on all answers',
      preflight: refuses(405, 'MethodNotAllowed', 'The specified method is not allowed.'),
      headers: good.headers,
    },
    answer('every origin on answers', { ...any, ...EXPOSED }),
    answer('no header on answers', {}),
    answer('the origin twice on answers', { 'access-control-allow-origin': [app, app], ...EXPOSED }),
    answer('every header exposed', { ...allow, 'access-control-expose-headers': '*' }),
    answer('nothing exposed', allow),
    answer('exposed in two headers', { ...allow, 'access-control-expose-headers': ['x-amz-request-id', 'eTaG'] }),
    { ...good, id: 'no header on answers to GET', headers: (method) => (method === 'GET' ? {} : good.headers(method)) },
    {
      ...good,
      id: 'no header on answers to HEAD',
      headers: (method) => (method === 'HEAD' ? {} : good.headers(method)),
    },
    { ...good, id: 'no header on answers to PUT', headers: (method) => (method === 'PUT' ? {} : good.headers(method)) },
    {
      ...good,
      id: 'ETag exposed on answers to PUT only',
      headers: (method) => ({ ...allow, ...(method === 'PUT' && EXPOSED) }),
    },
    {
      ...good,
      id: 'ETag exposed on answers to GET only',
      headers: (method) => ({ ...allow, ...(method === 'GET' && EXPOSED) }),
    },
    { ...good, id: 'a proxy that takes the ETag away', drops: ['etag'] },
  ];
}
