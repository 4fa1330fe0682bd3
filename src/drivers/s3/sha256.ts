import { createHash, createHmac } from 'node:crypto';

/** SHA-256, and HMAC with a secret, as the signer wants it. */
export class Sha256 {
  readonly #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  /** Part of the interface; a request is hashed once. */
  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytesOf(secret: string | ArrayBuffer | ArrayBufferView): Buffer | string {
  if (typeof secret === 'string') return secret;
  return ArrayBuffer.isView(secret)
    ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
    : Buffer.from(secret);
}
