import { createHash, createHmac } from 'node:crypto';

export interface StoreKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What AWS Signature Version 4 signs. */
export interface Unsigned {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
}

const REGION = 'us-east-1';
const ALGORITHM = 'AWS4-HMAC-SHA256';

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The headers of a request, with its signature. */
export function signHeader(unsigned: Unsigned, key: StoreKey, at: Date): Readonly<Record<string, string>> {
  const date = amzDate(at);
  const headers = { ...unsigned.headers, 'x-amz-date': date, 'x-amz-content-sha256': unsigned.payloadHash };
  const { signature, names } = signatureOf({ ...unsigned, headers }, key, date);
  const credential = `${key.accessKeyId}/${scopeOf(date)}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** The query of a request, with its signature. */
export function signQuery(unsigned: Unsigned, key: StoreKey, at: Date): Unsigned['query'] {
  const date = amzDate(at);
  const names = Object.keys(unsigned.headers).sort().join(';');
  const query = [
    ...unsigned.query,
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${key.accessKeyId}/${scopeOf(date)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', '900'],
    ['X-Amz-SignedHeaders', names],
  ] as const;
  const { signature } = signatureOf({ ...unsigned, query }, key, date);
  return [...query, ['X-Amz-Signature', signature]];
}

/** As RFC 3986 has it, and AWS: all but letters, digits and `-_.~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function queryText(query: Unsigned['query']): string {
  return query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function signatureOf(
  { method, path, query, headers, payloadHash }: Unsigned,
  { secretAccessKey }: StoreKey,
  date: string,
): { readonly signature: string; readonly names: string } {
  const sorted = Object.entries(headers).sort(([left], [right]) => (left < right ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const lines = sorted.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonical = [method, path, queryText(query), lines, names, payloadHash].join('\n');
  const signed = [ALGORITHM, date, scopeOf(date), sha256(canonical)].join('\n');
  const hmac = (with_: string | Buffer, text: string): Buffer => createHmac('sha256', with_).update(text).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date.slice(0, 8)), REGION), 's3'), 'aws4_request');
  return { signature: hmac(key, signed).toString('hex'), names };
}

function scopeOf(date: string): string {
  return `${date.slice(0, 8)}/${REGION}/s3/aws4_request`;
}

function amzDate(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+/g, '');
}
