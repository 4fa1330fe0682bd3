import { SIGN_IN_FAILURE_KINDS, type BucketFailure, type BucketFailureKind } from './bucket-failure.ts';
import type { Observations } from './observations.ts';

/** Failures to open a connection, or to keep it. */
export const TRANSPORT_KINDS: readonly BucketFailureKind[] = [
  'NameNotResolved',
  'ResolverUnavailable',
  'ConnectionRefused',
  'ConnectionTimedOut',
  'ConnectionReset',
  'NetworkUnreachable',
  'OutOfSockets',
  'ProxyRefused',
];

export const TLS_KINDS: readonly BucketFailureKind[] = [
  'TlsUntrusted',
  'TlsIssuerUnknown',
  'TlsCertificateInvalid',
  'TlsExpired',
  'TlsNameMismatch',
  'TlsHandshakeFailed',
];

/** Failures of the credential, from the store or from the identity service. */
export const CREDENTIAL_KINDS: readonly BucketFailureKind[] = [
  'AccessKeyUnknown',
  'SignatureMismatch',
  'SharedKeyDisabled',
  'CredentialsInvalid',
  'CredentialsExpired',
  'AccountSuspended',
  ...SIGN_IN_FAILURE_KINDS,
];

/** The first failure of one of the kinds: at first contact, or at the first signed request. */
export function arrivalFailure(
  observations: Observations,
  kinds: readonly BucketFailureKind[],
): BucketFailure | undefined {
  return [observations.endpoint, observations.list]
    .map((seen) => (seen?.ok === false ? seen.error : undefined))
    .find((failure) => failure !== undefined && kinds.includes(failure.kind));
}

/** Why the first signed request failed, if it did. */
export function listFailure(observations: Observations): BucketFailure | undefined {
  return observations.list?.ok === false ? observations.list.error : undefined;
}

/** Whether a failure is an answer, so that the connection itself works. */
export function hasAnswered(failure: BucketFailure | undefined): boolean {
  return failure?.kind === 'NotAnObjectStore' || failure?.kind === 'ResponseTooLarge';
}
