import { createHash, createHmac } from 'node:crypto';
import type { Secret } from './secret.ts';

/** SHA-256 of a text, 64 hex characters. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** HMAC-SHA-256 of a text, 64 hex characters. */
export function hmacSha256(key: Secret<string>, text: string): string {
  return createHmac('sha256', key.reveal()).update(text).digest('hex');
}

/** MD5 in base64, as Content-MD5 has it: a checksum that stores ask for, and no protection. */
export function contentMd5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}
