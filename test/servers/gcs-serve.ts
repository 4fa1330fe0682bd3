import type { IncomingMessage } from 'node:http';
import { bytesInRange } from './byte-range.ts';
import { escaped, json, xml, type GcsAnswer } from './gcs-answers.ts';
import type { GcsOperation } from './gcs-operation.ts';
import { beginUpload } from './gcs-resumable.ts';
import type { GcsBucketSettings, GcsState } from './gcs-state.ts';
import type { GcsStore, StoredObject } from './gcs-store.ts';

interface Content {
  readonly request: IncomingMessage;
  readonly query: string;
  readonly body: Uint8Array;
}

interface Gate {
  readonly state: GcsState;
  readonly store: GcsStore;
  /** Who asks, if anybody in particular. */
  readonly account: string | undefined;
}

/** Does what the gate has let through, and answers in the shape of the API that was asked. */
export async function serve(operation: GcsOperation, content: Content, gate: Gate): Promise<GcsAnswer> {
  const { action, bucket } = operation;
  const known = gate.state.buckets.get(bucket);
  if (action === 'describe') return json(200, metadata(bucket, known?.settings ?? {}));
  if (action === 'testPermissions') {
    return json(200, permissionsOf(content.query, known?.grants.get(gate.account ?? '') ?? new Set()));
  }
  return serveObjects({ ...operation, action }, content, gate);
}

async function serveObjects(
  operation: GcsOperation & { readonly action: Exclude<GcsOperation['action'], 'describe' | 'testPermissions'> },
  { request, query, body }: Content,
  { state, store }: Gate,
): Promise<GcsAnswer> {
  const { api, action, bucket, key = '' } = operation;
  switch (action) {
    case 'list':
      return api === 'xml' ? xmlListing(bucket, query, store) : json(200, await jsonListing(bucket, query, store));
    case 'create': {
      const contentType = request.headers['content-type'] ?? 'application/octet-stream';
      const created = await store.put(bucket, key, { body, contentType });
      if (api === 'json') return json(200, created);
      const [generation, etag] = [String(created['generation']), String(created['etag'])];
      return { status: 200, headers: { 'x-goog-generation': generation, etag: `"${etag}"` } };
    }
    case 'begin':
      return beginUpload(request, operation, state);
    case 'read': {
      const object = await store.get(bucket, key);
      return object === undefined ? { status: 500 } : contentOf(object, request.headers.range);
    }
    case 'remove':
      await store.remove(bucket, key);
      return { status: 204 };
    case 'preflight':
      return { status: 200 };
  }
}

function metadata(bucket: string, settings: GcsBucketSettings) {
  return { kind: 'storage#bucket', name: bucket, location: 'EU', ...settings };
}

/** GCS leaves the list out where it is empty. */
function permissionsOf(query: string, granted: ReadonlySet<string>) {
  const permissions = new URLSearchParams(query).getAll('permissions').filter((one) => granted.has(one));
  return { kind: 'storage#testIamPermissionsResponse', ...(permissions.length > 0 && { permissions }) };
}

function contentOf({ body, contentType, etag, generation }: StoredObject, range: string | undefined): GcsAnswer {
  const part = bytesInRange(range, body);
  const sent = part ?? body;
  const headers = { 'content-type': contentType, 'content-length': String(sent.length), etag };
  const status = part === undefined ? 200 : 206;
  return { status, headers: { ...headers, 'x-goog-generation': generation }, body: sent };
}

/** GCS leaves `items` out where there are none. */
async function jsonListing(bucket: string, query: string, store: GcsStore): Promise<unknown> {
  const { items, ...page } = await store.list(bucket, new URLSearchParams(query));
  return Array.isArray(items) && items.length > 0 ? { ...page, items } : page;
}

async function xmlListing(bucket: string, query: string, store: GcsStore): Promise<GcsAnswer> {
  const asked = new URLSearchParams(query);
  const prefix = asked.get('prefix') ?? '';
  const { items = [] } = await store.list(
    bucket,
    new URLSearchParams({ prefix, maxResults: asked.get('max-keys') ?? '1000' }),
  );
  const contents = (items as readonly { readonly name: string; readonly generation: string }[])
    .map(
      ({ name, generation }) =>
        `<Contents><Key>${escaped(name)}</Key><Generation>${generation}</Generation></Contents>`,
    )
    .join('');
  return xml(
    200,
    `<ListBucketResult xmlns='http://doc.s3.amazonaws.com/2006-03-01'><Name>${bucket}</Name><Prefix>${escaped(prefix)}</Prefix><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
  );
}
