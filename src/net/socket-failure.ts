import type { BucketFailure, BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import { CERTIFICATE_INVALID } from './verification-error.ts';

/** The code that our own connector throws when the policy refuses, the same for every reason. */
export const FORBIDDEN = 'ENDPOINT_FORBIDDEN';
/** Prefix of the code when the proxy did not open the tunnel: `CONNECT 407`, `CONNECT ECONNREFUSED`. */
export const CONNECT = 'CONNECT ';
/** Prefix of the code when the proxy did not forward a request: `PROXY 407`, `PROXY ECONNREFUSED`. */
export const PROXY = 'PROXY ';
export const TOO_LARGE = 'RESPONSE_TOO_LARGE';

const KINDS: Readonly<Record<string, BucketFailureKind>> = {
  [FORBIDDEN]: 'EndpointForbidden',
  [TOO_LARGE]: 'ResponseTooLarge',
  UND_ERR_HEADERS_OVERFLOW: 'ResponseTooLarge',
  HPE_HEADER_OVERFLOW: 'ResponseTooLarge',
  ENOTFOUND: 'NameNotResolved',
  ENODATA: 'NameNotResolved',
  EAI_AGAIN: 'ResolverUnavailable',
  EAI_FAIL: 'ResolverUnavailable',
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
  ENETDOWN: 'NetworkUnreachable',
  EMFILE: 'OutOfSockets',
  ENFILE: 'OutOfSockets',
  ENOBUFS: 'OutOfSockets',
  UND_ERR_HEADERS_TIMEOUT: 'DeadlineExceeded',
  UND_ERR_BODY_TIMEOUT: 'DeadlineExceeded',
  UND_ERR_ABORTED: 'DeadlineExceeded',
  ABORT_ERR: 'DeadlineExceeded',
  AbortError: 'DeadlineExceeded',
  TimeoutError: 'DeadlineExceeded',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TlsUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'TlsUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TlsIssuerUnknown',
  UNABLE_TO_GET_ISSUER_CERT: 'TlsIssuerUnknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TlsIssuerUnknown',
  CERT_UNTRUSTED: 'TlsUntrusted',
  CERT_REJECTED: 'TlsUntrusted',
  INVALID_CA: 'TlsUntrusted',
  CERT_REVOKED: 'TlsCertificateInvalid',
  CERT_SIGNATURE_FAILURE: 'TlsCertificateInvalid',
  CERT_CHAIN_TOO_LONG: 'TlsCertificateInvalid',
  PATH_LENGTH_EXCEEDED: 'TlsCertificateInvalid',
  INVALID_PURPOSE: 'TlsCertificateInvalid',
  EE_KEY_TOO_SMALL: 'TlsCertificateInvalid',
  CA_KEY_TOO_SMALL: 'TlsCertificateInvalid',
  CA_MD_TOO_WEAK: 'TlsCertificateInvalid',
  PERMITTED_VIOLATION: 'TlsCertificateInvalid',
  EXCLUDED_VIOLATION: 'TlsCertificateInvalid',
  UNHANDLED_CRITICAL_EXTENSION: 'TlsCertificateInvalid',
  [CERTIFICATE_INVALID]: 'TlsCertificateInvalid',
  CERT_HAS_EXPIRED: 'TlsExpired',
  CERT_NOT_YET_VALID: 'TlsExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TlsNameMismatch',
  HOSTNAME_MISMATCH: 'TlsNameMismatch',
  EPROTO: 'TlsHandshakeFailed',
  // The name, since undici sets no code.
  HTTPParserError: 'NotAnObjectStore',
};

/**
 * Classifies an error of a socket, of TLS or of undici. Follows `cause` and the
 * errors of a connection that was tried at several addresses.
 */
export function socketFailure(error: unknown): BucketFailure {
  const codes = codesOf(error, 0);
  for (const code of codes) {
    const kind = Object.hasOwn(KINDS, code) ? KINDS[code] : kindByPrefix(code);
    if (kind !== undefined) return { kind, providerCode: code };
  }
  // `Error`, `TypeError` and other class names are not specific.
  const unknown = codes.find((code) => !/^[A-Za-z]*Error$/.test(code));
  return { kind: 'ConnectionReset', ...(unknown !== undefined && { providerCode: unknown }) };
}

function kindByPrefix(code: string): BucketFailureKind | undefined {
  if (code.startsWith(CONNECT) || code.startsWith(PROXY)) return 'ProxyRefused';
  // Plain HTTP at an https URL ends as WRONG_VERSION_NUMBER.
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'TlsHandshakeFailed';
  return code.startsWith('HPE_') ? 'NotAnObjectStore' : undefined;
}

/** Codes and names from the inside out: the innermost cause is the most specific. */
function codesOf(error: unknown, depth: number): readonly string[] {
  if (depth > 5 || typeof error !== 'object' || error === null) return [];
  const { code, name, cause, errors } = error as Record<string, unknown>;
  const several: readonly unknown[] = Array.isArray(errors) ? errors.slice(0, 8) : [];
  const inner = [...several, cause].flatMap((one) => codesOf(one, depth + 1));
  return [...inner, ...[code, name].filter(isCode)];
}

/** Codes are identifiers (`ERR_SSL_SSL/TLS_ALERT_…`); anything else may be text of the store, and is dropped. */
function isCode(text: unknown): text is string {
  return typeof text === 'string' && /^(CONNECT |PROXY )?[\w/]{1,80}$/.test(text);
}
