import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { conditionNotMet, json, noSuchObject, refusal, type GcsAnswer } from './gcs-answers.ts';
import type { GcsOperation } from './gcs-operation.ts';
import type { GcsState } from './gcs-state.ts';
import type { GcsStore } from './gcs-store.ts';

/** Begins a resumable upload for an account that may create objects; its URL is all that is needed from then on. */
export function beginUpload(
  request: IncomingMessage,
  { bucket, key = '', condition }: GcsOperation,
  state: GcsState,
): GcsAnswer {
  const id = randomUUID();
  const contentType = String(request.headers['x-upload-content-type'] ?? 'application/octet-stream');
  state.uploads.set(id, { bucket, key, contentType, ...(condition !== undefined && { condition }) });
  const path = `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  const location = `http://${request.headers.host ?? ''}${path}?uploadType=resumable&upload_id=${id}`;
  return { status: 200, headers: { location, 'content-length': '0' } };
}

/** Takes the bytes of an upload that was begun; `undefined` for any other request. */
export async function resumeUpload(
  { request, query, body }: { readonly request: IncomingMessage; readonly query: string; readonly body: Uint8Array },
  state: GcsState,
  store: GcsStore,
): Promise<GcsAnswer | undefined> {
  const id = new URLSearchParams(query).get('upload_id');
  if (request.method !== 'PUT' || id === null) return undefined;
  const upload = state.uploads.get(id);
  if (upload === undefined) return refusal('json', noSuchObject('json', 'upload', id));
  const { bucket, key, contentType, condition } = upload;
  const existing = await store.get(bucket, key);
  if (![undefined, existing?.generation ?? '0'].includes(condition)) return refusal('json', conditionNotMet());
  state.uploads.delete(id);
  return json(200, await store.put(bucket, key, { body, contentType }));
}
