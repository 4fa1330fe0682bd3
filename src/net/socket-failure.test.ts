import { describe, expect, it } from '@jest/globals';
import type { BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import { FORBIDDEN, socketFailure, TOO_LARGE } from './socket-failure.ts';

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error('SECRET text of the library'), { code }, more);
}

describe('the failure of a socket', () => {
  it.each<[string, BucketFailureKind]>([
    [FORBIDDEN, 'EndpointForbidden'],
    [TOO_LARGE, 'ResponseTooLarge'],
    ['UND_ERR_HEADERS_OVERFLOW', 'ResponseTooLarge'],
    ['HPE_HEADER_OVERFLOW', 'ResponseTooLarge'],
    ['CONNECT 407', 'ProxyRefused'],
    ['CONNECT ECONNREFUSED', 'ProxyRefused'],
    ['PROXY 407', 'ProxyRefused'],
    ['ENOTFOUND', 'NameNotResolved'],
    ['ENODATA', 'NameNotResolved'],
    ['EAI_AGAIN', 'ResolverUnavailable'],
    ['EAI_FAIL', 'ResolverUnavailable'],
    ['ECONNREFUSED', 'ConnectionRefused'],
    ['ETIMEDOUT', 'ConnectionTimedOut'],
    ['UND_ERR_CONNECT_TIMEOUT', 'ConnectionTimedOut'],
    ['ECONNRESET', 'ConnectionReset'],
    ['EPIPE', 'ConnectionReset'],
    ['UND_ERR_SOCKET', 'ConnectionReset'],
    ['EHOSTUNREACH', 'NetworkUnreachable'],
    ['ENETUNREACH', 'NetworkUnreachable'],
    ['EADDRNOTAVAIL', 'NetworkUnreachable'],
    ['EHOSTDOWN', 'NetworkUnreachable'],
    ['ENETDOWN', 'NetworkUnreachable'],
    ['EMFILE', 'OutOfSockets'],
    ['ENFILE', 'OutOfSockets'],
    ['ENOBUFS', 'OutOfSockets'],
    ['UND_ERR_HEADERS_TIMEOUT', 'DeadlineExceeded'],
    ['UND_ERR_BODY_TIMEOUT', 'DeadlineExceeded'],
    ['UND_ERR_ABORTED', 'DeadlineExceeded'],
    ['ABORT_ERR', 'DeadlineExceeded'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TlsUntrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TlsUntrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TlsIssuerUnknown'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TlsIssuerUnknown'],
    ['INVALID_CA', 'TlsUntrusted'],
    ['INVALID_PURPOSE', 'TlsCertificateInvalid'],
    ['CERT_REVOKED', 'TlsCertificateInvalid'],
    ['EE_KEY_TOO_SMALL', 'TlsCertificateInvalid'],
    ['CA_MD_TOO_WEAK', 'TlsCertificateInvalid'],
    ['CERT_INVALID', 'TlsCertificateInvalid'],
    ['CERT_HAS_EXPIRED', 'TlsExpired'],
    ['CERT_NOT_YET_VALID', 'TlsExpired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TlsNameMismatch'],
    ['HOSTNAME_MISMATCH', 'TlsNameMismatch'],
    ['EPROTO', 'TlsHandshakeFailed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TlsHandshakeFailed'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'TlsHandshakeFailed'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TlsHandshakeFailed'],
    ['HPE_INVALID_CONSTANT', 'NotAnObjectStore'],
  ])('reads %s as %s', (code, kind) => {
    expect(socketFailure(coded(code))).toEqual({ kind, providerCode: code });
  });

  it.each([
    ['AbortError', new DOMException('SECRET', 'AbortError')],
    ['TimeoutError', AbortSignal.abort(new DOMException('SECRET', 'TimeoutError')).reason],
  ])('reads the reason of a signal by its name: %s', (name, error) => {
    expect(socketFailure(error)).toEqual({ kind: 'DeadlineExceeded', providerCode: name });
  });

  it("reads undici's parser error, which has a name only", () => {
    const error = Object.assign(new Error('SECRET'), { name: 'HTTPParserError', code: undefined, data: 'SECRET' });
    expect(socketFailure(error)).toEqual({ kind: 'NotAnObjectStore', providerCode: 'HTTPParserError' });
  });

  it('looks through causes to the innermost that says something', () => {
    const nested = coded('UND_ERR_SOCKET', { cause: coded('EPROTO', { cause: coded('CERT_HAS_EXPIRED') }) });
    expect(socketFailure(nested)).toEqual({ kind: 'TlsExpired', providerCode: 'CERT_HAS_EXPIRED' });
    expect(socketFailure(new TypeError('fetch failed', { cause: coded('ENOTFOUND') }))).toMatchObject({
      kind: 'NameNotResolved',
    });
    expect(socketFailure(coded('ECONNREFUSED', { cause: coded('SOMETHING_ELSE') }))).toMatchObject({
      kind: 'ConnectionRefused',
    });
  });

  it('reads several addresses by the first that says something', () => {
    const several = new AggregateError([coded('WHATEVER'), coded('ECONNREFUSED'), coded('ETIMEDOUT')]);
    expect(socketFailure(several)).toEqual({ kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' });
    expect(socketFailure(coded('UND_ERR_SOCKET', { cause: several }))).toMatchObject({ kind: 'ConnectionRefused' });
  });

  it('ends on errors that are their own cause', () => {
    const circle = coded('ECONNREFUSED');
    circle.cause = circle;
    expect(socketFailure(circle)).toMatchObject({ kind: 'ConnectionRefused' });
  });

  it.each([
    ['no code', new Error('SECRET'), {}],
    ['an unknown code', coded('ERR_SOMETHING_NEW'), { providerCode: 'ERR_SOMETHING_NEW' }],
    ['the name of a built-in property', coded('constructor'), { providerCode: 'constructor' }],
    ['a code that is a text', coded('https://store.example/?X-Amz-Signature=SECRET'), {}],
    ['a code without end', coded('E'.repeat(5000)), {}],
    ['a code that is a number', Object.assign(new Error('SECRET'), { code: 42 }), {}],
    ['a string', 'SECRET', {}],
    ['undefined', undefined, {}],
    ['null', null, {}],
  ])('is a broken connection with %s, and passes no text on', (_, error, more) => {
    expect(socketFailure(error)).toEqual({ kind: 'ConnectionReset', ...more });
  });
});
