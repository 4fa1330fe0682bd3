import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';

/**
 * Whether a certificate is for a host, as W&B's clients see it (Go, Python, browsers): by its subject alternative
 * names alone. Node would also take the common name where no alternative name is one of DNS.
 */
export function checkNames(host: string, certificate: PeerCertificate): Error | undefined {
  const parsed = new X509Certificate(certificate.raw);
  const name = host.replace(/\.$/, '');
  const found =
    isIP(host) !== 0 ? parsed.checkIP(host) : parsed.checkHost(name, { subject: 'never', partialWildcards: false });
  if (found !== undefined) return undefined;
  return Object.assign(new Error('the certificate is for another host'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
