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
import type { Objects, StoredObject } from './objects.ts';
import { isProbeFolder, placeIn, presignedUse, type Asked, type Operation, type OperationName } from './operation.ts';

const UPLOAD_ID = { 'x-guploader-uploadid': 'AHmUCY0scripted' };
const JSON_BUCKET = /^\/storage\/v1\/b\/([^/]+)(\/iam\/testPermissions)?$/;
const JSON_FOLDER = /^\/storage\/v1\/b\/([^/]+)\/folders\/(.+)$/;
const JSON_OBJECT = /^\/(?:(upload|download)\/)?storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/;

/** Google Cloud Storage: the JSON API for requests with a token, the XML API for signed URLs and for anybody. */
export const gcs: Dialect = {
  operationOf(asked, bucket) {
    const place = locate(asked);
    const name = nameOf(asked, place, bucket);
    return name === undefined ? undefined : { name, ...place };
  },

  serve(operation, asked, bucket) {
    const { name } = operation;
    if (operation.bucket !== undefined && operation.bucket !== bucket.name) {
      return refuse({ status: 404, code: 'notFound', message: 'The specified bucket does not exist.' }, operation);
    }
    return SERVICES[name](operation, asked, bucket);
  },

  refuse,
};

const SERVICES: Services = {
  'anonymous GET': denied,
  'anonymous list': denied,
  list: listing,
  sweep: listing,
  create,
  'presigned PUT': ({ key = '' }, asked, { objects }) => {
    const { generation, etag } = objects.put(key, asked.body);
    const headers = { 'x-goog-generation': String(generation), etag: `"${etag}"` };
    return forBrowsers({ status: 200, headers }, asked);
  },
  remove,
  'presigned DELETE': remove,
  read: content,
  'read absent': content,
  'presigned GET': content,
  'ranged GET': (operation, asked, bucket) => ranged(asked, content(operation, asked, bucket)),
  'presigned HEAD': content,
  settings: (_operation, _asked, { name }) =>
    json(200, {
      kind: 'storage#bucket',
      name,
      location: 'EU',
      softDeletePolicy: { retentionDurationSeconds: '604800' },
    }),
  permissions: (_operation, { query }) =>
    json(200, { kind: 'storage#testIamPermissionsResponse', permissions: query.getAll('permissions') }),
  'start upload': ({ key = '' }, { path, headers, scheme }) => ({
    status: 200,
    headers: {
      ...UPLOAD_ID,
      location: `${scheme}://${headers.host ?? ''}${path}?upload_id=1&name=${encodeURIComponent(key)}`,
    },
  }),
  'upload part': (operation, asked, bucket) => create(operation, asked, bucket),
  'announced PUT': () => ({ status: 100 }),
  ...PREFLIGHTS,
  // The bucket has a flat namespace.
  'remove folder': (operation) => refuse({ status: 400, code: 'invalid' }, operation),
  // Nobody asks GCS for these.
  look: unknown,
  owner: unknown,
  region: unknown,
  versioning: unknown,
  retention: unknown,
  lifecycle: unknown,
  'probe versions': unknown,
  location: unknown,
  encryption: unknown,
  cors: unknown,
  'list uploads': unknown,
  'complete upload': unknown,
  'abort upload': unknown,
};

function denied(operation: Operation): Answer {
  return refuse({ status: 403, code: 'AccessDenied', message: 'Access denied.' }, operation);
}

function locate({ path, query }: Asked): { readonly bucket?: string; readonly key?: string } {
  const metadata = JSON_BUCKET.exec(path);
  if (metadata !== null) return { bucket: decodeURIComponent(metadata[1] ?? '') };
  const folder = JSON_FOLDER.exec(path);
  if (folder !== null) return { bucket: decodeURIComponent(folder[1] ?? ''), key: decodeURIComponent(folder[2] ?? '') };
  const json = JSON_OBJECT.exec(path);
  if (json === null) return placeIn(path);
  const key = json[1] === 'upload' ? query.get('name') : json[3] && decodeURIComponent(json[3]);
  return { bucket: decodeURIComponent(json[2] ?? ''), ...(key && { key }) };
}

function nameOf(
  asked: Asked,
  { bucket: named, key }: { readonly bucket?: string; readonly key?: string },
  { objects }: Pick<Bucket, 'objects'>,
): OperationName | undefined {
  const { method, query, headers } = asked;
  if (method === 'OPTIONS') return `preflight ${String(headers['access-control-request-method']) as 'GET'}`;
  if (query.has('X-Goog-Signature')) return presignedUse(asked);
  if (query.has('upload_id')) return 'upload part';
  if (headers.authorization !== undefined) return signedOperation(asked, key, objects);
  if (key !== undefined) return 'anonymous GET';
  return named === undefined ? undefined : 'anonymous list';
}

function signedOperation(
  { method, query, path }: Asked,
  key: string | undefined,
  objects: Objects,
): OperationName | undefined {
  const metadata = JSON_BUCKET.exec(path);
  if (metadata !== null) return metadata[2] === undefined ? 'settings' : 'permissions';
  if (JSON_FOLDER.test(path)) return 'remove folder';
  if (!JSON_OBJECT.test(path)) return undefined;
  if (query.get('uploadType') === 'resumable') return 'start upload';
  if (key === undefined) return isProbeFolder(query.get('prefix')) ? 'sweep' : 'list';
  if (method === 'GET') return objects.get(key) === undefined ? 'read absent' : 'read';
  return ({ POST: 'create', DELETE: 'remove' } as const)[method];
}

function create(operation: Operation, { query, body }: Asked, { name: bucket, objects }: Bucket): Answer {
  const { key = '' } = operation;
  if (query.get('ifGenerationMatch') === '0' && objects.get(key) !== undefined) {
    return refuse({ status: 412, code: 'conditionNotMet' }, operation);
  }
  const { generation } = objects.put(key, body);
  return json(200, { kind: 'storage#object', bucket, name: key, generation: String(generation) });
}

function remove(operation: Operation, { query }: Asked, { objects }: Bucket): Answer {
  const { key = '' } = operation;
  const object = objects.get(key);
  if (object === undefined) return noSuchObject(operation);
  const wanted = query.get('ifGenerationMatch');
  if (wanted !== null && wanted !== String(object.generation)) {
    return refuse({ status: 412, code: 'conditionNotMet' }, operation);
  }
  objects.remove(key);
  return { status: 204 };
}

function content(operation: Operation, asked: Asked, { objects }: Bucket): Answer {
  const object = objects.get(operation.key ?? '');
  return object === undefined ? noSuchObject(operation) : found(object, asked);
}

function found({ body, etag, generation }: StoredObject, asked: Asked): Answer {
  const headers = { 'content-type': 'application/json', 'x-goog-generation': String(generation), etag: `"${etag}"` };
  return { status: 200, headers: { ...headers, ...corsHeaders(asked) }, body };
}

function noSuchObject(operation: Operation): Answer {
  const code = isXml(operation) ? 'NoSuchKey' : 'notFound';
  return refuse({ status: 404, code, message: `No such object: ${operation.key ?? ''}` }, operation);
}

function listing(_operation: Operation, { query }: Asked, { name: bucket, objects }: Bucket): Answer {
  const all = objects.keys(query.get('prefix') ?? '');
  const keys = all.slice(0, Number(query.get('maxResults') ?? 1000));
  const items = keys.map((name) => ({ kind: 'storage#object', bucket, name, updated: '2026-01-01T00:00:00.000Z' }));
  return json(200, {
    kind: 'storage#objects',
    ...(all.length > keys.length && { nextPageToken: 'more' }),
    ...(items.length > 0 && { items }),
  });
}

function isXml({ name }: Operation): boolean {
  return /^(anonymous|preflight|presigned)/.test(name);
}

/** Downloads are refused in plain words that call themselves HTML. */
function refuse({ status, code, message = code, headers }: Refusal, operation: Operation): Answer {
  if (operation.name === 'presigned HEAD') return { status, headers: { ...UPLOAD_ID, ...headers } };
  if (operation.name.startsWith('read')) {
    const own = { ...UPLOAD_ID, 'content-type': 'text/html; charset=UTF-8', ...headers };
    return { status, headers: own, body: message };
  }
  if (!isXml(operation)) {
    const error = { code: status, message, errors: [{ message, domain: 'global', reason: code }] };
    const answer = json(status, { error });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>Access denied.</Message><Details>${escaped(message)}</Details></Error>`;
  return { status, headers: { ...UPLOAD_ID, 'content-type': 'application/xml; charset=UTF-8', ...headers }, body };
}

function json(status: number, document: unknown): Answer {
  const headers = { ...UPLOAD_ID, 'content-type': 'application/json; charset=UTF-8' };
  return { status, headers, body: JSON.stringify(document) };
}
