import ipaddr from 'ipaddr.js';
import { bareHost } from '../base/bare-host.ts';

/** HTTP proxies from the environment, read once at the start. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

export interface ProxyTarget {
  readonly tls: boolean;
  /** A name or an address, with or without the brackets of a URL. */
  readonly host: string;
  readonly port: number;
}

/** Scheme, host and port of a URL; the path does not matter. */
export function targetOf(url: URL): ProxyTarget {
  const tls = url.protocol === 'https:';
  return {
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
  };
}

/** The proxy for a target, or `undefined` for a direct connection; loopback never goes through one. */
export function proxyFor(settings: ProxySettings, target: ProxyTarget): URL | undefined {
  const proxy = ((target.tls ? settings.httpsProxy : settings.httpProxy) ?? '').trim();
  if (proxy === '') return undefined;
  const host = normal(target.host);
  if (isLoopback(host) || isExempt(settings.noProxy ?? '', host, target.port)) return undefined;
  return parseProxy(proxy);
}

/** Throws when a variable cannot be used, with its name but never its value, which may hold a password. */
export function checkProxies(settings: ProxySettings): void {
  const named = { HTTPS_PROXY: settings.httpsProxy, HTTP_PROXY: settings.httpProxy };
  for (const [name, value = ''] of Object.entries(named)) {
    if (value.trim() !== '' && parseProxy(value.trim()) === undefined) {
      throw new Error(
        `${name} is not the address of an HTTP proxy: write it as http://proxy.example:3128 or https://proxy.example`,
      );
    }
  }
}

function parseProxy(text: string): URL | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/**
 * `NO_PROXY` as Go and curl read it: `*`, hosts with everything below them,
 * addresses (IPv6 with or without brackets) and ranges; hosts and addresses may
 * carry a port. Commas or spaces separate them. Ranges are compared with
 * addresses only, never with what a name resolves to.
 */
function isExempt(noProxy: string, host: string, port: number): boolean {
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return isInRange(host, entry);
    const [, name = '', ofPort] = splitPort(entry);
    if (ofPort !== undefined && Number(ofPort) !== port) return false;
    const bare = normal(name.replace(/^\*?\./, ''));
    if (bare === '') return false;
    // The end of an address is not a domain: 2.3 is not the parent of 10.1.2.3.
    return host === bare || (host.endsWith(`.${bare}`) && !ipaddr.isValid(host));
  });
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; an IPv6 address without brackets has no port. */
function splitPort(entry: string): readonly (string | undefined)[] {
  return (
    /^\[(.*)\](?::(\d+))?$/.exec(entry) ??
    (ipaddr.IPv6.isValid(entry) ? ['', entry] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []))
  );
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const address = ipaddr.parse(host);
  const [base, bits] = ipaddr.parseCIDR(range);
  return address.kind() === base.kind() && address.match([base, bits] as never);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback');
}

/** The canonical form of a host: lower case, no brackets, no dot of the root, addresses in canonical form. */
function normal(host: string): string {
  const bare = bareHost(host.toLowerCase()).replace(/\.$/, '');
  return ipaddr.isValid(bare) && (bare.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(bare))
    ? ipaddr.process(bare).toString()
    : bare;
}
