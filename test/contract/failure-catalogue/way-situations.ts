import { ALL, type FaultCase } from './fault-case.ts';

function notResolving(code: string) {
  return () => Promise.reject(Object.assign(new Error(`no such name: CANARY`), { code }));
}

function refusingProxies(asked: string, proxyOf: (status: number) => string): readonly FaultCase[] {
  return [403, 407, 502].map((status) => ({
    id: `the proxy says ${status} to ${asked}`,
    providers: ALL,
    way: { proxy: proxyOf(status) },
    check: 'EndpointReachable',
    reason: 'ProxyRefused',
    remedy: /NO_PROXY/,
  }));
}

/** What keeps the operator from coming to the store. The port of a proxy or of nobody is that of a test. */
export function waySituations(at: {
  readonly nobody: number;
  readonly refusingProxy: (status: number) => string;
}): readonly FaultCase[] {
  return [
    {
      id: 'DNS knows no such name',
      providers: ALL,
      way: { resolve: notResolving('ENOTFOUND') },
      check: 'EndpointReachable',
      reason: 'EndpointNotResolved',
      remedy: /DNS record|DNS of the cluster know/,
    },
    {
      id: 'DNS does not answer',
      providers: ALL,
      way: { resolve: notResolving('EAI_AGAIN') },
      check: 'EndpointReachable',
      reason: 'ResolverUnavailable',
      remedy: /DNS of the cluster/,
    },
    {
      id: 'the name leads to a denied range',
      providers: ALL,
      way: { deniedCidrs: ['127.0.0.0/8'] },
      check: 'EndpointAllowed',
      reason: 'EndpointForbidden',
      remedy: /--allowed-endpoints/,
    },
    {
      id: 'the name leads to the metadata address',
      providers: ALL,
      way: { resolve: () => Promise.resolve(['169.254.169.254']) },
      check: 'EndpointAllowed',
      reason: 'EndpointForbidden',
      remedy: /--allowed-endpoints/,
    },
    {
      id: 'nobody listens',
      providers: ALL,
      way: { port: at.nobody },
      check: 'EndpointReachable',
      reason: 'ConnectionRefused',
      remedy: /Start the store|in place of the cloud/,
    },
    ...refusingProxies('a request', at.refusingProxy),
    {
      id: 'a name that no bucket can have',
      // Other stores have rules of their own, and say so.
      providers: ['S3', 'CoreWeave', 'GCS', 'AzureBlob'],
      way: { name: 'No_Such-Bucket-' },
      check: 'NameValid',
      reason: 'BucketNameInvalid',
      remedy: /spec\.bucket\.name/,
    },
  ];
}

/** What a store with TLS can show, or what stands in its place. */
export function tlsSituations(at: {
  readonly plainHttp: number;
  readonly silent: number;
  readonly refusingProxy: (status: number) => string;
}): readonly FaultCase[] {
  return [
    ...refusingProxies('CONNECT', at.refusingProxy),
    {
      id: 'a certificate without its intermediate',
      providers: ALL,
      certificate: 'without its intermediate',
      check: 'TlsTrusted',
      reason: 'TlsUntrusted',
      remedy: /send its whole chain/,
    },
    {
      id: 'a certificate with a common name alone',
      providers: ALL,
      certificate: 'without names',
      check: 'TlsTrusted',
      reason: 'TlsNameMismatch',
      remedy: /subject alternative name/,
    },
    {
      id: 'a certificate that is too weak',
      providers: ALL,
      certificate: 'weak',
      check: 'TlsTrusted',
      reason: 'TlsCertificateInvalid',
      remedy: /2048 bits/,
    },
    {
      id: 'a certificate of an unknown CA',
      providers: ALL,
      certificate: 'of an unknown CA',
      check: 'TlsTrusted',
      reason: 'TlsUntrusted',
      remedy: /CA|caBundle/,
    },
    {
      id: 'a certificate that has expired',
      providers: ALL,
      certificate: 'expired',
      check: 'TlsTrusted',
      reason: 'TlsExpired',
      remedy: /Renew/,
    },
    {
      id: 'a certificate that is not yet valid',
      providers: ALL,
      certificate: 'not yet valid',
      check: 'TlsTrusted',
      reason: 'TlsExpired',
      remedy: /clock of the node/,
    },
    {
      id: 'a certificate of another host',
      providers: ALL,
      certificate: 'of another host',
      check: 'TlsTrusted',
      reason: 'TlsNameMismatch',
      remedy: /Name a host that is in the certificate|in place of the cloud/,
    },
    {
      id: 'a port that speaks plain HTTP',
      providers: ALL,
      way: { port: at.plainHttp },
      check: 'TlsTrusted',
      reason: 'TlsHandshakeFailed',
      remedy: /Correct scheme|scheme and port/,
    },
    {
      id: 'a port that takes connections and says nothing',
      providers: ALL,
      way: { port: at.silent, connectTimeoutMs: 50 },
      check: 'EndpointReachable',
      reason: 'ConnectionTimedOut',
      remedy: /firewalls and NetworkPolicies/,
    },
  ];
}

/** The name of a bucket that becomes part of a host name. */
export const DOTTED_NAME: FaultCase = {
  id: 'a dot in the name of the bucket',
  providers: ['S3', 'CoreWeave'],
  way: { name: 'omega.data' },
  check: 'NameValid',
  result: 'Warn',
  reason: 'BucketNameNeedsWildcard',
  remedy: /without a dot/,
};
