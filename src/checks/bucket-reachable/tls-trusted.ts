import { endpointReachable } from './endpoint-reachable.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { arrivalFailure, hasAnswered, TLS_KINDS } from '../../domain/observations/seen-failures.ts';
import { addressSetting } from '../remedies/endpoint-remedies.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { otherAddress, type ProviderMessages } from '../remedies/messages.ts';

/** The store has a certificate for its name that ends at a known CA. */
export const tlsTrusted = defineCheck({
  name: 'TlsTrusted',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [endpointReachable],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  reasons: {
    PlainHttp: {
      result: 'Warn',
      meaning: 'The endpoint uses HTTP without TLS: data and signed URLs can be read on the network.',
      remedy:
        'Serve the store over https. A storage that is bound needs bucketChangePolicy: Allow for the other endpoint (docs/how-to/move-an-endpoint.md).',
      codes: [],
      proof: 'emulator',
    },
    TlsUntrusted: {
      result: 'Fail',
      class: 'external',
      meaning: 'The certificate of the store does not end at a CA that the operator trusts.',
      remedy:
        'Configure the store to send its whole chain, including intermediate certificates, or set the CA in spec.bucket.s3Compatible.caBundle.',
      codes: [
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'SELF_SIGNED_CERT_IN_CHAIN',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      ],
      proof: 'scripted server',
    },
    TlsCertificateInvalid: {
      result: 'Fail',
      class: 'external',
      meaning: 'The certificate of the store, or of a CA above it, is too weak or breaks a rule of X.509.',
      remedy:
        'Issue a certificate for servers with a key of ECDSA or of RSA with 2048 bits or more, and a signature with SHA-256 or better.',
      codes: [
        'EE_KEY_TOO_SMALL',
        'CA_KEY_TOO_SMALL',
        'CA_MD_TOO_WEAK',
        'PERMITTED_VIOLATION',
        'INVALID_PURPOSE',
        'CERT_REVOKED',
        'CERT_INVALID',
      ],
      proof: 'scripted server',
    },
    TlsExpired: {
      result: 'Fail',
      class: 'external',
      meaning: 'The certificate of the store has expired or is not valid yet.',
      remedy: 'Renew the certificate of the store.',
      codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
      proof: 'scripted server',
    },
    TlsNameMismatch: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The certificate was issued for another host: no subject alternative name covers that of the store, and a common name does not count.',
      remedy: 'Use a host name that is in the certificate, or issue one with this subject alternative name.',
      codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
      proof: 'scripted server',
    },
    TlsHandshakeFailed: {
      result: 'Fail',
      class: 'external',
      meaning: 'The server at the port does not support TLS, or no version that the operator supports.',
      remedy: 'Correct scheme and port of the endpoint.',
      codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, TLS_KINDS);
    if (failure !== undefined) return failedBy(failure, context);
    const seen = observations.endpoint;
    if (seen?.ok !== true && !hasAnswered(seen?.error)) {
      return unknown('NotObserved', 'No answer came, so no certificate was seen.');
    }
    return context.endpointUrl.startsWith('https:') ? passed() : plainHttp(messagesOf(context));
  },
});

function plainHttp(messages: ProviderMessages) {
  const { url } = messages;
  return warned(
    'PlainHttp',
    `${url} uses HTTP without TLS: data and signed URLs can be read on the network.`,
    `Serve the store over https and correct ${addressSetting(messages)}.${otherAddress(messages)}`,
  );
}
