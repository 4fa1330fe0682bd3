import {
  corsHeaders as openCors,
  forBrowsers,
  escaped,
  PREFLIGHTS,
  ranged,
  unknown,
  type Bucket,
  type Dialect,
  type Services,
} from './dialect.ts';
import type { Answer, Refusal } from './fault.ts';
import { s3SettingOf, S3_SETTINGS } from './s3-settings.ts';
import { isProbeFolder, placeIn, presignedUse, type Asked, type Operation, type OperationName } from './operation.ts';

const IDS = { 'x-amz-request-id': '4442587FB7D0A2F9', 'x-amz-id-2': 'c2NyaXB0ZWQ=' };

/** S3 and what speaks it, with the bucket in the path or in the host. */
export const s3: Dialect = {
  operationOf(asked, bucket) {
    const place = locate(asked, bucket);
    const name = nameOf(asked, place, bucket);
    return name === undefined ? undefined : { name, ...place };
  },

  serve(operation, asked, bucket) {
    const { name } = operation;
    if (operation.bucket !== undefined && operation.bucket !== bucket.name) return refuse(NO_BUCKET, operation);
    return SERVICES[name](operation, asked, bucket);
  },

  refuse,
};

const NO_BUCKET: Refusal = { status: 404, code: 'NoSuchBucket', message: 'The specified bucket does not exist' };

/** Where a part waits: a key that no probe lists. */
const PART = '(part)';

const SERVICES: Services = {
  'anonymous GET': denied,
  'anonymous list': denied,
  list: listing,
  sweep: listing,
  owner: (operation, asked, bucket) =>
    asked.headers['x-amz-expected-bucket-owner'] === bucket.owner
      ? listing(operation, asked, bucket)
      : denied(operation),
  region: (_operation, _asked, { region }) => ({ status: 200, headers: { ...IDS, 'x-amz-bucket-region': region } }),
  create: write,
  'presigned PUT': (operation, asked, bucket) => forBrowsers(write(operation, asked, bucket), asked),
  remove,
  'presigned DELETE': remove,
  look: content,
  read: content,
  'read absent': content,
  'presigned GET': content,
  'ranged GET': (operation, asked, bucket) => ranged(asked, content(operation, asked, bucket)),
  'presigned HEAD': content,
  'list uploads': () => xml(200, '<ListMultipartUploadsResult></ListMultipartUploadsResult>'),
  'start upload': () =>
    xml(200, '<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>'),
  'upload part': (_operation, { body }, { objects }) => ({
    status: 200,
    headers: { ...IDS, etag: `"${objects.put(PART, body).etag}"` },
  }),
  'complete upload': completeUpload,
  'abort upload': (operation) => refuse({ status: 404, code: 'NoSuchUpload' }, operation),
  'remove folder': unknown,
  ...S3_SETTINGS,
  'announced PUT': () => ({ status: 100 }),
  ...PREFLIGHTS,
};

function completeUpload({ key = '' }: Operation, _asked: Asked, { objects }: Bucket): Answer {
  const part = objects.get(PART);
  objects.remove(PART);
  const { etag } = objects.put(key, part?.body ?? Buffer.alloc(0));
  return xml(200, `<CompleteMultipartUploadResult><ETag>"${etag}-1"</ETag></CompleteMultipartUploadResult>`);
}

function denied(operation: Operation): Answer {
  return refuse({ status: 403, code: 'AccessDenied', message: 'Access Denied' }, operation);
}

function write(operation: Operation, { headers, body }: Asked, { objects }: Bucket): Answer {
  const { key = '' } = operation;
  if (headers['if-none-match'] === '*' && objects.get(key) !== undefined) {
    return refuse({ status: 412, code: 'PreconditionFailed' }, operation);
  }
  return { status: 200, headers: { ...IDS, etag: `"${objects.put(key, body).etag}"` } };
}

function remove({ key = '' }: Operation, _asked: Asked, { objects }: Bucket): Answer {
  objects.remove(key);
  return { status: 204, headers: IDS };
}

function locate(asked: Asked, { name }: Bucket) {
  const isVirtual = (asked.headers.host ?? '').startsWith(`${name}.`);
  return placeIn(isVirtual ? `/${name}${asked.path}` : asked.path);
}

function nameOf(
  asked: Asked,
  { key }: { readonly key?: string },
  { objects }: Pick<Bucket, 'objects'>,
): OperationName | undefined {
  const { method, query, headers } = asked;
  if (method === 'OPTIONS') return `preflight ${String(headers['access-control-request-method']) as 'GET'}`;
  if (query.has('X-Amz-Signature')) return presignedUse(asked);
  if (headers.authorization === undefined) {
    if (key !== undefined) return 'anonymous GET';
    return query.has('list-type') ? 'anonymous list' : undefined;
  }
  const upload = uploadOperation(asked);
  if (upload !== undefined) return upload;
  if (key === undefined) return bucketOperation(asked);
  if (method === 'GET') return objects.get(key) === undefined ? 'read absent' : 'read';
  return ({ PUT: 'create', HEAD: 'look', DELETE: 'remove' } as const)[method];
}

function uploadOperation({ method, query }: Asked): OperationName | undefined {
  if (query.has('uploads')) return method === 'POST' ? 'start upload' : 'list uploads';
  if (!query.has('uploadId')) return undefined;
  return method === 'POST' ? 'complete upload' : 'abort upload';
}

function bucketOperation({ method, query, headers }: Asked): OperationName | undefined {
  if (method === 'HEAD') return 'region';
  if (method !== 'GET') return undefined;
  if (!query.has('list-type')) return s3SettingOf(query);
  if (headers['x-amz-expected-bucket-owner'] !== undefined) return 'owner';
  return isProbeFolder(query.get('prefix')) ? 'sweep' : 'list';
}

function content(operation: Operation, asked: Asked, bucket: Bucket): Answer {
  const object = bucket.objects.get(operation.key ?? '');
  if (object === undefined) return refuse({ status: 404, code: 'NoSuchKey', message: 'No such key' }, operation);
  const headers = { ...IDS, ...corsHeaders(asked), etag: `"${object.etag}"`, 'content-type': 'application/json' };
  return { status: 200, headers, body: object.body };
}

/** AWS names the origin of the rule, allows credentials for it, and says by which headers it decided. */
function corsHeaders(asked: Asked): Readonly<Record<string, string>> {
  const headers = openCors(asked);
  if (headers['access-control-allow-origin'] === undefined) return headers;
  return { ...headers, 'access-control-allow-credentials': 'true', vary: VARY };
}

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

function listing(_operation: Operation, { query }: Asked, { name, region, objects }: Bucket): Answer {
  const prefix = query.get('prefix') ?? '';
  const all = objects.keys(prefix);
  const keys = all.slice(0, Number(query.get('max-keys') ?? 1000));
  const contents = keys.map(
    (key) => `<Contents><Key>${escaped(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`,
  );
  const body =
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name>` +
    `<Prefix>${escaped(prefix)}</Prefix><KeyCount>${keys.length}</KeyCount>` +
    `<IsTruncated>${String(all.length > keys.length)}</IsTruncated>${contents.join('')}</ListBucketResult>`;
  const answer = xml(200, body);
  return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': region } };
}

function refuse({ status, code, message = code, region, headers }: Refusal, { name }: Operation): Answer {
  const more = { ...headers, ...(region !== undefined && { 'x-amz-bucket-region': region }) };
  // An answer to HEAD says no more than its status and headers.
  if (['region', 'look', 'presigned HEAD'].includes(name)) return { status, headers: { ...IDS, ...more } };
  const where = region === undefined ? '' : `<Region>${region}</Region>`;
  const document = `<Error><Code>${code}</Code><Message>${escaped(message)}</Message>${where}<RequestId>${IDS['x-amz-request-id']}</RequestId></Error>`;
  const answer = xml(status, document);
  return { ...answer, headers: { ...answer.headers, ...more } };
}

export function xml(status: number, body: string): Answer {
  const headers = { ...IDS, 'content-type': 'application/xml' };
  return { status, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}
