const REDACTED = '[redacted]';

/**
 * Patterns of texts that carry a secret: the second defence beside `Secret<T>`, for texts from outside, above all error
 * messages of libraries.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host, as in file-store addresses and proxies
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]{1,2048}@/gi, `$1${REDACTED}@`],
  // Signatures and tokens in the query of pre-signed URLs: S3, GCS, Azure SAS
  [
    /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|AWSAccessKeyId|Signature|sig|se|sp|sv|sr|skoid|sktid)=)[^&\s"'<>]{0,4096}/gi,
    `$1${REDACTED}`,
  ],
  [/\b(Bearer|Basic|AWS4-HMAC-SHA256)\s+[^\s"']{8,8192}/g, `$1 ${REDACTED}`],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,16384}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, REDACTED],
  // JSON web tokens
  [/\beyJ[\w-]{8,8192}\.[\w-]{8,8192}\.[\w-]{0,8192}/g, REDACTED],
];

/** Short texts in which nothing was found: the same sentences are written into the statuses of thousands of objects. */
const clean = new Set<string>();
const MOST_CLEAN = 2_000;
const LONGEST_CLEAN = 1_000;

/** Replaces everything in a text that looks like a secret. */
export function redact(text: string): string {
  if (clean.has(text)) return text;
  const redacted = PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
  if (redacted === text && text.length <= LONGEST_CLEAN) {
    if (clean.size >= MOST_CLEAN) clean.clear();
    clean.add(text);
  }
  return redacted;
}
