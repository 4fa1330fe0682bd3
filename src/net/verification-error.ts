/**
 * Codes for the errors of OpenSSL to which Node gives the code `UNSPECIFIED`: only their texts differ
 * (X509_V_ERR_... of `openssl verify`).
 */
const CODES: Readonly<Record<string, string>> = {
  'EE certificate key too weak': 'EE_KEY_TOO_SMALL',
  'CA certificate key too weak': 'CA_KEY_TOO_SMALL',
  'CA signature digest algorithm too weak': 'CA_MD_TOO_WEAK',
  'permitted subtree violation': 'PERMITTED_VIOLATION',
  'excluded subtree violation': 'EXCLUDED_VIOLATION',
  'unhandled critical extension': 'UNHANDLED_CRITICAL_EXTENSION',
};

/** A certificate that does not verify, for a reason for which neither Node nor `CODES` has a code. */
export const CERTIFICATE_INVALID = 'CERT_INVALID';

/** The error of a handshake, with a code for what is wrong with the certificate. */
export function verificationError(error: Error): Error {
  if ((error as { code?: unknown }).code !== 'UNSPECIFIED') return error;
  const code = Object.hasOwn(CODES, error.message) ? CODES[error.message] : CERTIFICATE_INVALID;
  return Object.assign(new Error(error.message, { cause: error.cause }), { code });
}
