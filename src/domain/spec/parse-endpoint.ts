import { bareHost } from '../../base/bare-host.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Endpoint } from '../bucket/storage.ts';

/**
 * Parses `https://host[:port]`. A file-store address can hold nothing else, so userinfo, path, query and fragment are
 * refused instead of dropped.
 *
 * The error is a sentence about `value` that does not repeat it, because it may hold a secret.
 */
export function parseEndpoint(value: string): Result<Endpoint, string> {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) return err('is not a URL of the form https://host:port');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') return err('must not hold credentials: keep them in a Secret');
  if (url.pathname.replace(/^\/$/, '') + url.search + url.hash !== '') {
    return err('must end after host and port: the bucket goes into name, the sub-path into path');
  }
  const endpoint = endpointOf(url);
  // URLs allow more in a host (such as a comma) than DNS and the list of file stores do.
  if (!isHost(endpoint.host)) return err('must name a host or an address: letters, digits, dots and hyphens');
  return ok(endpoint);
}

function isHost(host: string): boolean {
  return (
    host.length <= 253 &&
    /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*)$/.test(host) &&
    !host.includes('..')
  );
}

function endpointOf(url: URL): Endpoint {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const standard = scheme === 'https' ? 443 : 80;
  return {
    scheme,
    host: bareHost(url.hostname).replace(/\.$/, ''),
    port: url.port === '' ? standard : Number(url.port),
  };
}
