/** An object as the store behind the gate keeps it. */
export interface StoredObject {
  readonly generation: string;
  readonly etag: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** fake-gcs-server keeps the objects and judges nothing; the gate asks it only what it has allowed. */
export interface GcsStore {
  createBucket(bucket: string): Promise<void>;
  /** A page of the JSON API's listing. */
  list(bucket: string, query: URLSearchParams): Promise<Readonly<Record<string, unknown>>>;
  get(bucket: string, key: string): Promise<StoredObject | undefined>;
  /** Metadata of what was created, as the JSON API gives it. */
  put(
    bucket: string,
    key: string,
    content: { readonly body: Uint8Array; readonly contentType: string },
  ): Promise<Readonly<Record<string, unknown>>>;
  remove(bucket: string, key: string): Promise<void>;
}

export function createGcsStore(url: string): GcsStore {
  const objects = (bucket: string): string => `storage/v1/b/${encodeURIComponent(bucket)}/o`;

  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${url}/${path}`, { method, signal: AbortSignal.timeout(10_000), ...init });
    if (!response.ok && response.status !== 404)
      throw new Error(`fake-gcs-server: ${method} ${path}: ${response.status}`);
    return response;
  }

  return {
    async createBucket(bucket) {
      await ask('POST', 'storage/v1/b', { body: JSON.stringify({ name: bucket }) });
    },
    async list(bucket, query) {
      const kept = new URLSearchParams(
        [...query].filter(([name]) => ['prefix', 'delimiter', 'maxResults', 'pageToken'].includes(name)),
      );
      return (await (await ask('GET', `${objects(bucket)}?${kept.toString()}`)).json()) as Record<string, unknown>;
    },
    async get(bucket, key) {
      const response = await ask('GET', `download/${objects(bucket)}/${encodeURIComponent(key)}?alt=media`);
      const body = await response.bytes();
      if (response.status === 404) return undefined;
      const at = (name: string): string => response.headers.get(name) ?? '';
      return { generation: at('x-goog-generation'), etag: at('etag'), contentType: at('content-type'), body };
    },
    async put(bucket, key, { body, contentType }) {
      const query = `uploadType=media&name=${encodeURIComponent(key)}`;
      const init = { body: Buffer.from(body), headers: { 'content-type': contentType } };
      return (await (await ask('POST', `upload/${objects(bucket)}?${query}`, init)).json()) as Record<string, unknown>;
    },
    async remove(bucket, key) {
      await (await ask('DELETE', `${objects(bucket)}/${encodeURIComponent(key)}`)).bytes();
    },
  };
}
