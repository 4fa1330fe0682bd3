import { request as announce } from 'node:http';
import { Pool } from 'undici';
import type { RecordedRequest } from '../recorded-request.ts';
import { encode, queryText, sha256, signHeader, signQuery, type StoreKey, type Unsigned } from './signature.ts';

/** Sends recorded requests again, for other teams. */
export interface Replay {
  /** Sends them one after the other; rejects where the store answers by a server error or by 403 to a signed one. */
  send(requests: readonly RecordedRequest[], names: Names): Promise<void>;
  close(): Promise<void>;
}

export interface Names {
  readonly bucket: string;
  readonly path: string;
  readonly key: StoreKey;
}

/** A bare client of the store at `endpoint` (http): nothing of the operator is in it. */
export function createReplay(endpoint: string): Replay {
  const { host, hostname, port } = new URL(endpoint);
  const pool = new Pool(endpoint, { connections: 64, pipelining: 1 });
  const keyHashes = new Map<string, string>();

  async function send(requests: readonly RecordedRequest[], names: Names): Promise<void> {
    let upload = '';
    for (const recorded of requests) {
      const answer = await once(recorded, names, upload);
      const [, id] = /<UploadId>([^<]+)<\/UploadId>/.exec(answer) ?? [];
      upload = id ?? upload;
    }
  }

  async function once(recorded: RecordedRequest, names: Names, upload: string): Promise<string> {
    const { method, body, signedBy, announcedBytes } = recorded;
    const bytes = Buffer.from(body, 'base64');
    const unsigned = unsignedOf(
      recorded,
      names,
      upload,
      signedBy === 'query' ? 'UNSIGNED-PAYLOAD' : hashOf(body, bytes),
    );
    const { path, headers } = signed(unsigned, signedBy, names.key);
    if (announcedBytes !== undefined) return announced({ hostname, port, method, path, headers }, announcedBytes);
    const answer = await pool.request({
      method,
      path,
      headers: { ...headers, host },
      ...(bytes.length > 0 && { body: bytes }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 500 || (answer.statusCode === 403 && signedBy !== 'nothing')) {
      throw new Error(`${method} ${path.split('?')[0] ?? ''}: ${answer.statusCode} ${text.slice(0, 200)}`);
    }
    return text;
  }

  function hashOf(text: string, bytes: Buffer): string {
    const known = keyHashes.get(text) ?? sha256(bytes);
    keyHashes.set(text, known);
    return known;
  }

  function unsignedOf(recorded: RecordedRequest, names: Names, upload: string, payloadHash: string): Unsigned {
    const named = (text: string): string => text.replaceAll('{bucket}', names.bucket).replaceAll('{path}', names.path);
    return {
      method: recorded.method,
      path: named(recorded.path).split('/').map(encode).join('/'),
      query: recorded.query.map(([name, value]) => [name, value === '{upload}' ? upload : named(value)]),
      headers: { ...recorded.headers, host },
      payloadHash,
    };
  }

  return { send, close: () => pool.close() };
}

function signed(
  unsigned: Unsigned,
  by: RecordedRequest['signedBy'],
  key: StoreKey,
): { readonly path: string; readonly headers: Readonly<Record<string, string>> } {
  const query = by === 'query' ? signQuery(unsigned, key, new Date()) : unsigned.query;
  const headers = by === 'header' ? signHeader(unsigned, key, new Date()) : unsigned.headers;
  return { path: query.length === 0 ? unsigned.path : `${unsigned.path}?${queryText(query)}`, headers };
}

/** Announces a body and sends none of it. */
function announced(
  target: {
    readonly hostname: string;
    readonly port: string;
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  bytes: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...target.headers, 'content-length': String(bytes), expect: '100-continue' };
    const sent = announce({ ...target, headers });
    const end = (): void => {
      sent.destroy();
      resolve('');
    };
    sent.once('continue', end);
    sent.once('response', end);
    sent.once('error', reject);
    sent.flushHeaders();
  });
}
