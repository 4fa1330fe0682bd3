import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { Secret } from '../../src/base/secret.ts';
import { createKeyIdentity } from '../../src/drivers/gcs/identity.ts';
import { Sha256 } from '../../src/drivers/s3/sha256.ts';
import { signedUrlAccount } from '../servers/gcs-auth.ts';

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`signature-vectors/${file}`, import.meta.url), 'utf8'));
}

interface GcsVector {
  readonly description: string;
  readonly bucket?: string;
  readonly object?: string;
  readonly method: string;
  readonly expiration: number;
  readonly timestamp: string;
  readonly expectedUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const account = vectors('gcs-account.json') as { readonly client_email: string; readonly private_key: string };
const { signingV4Tests: GCS } = vectors('gcs-v4.json') as { readonly signingV4Tests: readonly GcsVector[] };

/** What the driver has no word for: headers and parameters of the caller, other hosts, a bucket without an object. */
const OTHERS: ReadonlySet<string> = new Set([
  'POST for resumable uploads',
  'Slashes in object name should not be URL encoded',
  'Simple headers',
  'Headers with colons',
  'Headers should be trimmed',
  'Header value with multiple inline values',
  'Customer-supplied encryption key',
  'List Objects',
  'Query Parameter Encoding',
  'Query Parameter Ordering',
  'Header Ordering',
  'Signed Payload Instead of UNSIGNED-PAYLOAD',
  'Virtual Hosted Style',
  'HTTP Bucket Bound Hostname Support',
  'HTTPS Bucket Bound Hostname Support',
  // The SDK leaves out the port that its scheme has anyway.
  'Simple GET with endpoint on client',
  'Universe domain',
  'Universe domain with virtual hosted style',
]);

afterEach(() => {
  jest.useRealTimers();
});

describe('V4 signatures of Google Cloud Storage', () => {
  it.each(GCS.filter(({ description }) => !OTHERS.has(description)).map((one) => [one.description, one] as const))(
    'the driver signs: %s',
    async (_, { bucket = '', object = '', method, expiration, timestamp, expectedUrl }) => {
      jest.useFakeTimers({ now: Date.parse(timestamp), doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      const identity = createKeyIdentity(
        { kind: 'ServiceAccountKey', clientEmail: account.client_email, privateKey: new Secret(account.private_key) },
        { bucket, endpoint: expectedUrl.split('/', 3).join('/') },
      );
      const signed = await identity.signUrl(method as 'GET', object, expiration, new AbortController().signal);

      expect(signed).toEqual({ ok: true, value: expectedUrl });
    },
  );

  it.each(GCS.map((one) => [one.description, one] as const))('the gate accepts: %s', (_, vector) => {
    const { pathname, search, hostname } = new URL(vector.expectedUrl);
    const named = Object.entries(vector.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    const request = {
      method: vector.method,
      path: pathname,
      query: search.slice(1),
      headers: { host: hostname, ...Object.fromEntries(named) },
    };
    const keys = new Map([[account.client_email, createPublicKey(account.private_key)]]);

    expect(signedUrlAccount(keys, request, Date.parse(vector.timestamp))).toEqual({
      ok: true,
      value: account.client_email,
    });
  });
});

interface SigV4Vector {
  readonly name: string;
  readonly context: {
    readonly credentials: {
      readonly access_key_id: string;
      readonly secret_access_key: string;
      readonly token?: string;
    };
    readonly expiration_in_seconds: number;
    readonly normalize: boolean;
    readonly region: string;
    readonly service: string;
    readonly sign_body: boolean;
    readonly timestamp: string;
    readonly omit_session_token?: boolean;
  };
  readonly request: string;
  readonly headerSignature: string;
  readonly querySignature: string;
}

/** A request has each header once, and its values in one line; no driver adds a token after it has signed. */
const INEXPRESSIBLE: ReadonlySet<string> = new Set([
  'get-header-key-duplicate',
  'get-header-value-multiline',
  'get-header-value-order',
  'post-sts-header-after',
]);

const SIGV4 = (vectors('sigv4.json') as readonly SigV4Vector[]).filter(({ name }) => !INEXPRESSIBLE.has(name));

function requestOf({ request, context }: SigV4Vector) {
  const [head = '', body = ''] = request.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first) ?? [];
  const [path = '', query = ''] = target.split('?', 2);
  const headers = lines
    .filter((line) => line !== '')
    .map((line) => [line.split(':')[0] ?? '', line.replace(/^[^:]*:/, '')]);
  return {
    method,
    protocol: 'https:',
    hostname: 'example.amazonaws.com',
    path: context.normalize ? path : encodeURI(path),
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

describe('Signature Version 4 of AWS, with the hash of the driver', () => {
  const signerOf = ({ context: { credentials, region, service, normalize, sign_body: signsBody } }: SigV4Vector) =>
    new SignatureV4({
      credentials: {
        accessKeyId: credentials.access_key_id,
        secretAccessKey: credentials.secret_access_key,
        ...(credentials.token !== undefined && { sessionToken: credentials.token }),
      },
      region,
      service,
      sha256: Sha256,
      uriEscapePath: normalize,
      applyChecksum: signsBody,
    });

  it.each(SIGV4.map((one) => [one.name, one] as const))('%s', async (_, vector) => {
    const signingDate = new Date(vector.context.timestamp);
    const signer = signerOf(vector);
    const signed = await signer.sign(requestOf(vector), { signingDate });
    const presigned = await signer.presign(requestOf(vector), {
      signingDate,
      expiresIn: vector.context.expiration_in_seconds,
    });

    expect({
      header: /Signature=([0-9a-f]+)/.exec(signed.headers['authorization'] ?? '')?.[1],
      query: presigned.query?.['X-Amz-Signature'],
    }).toEqual({ header: vector.headerSignature, query: vector.querySignature });
  });
});
