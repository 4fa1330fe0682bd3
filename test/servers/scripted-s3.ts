import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesInRange } from './byte-range.ts';

/** One request of the script's store, by path. */
export interface ScriptedRequest {
  readonly method: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Answers in place of the store; `undefined` lets the store answer. */
export type Script = (request: ScriptedRequest) => ScriptedAnswer | undefined;

/** An S3 of one bucket that believes every signature, for answers that no emulator gives. */
export interface ScriptedS3 {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly bucket: string;
  readonly requests: readonly ScriptedRequest[];
  /** Keys that are there now. */
  keys(): readonly string[];
  /** Begins anew: no objects, no requests seen, another script; `objectHeaders` come with every object. */
  reset(script?: Script, objectHeaders?: Readonly<Record<string, string>>): void;
  stop(): void;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'ETag',
};

/** What S3 says where a setting was never made, by the name in the query. */
const NEVER_MADE: Readonly<Record<string, string>> = {
  'object-lock': 'ObjectLockConfigurationNotFoundError',
  lifecycle: 'NoSuchLifecycleConfiguration',
  cors: 'NoSuchCORSConfiguration',
  encryption: 'ServerSideEncryptionConfigurationNotFoundError',
};

/** Of uploads that have not been completed, by key. */
const parts = new Map<string, Uint8Array>();

export async function startScriptedS3(bucket: string): Promise<ScriptedS3> {
  const objects = new Map<string, Uint8Array>();
  const requests: ScriptedRequest[] = [];
  let script: Script = () => undefined;
  let objectHeaders: Readonly<Record<string, string>> = {};
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://host');
      const key = decodeURIComponent(pathname.slice(bucket.length + 2));
      const seen = { method: request.method ?? '', key, query, headers: request.headers };
      requests.push(seen);
      const answer = script(seen) ?? answerTo(seen, { bucket, objects, body, objectHeaders });
      response.writeHead(answer.status, { 'x-amz-request-id': 'scripted', ...CORS, ...answer.headers });
      response.end(seen.method === 'HEAD' ? undefined : answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    requests,
    keys: () => [...objects.keys()],
    reset(next = () => undefined, headers = {}) {
      script = next;
      objectHeaders = headers;
      objects.clear();
      requests.length = 0;
    },
    stop: () => close(server),
  };
}

export function xml(status: number, body: string): ScriptedAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>${body}` };
}

export function location(region: string): string {
  return `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`;
}

export function refusal(status: number, code: string, message = 'no'): ScriptedAnswer {
  return xml(status, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

interface Store {
  readonly bucket: string;
  readonly objects: Map<string, Uint8Array>;
  readonly body: Uint8Array;
  readonly objectHeaders: Readonly<Record<string, string>>;
}

function answerTo(request: ScriptedRequest, store: Store): ScriptedAnswer {
  if (request.method === 'OPTIONS') return { status: 200 };
  const isSigned = request.headers.authorization !== undefined || request.query.has('X-Amz-Signature');
  if (!isSigned) return refusal(403, 'AccessDenied');
  if (request.key === '') return bucketAnswer(request, store);
  return isOfParts(request) ? partsAnswer(request, store) : objectAnswer(request, store);
}

function bucketAnswer({ query }: ScriptedRequest, { bucket, objects }: Store): ScriptedAnswer {
  if (query.has('list-type')) {
    const found = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? ''));
    return xml(200, listing(bucket, found.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')));
  }
  const setting = [...query.keys()].find((name) => Object.hasOwn(NEVER_MADE, name));
  if (setting !== undefined) return refusal(404, NEVER_MADE[setting] ?? '');
  if (query.has('versioning'))
    return xml(200, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
  if (query.has('location')) return xml(200, location('eu-central-1'));
  if (query.has('uploads'))
    return xml(200, `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket></ListMultipartUploadsResult>`);
  return xml(200, `<ListVersionsResult><Name>${bucket}</Name></ListVersionsResult>`);
}

export function listing(bucket: string, contents: string): string {
  return `<ListBucketResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
}

function objectAnswer(
  { method, key, headers: asked }: ScriptedRequest,
  { objects, body, objectHeaders }: Store,
): ScriptedAnswer {
  const headers = { etag: '"e1"', ...objectHeaders };
  if (method === 'PUT') {
    objects.set(key, body);
    return { status: 200, headers };
  }
  if (method === 'DELETE') {
    objects.delete(key);
    return { status: 204 };
  }
  const found = objects.get(key);
  if (found === undefined) return refusal(404, 'NoSuchKey');
  const part = bytesInRange(asked.range, found);
  return part === undefined ? { status: 200, headers, body: found } : { status: 206, headers, body: part };
}

function isOfParts({ query }: ScriptedRequest): boolean {
  return query.has('uploads') || query.has('uploadId');
}

/** An upload in parts that has only one. */
function partsAnswer({ method, key, query }: ScriptedRequest, { bucket, objects, body }: Store): ScriptedAnswer {
  const place = `<Bucket>${bucket}</Bucket><Key>${key}</Key>`;
  if (query.has('uploads')) {
    return xml(200, `<InitiateMultipartUploadResult>${place}<UploadId>u1</UploadId></InitiateMultipartUploadResult>`);
  }
  if (method === 'PUT') {
    parts.set(key, body);
    return { status: 200, headers: { etag: '"p1"' } };
  }
  if (method === 'DELETE') return refusal(404, 'NoSuchUpload');
  objects.set(key, parts.get(key) ?? new Uint8Array());
  parts.delete(key);
  return xml(200, `<CompleteMultipartUploadResult>${place}<ETag>"e1"</ETag></CompleteMultipartUploadResult>`);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}
