import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact } from './redaction.ts';

describe('redact', () => {
  it.each([
    ['file-store address', 's3://AKIA:CANARY@minio:9000/b?region=x'],
    ['pre-signed S3 URL', 'https://b.s3.amazonaws.com/k?X-Amz-Signature=CANARY&X-Amz-Date=1'],
    ['Azure SAS', 'https://a.blob.core.windows.net/c/b?sv=2024&sig=CANARY'],
    ['bearer token', 'authorization: Bearer CANARYCANARY'],
    ['private key', '-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----'],
    ['cut-off private key', '-----BEGIN PRIVATE KEY-----\nCANARY'],
    ['web token', 'eyJhbGciOiJub25l.eyJDQU5BUlkiOjF9CANARY.c2ln'],
  ])('takes the secret out of a %s', (_, text) => {
    expect(redact(text)).not.toContain('CANARY');
  });

  it('leaves ordinary sentences alone', () => {
    const text = 'Bucket omega-data does not exist at https://minio.acme.example:9000: create it.';

    expect(redact(text)).toBe(text);
  });

  it('never shows the password of an address, with any characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-.0-?A-~]{6,40}$/), (password) => {
        fc.pre(!password.includes('@'));
        expect(redact(`s3://key:${password}@host/bucket`)).toBe('s3://[redacted]@host/bucket');
      }),
    );
  });
});
