import { describe, expect, it } from '@jest/globals';
import { checkProxies, proxyFor } from './proxy.ts';

const PROXIES = { httpsProxy: 'http://secure.proxy:3128', httpProxy: 'http://plain.proxy:8080' };

function route(noProxy: string | undefined, url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const tls = protocol === 'https:';
  const target = { tls, host: hostname, port: port === '' ? (tls ? 443 : 80) : Number(port) };
  return proxyFor({ ...PROXIES, ...(noProxy !== undefined && { noProxy }) }, target)?.host ?? 'direct';
}

describe('the proxy of a target', () => {
  it('is the one of its scheme', () => {
    expect(route(undefined, 'https://minio.acme.example')).toBe('secure.proxy:3128');
    expect(route(undefined, 'http://minio.acme.example')).toBe('plain.proxy:8080');
  });

  it.each([[undefined], [''], ['  ']])('is none when the setting is %j', (httpsProxy) => {
    const settings = { httpProxy: PROXIES.httpProxy, ...(httpsProxy !== undefined && { httpsProxy }) };
    expect(proxyFor(settings, { tls: true, host: 'minio.acme.example', port: 443 })).toBeUndefined();
  });

  it.each([
    ['secure.proxy:3128', 'http:', 'secure.proxy:3128'],
    ['http://secure.proxy', 'http:', 'secure.proxy'],
    ['https://user:pass@secure.proxy:8443', 'https:', 'secure.proxy:8443'],
    [' http://secure.proxy:3128/ ', 'http:', 'secure.proxy:3128'],
    ['[fd00::1]:3128', 'http:', '[fd00::1]:3128'],
  ])('may be written as "%s"', (httpsProxy, protocol, host) => {
    const proxy = proxyFor({ httpsProxy }, { tls: true, host: 'minio.acme.example', port: 443 });
    expect({ protocol: proxy?.protocol, host: proxy?.host }).toEqual({ protocol, host });
  });

  it.each([
    'http://127.0.0.1:9000',
    'https://localhost',
    'http://[::1]:9000',
    'http://127.8.0.1',
    'http://2130706433/',
  ])('is none for loopback: %s', (url) => {
    expect(route(undefined, url)).toBe('direct');
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['a host', 'minio.acme.example', 'https://minio.acme.example'],
    ['a domain', 'acme.example', 'https://minio.acme.example'],
    ['a domain with a dot', '.acme.example', 'https://minio.acme.example'],
    ['a domain with a dot, and its host itself', '.acme.example', 'https://acme.example'],
    ['a wildcard', '*.acme.example', 'https://a.minio.acme.example'],
    ['everything', '*', 'https://minio.acme.example'],
    ['everything among others', 'other.example,*', 'https://minio.acme.example'],
    ['any case', 'ACME.example', 'https://Minio.acme.EXAMPLE'],
    ['the root dot of the host', 'acme.example', 'https://minio.acme.example./'],
    ['the root dot of the entry', 'acme.example.', 'https://minio.acme.example'],
    ['a list with commas', 'a.example, acme.example ,b.example', 'https://minio.acme.example'],
    ['a list with spaces', 'a.example acme.example\tb.example', 'https://minio.acme.example'],
    ['a host with its port', 'minio.acme.example:9000', 'https://minio.acme.example:9000'],
    ['a host with the port of its scheme', 'minio.acme.example:443', 'https://minio.acme.example'],
    ['a domain with a port', '.acme.example:9000', 'https://minio.acme.example:9000'],
    ['an address', '10.1.2.3', 'http://10.1.2.3:9000'],
    ['an address with its port', '10.1.2.3:9000', 'http://10.1.2.3:9000'],
    ['an IPv6 address', 'fd00::1', 'https://[fd00::1]'],
    ['an IPv6 address in another form', 'FD00:0:0::0001', 'https://[fd00::1]'],
    ['an IPv6 address in brackets', '[fd00::1]', 'https://[fd00::1]:9000'],
    ['an IPv6 address with its port', '[fd00::1]:9000', 'https://[fd00::1]:9000'],
    ['a range', '10.0.0.0/8', 'http://10.1.2.3:9000'],
    ['an IPv6 range', 'fd00::/8', 'https://[fd12::1]'],
    ['a range for a mapped address', '10.0.0.0/8', 'http://[::ffff:10.1.2.3]'],
    ['a range among others', 'acme.example,10.0.0.0/8,.cluster.local', 'http://10.1.2.3'],
  ])('exempts %s: "%s" for %s', (_, noProxy, url) => {
    expect(route('unrelated.example', url)).not.toBe('direct');
    expect(route(noProxy, url)).toBe('direct');
  });

  it.each([
    ['a name that only ends alike', 'acme.example', 'https://evilacme.example'],
    ['a parent', 'minio.acme.example', 'https://acme.example'],
    ['another port', 'minio.acme.example:9000', 'https://minio.acme.example'],
    ['another port of an address', '10.1.2.3:9000', 'http://10.1.2.3:9001'],
    ['another port of an IPv6 address', '[fd00::1]:9000', 'https://[fd00::1]:9001'],
    ['another address', '10.1.2.3', 'http://10.1.2.30'],
    ['an address outside the range', '10.0.0.0/8', 'http://11.1.2.3'],
    ['a name, which a range never means', '0.0.0.0/0', 'https://minio.acme.example'],
    ['a suffix of an address', '2.3', 'http://10.1.2.3'],
    ['a broken range', '10.0.0.0/99', 'http://10.1.2.3'],
    ['an unbalanced bracket', '[fd00::1', 'https://[fd00::1]'],
    ['dots and commas alone', '., ,,:9000', 'https://minio.acme.example:9000'],
  ])('does not exempt %s: "%s" for %s', (_, noProxy, url) => {
    expect(route(noProxy, url)).not.toBe('direct');
  });
});

describe('settings that no connection could use', () => {
  it.each([
    [{ httpsProxy: 'socks5://user:CANARY@proxy:1080' }, 'HTTPS_PROXY'],
    [{ httpProxy: 'http://user:CANARY@' }, 'HTTP_PROXY'],
    [{ httpsProxy: 'http://user:CANARY@proxy:999999' }, 'HTTPS_PROXY'],
  ])('are named at the start, without their password', (settings, name) => {
    let message = '';
    try {
      checkProxies(settings);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`${name} is not the address of an HTTP proxy`);
    expect(message).not.toContain('CANARY');
  });

  it.each([[{}], [{ httpsProxy: '', httpProxy: 'proxy:3128' }], [{ httpsProxy: 'https://user:p%zz@proxy' }]])(
    'are not these: %j',
    (settings) => {
      expect(() => checkProxies(settings)).not.toThrow();
    },
  );
});
