import { err, ok } from '../../base/result.ts';
import { asJsonObject, own, text, type JsonObject } from '../../domain/spec/json.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { BucketClient, ListedObject, Listing } from '../../ports/bucket.ts';
import type { PlainHttp, PlainRequest, PlainResponse } from '../../ports/http.ts';
import { answerOf, explainAnswer, textOf } from './answers.ts';
import type { GetDocument } from './settings.ts';
import { meansTaken, parsed, type Absent } from './error-mapping.ts';
import { resumableUploads } from './resumable-upload.ts';

export type JsonApi = Pick<
  BucketClient,
  'list' | 'listFrom' | 'create' | 'read' | 'remove' | 'removeFolders' | 'multipart'
> & {
  /** A document about the bucket itself. */
  readonly getDocument: GetDocument;
};

interface Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly http: PlainHttp;
  /** Returns the value of the Authorization header. */
  readonly sign: () => BucketCall<string>;
}

const NOT_GCS = err({ kind: 'NotAnObjectStore', httpStatus: 200 } as const);

/** The methods of GCS's JSON API that a probe needs; each asserts the shape of the answer, not only its status. */
export function createJsonApi({ endpoint, bucket, http, sign }: Place): JsonApi {
  const place = `storage/v1/b/${encodeURIComponent(bucket)}`;
  const objects = `${place}/o`;

  async function send(request: Omit<PlainRequest, 'url'>, path: string, signal: AbortSignal) {
    const authorization = await sign();
    if (!authorization.ok) return authorization;
    const headers = { ...request.headers, authorization: authorization.value };
    return http.send({ ...request, url: `${endpoint}/${path}`, headers }, signal);
  }

  async function page(parameters: Readonly<Record<string, string>>, signal: AbortSignal): BucketCall<Listing> {
    const query = queryOf({ ...parameters, fields: 'kind,nextPageToken,items(kind,bucket,name,updated)' });
    const answer = await send({ method: 'GET' }, `${objects}?${query}`, signal);
    const got = documentOf(answer, 'storage#objects', 'BucketNotFound');
    if (!got.ok) return got;
    const items = own(got.value, 'items') ?? [];
    const keys = Array.isArray(items) ? items.map((item) => listed(item, bucket)) : [undefined];
    if (!keys.every((key) => key !== undefined)) return NOT_GCS;
    return ok({ keys, truncated: own(got.value, 'nextPageToken') !== undefined });
  }

  return {
    list: (prefix, maxKeys, signal) => page({ prefix, maxResults: String(maxKeys) }, signal),
    listFrom: (prefix, startOffset, maxKeys, signal) =>
      page({ prefix, startOffset, maxResults: String(maxKeys) }, signal),

    async create(key, body, signal) {
      const query = queryOf({
        uploadType: 'media',
        name: key,
        ifGenerationMatch: '0',
        fields: 'kind,bucket,name,generation',
      });
      const request = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      const answer = await send(request, `upload/${objects}?${query}`, signal);
      const created = documentOf(answer, 'storage#object', 'BucketNotFound');
      if (!created.ok)
        return answer.ok && isTaken(answer.value) ? err({ ...created.error, kind: 'PreconditionFailed' }) : created;
      const revision = generationIn(text(created.value, 'generation'));
      const isOurs = text(created.value, 'bucket') === bucket && text(created.value, 'name') === key;
      return isOurs && revision !== undefined ? ok({ revision, conditional: true }) : NOT_GCS;
    },

    async read(key, signal) {
      // Without the prefix the store would redirect, and redirects are not followed.
      const answer = await send({ method: 'GET' }, `download/${objects}/${encodeURIComponent(key)}?alt=media`, signal);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return err(explainAnswer(answer.value, 'ObjectNotFound'));
      const revision = generationOf(answer.value);
      return revision === undefined ? NOT_GCS : ok({ body: answer.value.body, revision });
    },

    async remove(key, revision, signal) {
      const query = queryOf({ ifGenerationMatch: revision });
      const answer = await send({ method: 'DELETE' }, `${objects}/${encodeURIComponent(key)}?${query}`, signal);
      if (!answer.ok) return answer;
      return answer.value.status === 204 ? ok(undefined) : err(explainAnswer(answer.value, 'ObjectNotFound'));
    },

    // Buckets with a hierarchical namespace keep them; Cloud Storage deletes none that is not empty.
    async removeFolders(folders, signal) {
      for (const folder of folders) {
        const path = `${place}/folders/${encodeURIComponent(`${folder}/`)}`;
        const answer = await send({ method: 'DELETE' }, path, signal);
        if (!answer.ok) return answer;
        if (answer.value.status !== 204) return err(explainAnswer(answer.value, 'ObjectNotFound'));
      }
      return ok(undefined);
    },

    multipart: resumableUploads({ endpoint, bucket, send }),
    async getDocument(path, kind, signal) {
      return documentOf(await send({ method: 'GET' }, `${place}${path}`, signal), kind, 'BucketNotFound');
    },
  };
}

/** The JSON document of an answer, if it is of the kind that was asked for. */
function documentOf(
  answer: Awaited<BucketCall<PlainResponse>>,
  kind: string,
  absent: Absent,
): Awaited<BucketCall<JsonObject>> {
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return err(explainAnswer(answer.value, absent));
  const document = asJsonObject(parsed(textOf(answer.value)));
  return document !== undefined && text(document, 'kind') === kind ? ok(document) : NOT_GCS;
}

function listed(item: unknown, bucket: string): ListedObject | undefined {
  const object = asJsonObject(item);
  const key = text(object, 'name');
  if (key === undefined || text(object, 'bucket') !== bucket) return undefined;
  const updated = text(object, 'updated');
  return { key, ...(updated !== undefined && { lastModified: updated }) };
}

function isTaken(response: PlainResponse): boolean {
  const answer = answerOf(response);
  return answer !== undefined && meansTaken(answer);
}

/** A generation is a number; the conditional delete would ignore anything else. */
function generationIn(value: string | undefined): string | undefined {
  return value !== undefined && /^[0-9]{1,20}$/.test(value) ? value : undefined;
}

/** The generation of the object that an answer holds. */
export function generationOf({ headers }: PlainResponse): string | undefined {
  return generationIn(headers['x-goog-generation']);
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
