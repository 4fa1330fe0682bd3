import { SignatureV4 } from '@smithy/signature-v4';
import { without } from '../../base/defined.ts';
import type { AwsKeys } from './sts.ts';
import { Sha256 } from './sha256.ts';

/** A request before it is signed. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** Decoded; a name without a value has an empty one. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Signs requests of S3 with Signature Version 4: by our own clock, never by that of the store, which would hide skew. */
export interface Signer {
  /** The headers of the request, with its signature. */
  sign(request: Unsigned): Promise<Readonly<Record<string, string>>>;
  /** The query of the request, with a signature that covers all of its headers and no body. */
  presign(request: Unsigned, expiresInSeconds: number): Promise<Readonly<Record<string, string>>>;
}

const BODY_HASH = 'X-Amz-Content-Sha256';

export function createSigner(keys: AwsKeys, region: string): Signer {
  const signer = new SignatureV4({
    credentials: { ...keys },
    region,
    service: 's3',
    sha256: Sha256,
    // S3 encodes a path once, other services twice.
    uriEscapePath: false,
    applyChecksum: true,
  });
  return {
    async sign(request) {
      const { headers } = await signer.sign(asHttpRequest(request));
      // undici sets it, and refuses a second value.
      return without(headers, 'host');
    },
    async presign(request, expiresInSeconds) {
      const names = new Set(Object.keys(request.headers));
      const signed = await signer.presign(
        asHttpRequest({ ...request, headers: { ...request.headers, [BODY_HASH]: 'UNSIGNED-PAYLOAD' } }),
        { expiresIn: expiresInSeconds, signableHeaders: names, unhoistableHeaders: names },
      );
      return signed.query as Readonly<Record<string, string>>;
    },
  };
}

function asHttpRequest({ method, url, query, headers, body }: Unsigned) {
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: { ...query },
    headers: { ...headers, host: url.host },
    ...(body !== undefined && { body }),
  };
}
