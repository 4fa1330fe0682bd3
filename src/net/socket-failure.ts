import type { BucketFailure, BucketFailureKind } from '../domain/bucket-failure.ts';

/** What our own connector throws when the policy refuses: it looks the same for every reason. */
export const FORBIDDEN = 'ENDPOINT_FORBIDDEN';
export const PROXY_REFUSED = 'PROXY_REFUSED';
export const TOO_LARGE = 'RESPONSE_TOO_LARGE';

const KINDS: Readonly<Record<string, BucketFailureKind>> = {
  [FORBIDDEN]: 'EndpointForbidden',
  [PROXY_REFUSED]: 'ProxyRefused',
  [TOO_LARGE]: 'ResponseTooLarge',
  UND_ERR_HEADERS_OVERFLOW: 'ResponseTooLarge',
  HPE_HEADER_OVERFLOW: 'ResponseTooLarge',
  ENOTFOUND: 'NameNotResolved',
  ENODATA: 'NameNotResolved',
  EAI_AGAIN: 'ResolverUnavailable',
  ECONNREFUSED: 'ConnectionRefused',
  ETIMEDOUT: 'ConnectionTimedOut',
  UND_ERR_CONNECT_TIMEOUT: 'ConnectionTimedOut',
  ECONNRESET: 'ConnectionReset',
  EPIPE: 'ConnectionReset',
  UND_ERR_SOCKET: 'ConnectionReset',
  EHOSTUNREACH: 'NetworkUnreachable',
  ENETUNREACH: 'NetworkUnreachable',
  EADDRNOTAVAIL: 'NetworkUnreachable',
  EHOSTDOWN: 'NetworkUnreachable',
  UND_ERR_HEADERS_TIMEOUT: 'DeadlineExceeded',
  UND_ERR_BODY_TIMEOUT: 'DeadlineExceeded',
  UND_ERR_ABORTED: 'DeadlineExceeded',
  ABORT_ERR: 'DeadlineExceeded',
  AbortError: 'DeadlineExceeded',
  TimeoutError: 'DeadlineExceeded',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TlsUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'TlsUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TlsUntrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'TlsUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TlsUntrusted',
  CERT_UNTRUSTED: 'TlsUntrusted',
  CERT_SIGNATURE_FAILURE: 'TlsUntrusted',
  CERT_HAS_EXPIRED: 'TlsExpired',
  CERT_NOT_YET_VALID: 'TlsExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TlsNameMismatch',
  EPROTO: 'TlsHandshakeFailed',
};

/**
 * Reads a socket's, TLS's or undici's error. Looks through `cause` and through
 * the several errors of a connection that was tried at several addresses.
 */
export function socketFailure(error: unknown): BucketFailure {
  const codes = codesOf(error, 0);
  for (const code of codes) {
    const kind = KINDS[code] ?? tlsKind(code);
    if (kind !== undefined) return { kind, providerCode: code };
  }
  return { kind: 'ConnectionReset', ...(codes[0] !== undefined && { providerCode: codes[0] }) };
}

function tlsKind(code: string): BucketFailureKind | undefined {
  // An endpoint that speaks plain HTTP on an https URL ends as WRONG_VERSION_NUMBER.
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'TlsHandshakeFailed';
  return code.startsWith('HPE_') ? 'NotAnObjectStore' : undefined;
}

/** Codes and names from the inside out: the innermost cause says most. */
function codesOf(error: unknown, depth: number): readonly string[] {
  if (depth > 5 || typeof error !== 'object' || error === null) return [];
  const { code, name, cause, errors } = error as Record<string, unknown>;
  const several: readonly unknown[] = Array.isArray(errors) ? errors.slice(0, 8) : [];
  const inner = [...several, cause].flatMap((one) => codesOf(one, depth + 1));
  return [...inner, ...[code, name].filter((one): one is string => typeof one === 'string' && one !== '')];
}
