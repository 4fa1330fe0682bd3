import {
  corsHeaders,
  escaped,
  forBrowsers,
  PREFLIGHTS,
  ranged,
  unknown,
  type Bucket,
  type Dialect,
  type Services,
} from './dialect.ts';
import type { Answer, Refusal } from './fault.ts';
import type { Objects } from './objects.ts';
import { isProbeFolder, placeIn, presignedUse, type Asked, type Operation, type OperationName } from './operation.ts';

const IDS = { 'x-ms-request-id': '6a1c5f0e-001e-0041-scripted', 'x-ms-version': '2024-11-04' };
const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';

/** Azure Blob Storage, with the account in the host name. */
export const azure: Dialect = {
  operationOf(asked, bucket) {
    const place = placeIn(asked.path);
    const name = nameOf(asked, place, bucket);
    return name === undefined ? undefined : { name, ...place };
  },

  serve(operation, asked, bucket) {
    const { name } = operation;
    if (operation.bucket !== undefined && operation.bucket !== bucket.name) {
      return refuse({ status: 404, code: 'ContainerNotFound' }, operation);
    }
    return SERVICES[name](operation, asked, bucket);
  },

  refuse,
};

/** Where a block waits: a key that no probe lists. */
const BLOCK = '(block)';

const SERVICES: Services = {
  'anonymous GET': denied,
  'anonymous list': denied,
  list: listing,
  sweep: listing,
  create,
  'presigned PUT': (operation, asked, bucket) => forBrowsers(create(operation, asked, bucket), asked),
  remove,
  'presigned DELETE': remove,
  read: content,
  'read absent': content,
  'presigned GET': content,
  'ranged GET': (operation, asked, bucket) => ranged(asked, content(operation, asked, bucket)),
  'presigned HEAD': content,
  retention: () => ({ status: 200, headers: { ...IDS, etag: '"0x1"', 'last-modified': MODIFIED } }),
  settings: () =>
    xml(
      200,
      '<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy></StorageServiceProperties>',
    ),
  'upload part': (_operation, { body }, { objects }) => {
    objects.put(BLOCK, body);
    return { status: 201, headers: IDS };
  },
  'complete upload': ({ key = '' }, _asked, { objects }) => {
    const block = objects.get(BLOCK);
    objects.remove(BLOCK);
    const { etag } = objects.put(key, block?.body ?? Buffer.alloc(0));
    return { status: 201, headers: { ...IDS, etag: `"0x${etag}"`, 'last-modified': MODIFIED } };
  },
  'announced PUT': () => ({ status: 100 }),
  ...PREFLIGHTS,
  // Nobody asks Azure for these.
  look: unknown,
  owner: unknown,
  region: unknown,
  versioning: unknown,
  lifecycle: unknown,
  'probe versions': unknown,
  location: unknown,
  encryption: unknown,
  cors: unknown,
  permissions: unknown,
  'remove folder': unknown,
  'list uploads': unknown,
  'start upload': unknown,
  'abort upload': unknown,
};

/** A private container of an account that lets containers be public: without the header that other refusals have. */
function denied(operation: Operation): Answer {
  const message = 'The specified resource does not exist.';
  const answer = refuse({ status: 404, code: 'ResourceNotFound', message }, operation);
  const headers = Object.entries(answer.headers ?? {}).filter(([name]) => name !== 'x-ms-error-code');
  return { ...answer, headers: Object.fromEntries(headers) };
}

function remove(operation: Operation, _asked: Asked, { objects }: Bucket): Answer {
  const { key = '' } = operation;
  if (objects.get(key) === undefined) return refuse({ status: 404, code: 'BlobNotFound' }, operation);
  objects.remove(key);
  return { status: 202, headers: IDS };
}

function nameOf(
  asked: Asked,
  { bucket: named, key }: { readonly bucket?: string; readonly key?: string },
  { objects }: Pick<Bucket, 'objects'>,
): OperationName | undefined {
  const { method, query, headers } = asked;
  if (method === 'OPTIONS') return `preflight ${String(headers['access-control-request-method']) as 'GET'}`;
  if (query.has('sig')) return presignedUse(asked);
  if (headers.authorization !== undefined) return signedOperation(asked, key, objects);
  if (key !== undefined) return 'anonymous GET';
  return query.get('comp') === 'list' && named !== undefined ? 'anonymous list' : undefined;
}

function signedOperation(
  { method, query }: Asked,
  key: string | undefined,
  objects: Objects,
): OperationName | undefined {
  if (query.get('comp') === 'properties') return 'settings';
  if (key === undefined) {
    if (query.get('comp') !== 'list') return 'retention';
    return isProbeFolder(query.get('prefix')) ? 'sweep' : 'list';
  }
  if (method === 'GET') return objects.get(key) === undefined ? 'read absent' : 'read';
  return ({ PUT: 'create', HEAD: 'look', DELETE: 'remove' } as const)[method];
}

function create(operation: Operation, { headers, body }: Asked, { objects }: Bucket): Answer {
  const { key = '' } = operation;
  if (headers['x-ms-blob-type'] === undefined) return refuse({ status: 400, code: 'MissingRequiredHeader' }, operation);
  if (headers['if-none-match'] === '*' && objects.get(key) !== undefined) {
    return refuse({ status: 409, code: 'BlobAlreadyExists' }, operation);
  }
  const { etag } = objects.put(key, body);
  const written = { etag: `"0x${etag}"`, 'last-modified': MODIFIED, 'x-ms-request-server-encrypted': 'true' };
  return { status: 201, headers: { ...IDS, ...written } };
}

function content(operation: Operation, asked: Asked, { objects }: Bucket): Answer {
  const object = objects.get(operation.key ?? '');
  if (object === undefined) return refuse({ status: 404, code: 'BlobNotFound' }, operation);
  const about = { etag: `"0x${object.etag}"`, 'last-modified': MODIFIED, 'x-ms-blob-type': 'BlockBlob' };
  const headers = { ...IDS, ...about, ...corsHeaders(asked), 'content-type': 'application/json' };
  return { status: 200, headers, body: object.body };
}

function listing(_operation: Operation, { query, headers }: Asked, { name, objects }: Bucket): Answer {
  const prefix = query.get('prefix') ?? '';
  const all = objects.keys(prefix);
  const keys = all.slice(0, Number(query.get('maxresults') ?? 5000));
  const blobs = keys.map(
    (key) =>
      `<Blob><Name>${escaped(key)}</Name><Properties><Last-Modified>${MODIFIED}</Last-Modified><Etag>0x1</Etag>` +
      '<Content-Length>1</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>',
  );
  return xml(
    200,
    `<EnumerationResults ServiceEndpoint="http://${headers.host ?? ''}/" ContainerName="${name}">` +
      `<Prefix>${escaped(prefix)}</Prefix><Blobs>${blobs.join('')}</Blobs>` +
      `<NextMarker>${all.length > keys.length ? 'more' : ''}</NextMarker></EnumerationResults>`,
  );
}

function refuse({ status, code, message = code, headers }: Refusal, { name }: Operation): Answer {
  const own = { 'x-ms-error-code': code, ...headers };
  if (name === 'presigned HEAD' || name === 'look') return { status, headers: { ...IDS, ...own } };
  const answer = xml(
    status,
    `<Error><Code>${code}</Code><Message>${escaped(message)}\nRequestId:${IDS['x-ms-request-id']}\nTime:2026-01-01T00:00:00.0000000Z</Message></Error>`,
  );
  return { ...answer, headers: { ...answer.headers, ...own } };
}

function xml(status: number, body: string): Answer {
  const headers = { ...IDS, 'content-type': 'application/xml' };
  // Every document begins with a byte order mark.
  return { status, headers, body: `\ufeff<?xml version="1.0" encoding="utf-8"?>${body}` };
}
