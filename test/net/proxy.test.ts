import { connect } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { deadlineIn } from '../../src/net/deadline.ts';
import { openTunnel } from '../../src/net/proxy-tunnel.ts';
import { freePorts } from '../servers/process.ts';
import { startProxy, takeConnect, tunnel, type OnConnect } from './connect-proxy.ts';
import {
  answering,
  cleanUp,
  createPki,
  OK,
  openNet,
  resolverOf,
  startServer,
  startTlsServer,
  until,
  type Pki,
  type TestServer,
} from './servers.ts';

const never = new AbortController().signal;
/** As the operator sees the names; the proxy sends everything to loopback. */
const resolve = resolverOf({
  'store.test': ['127.0.0.1'],
  'evil.test': ['169.254.169.254'],
  'proxy.test': ['127.0.0.1'],
});
const get = (url: string, caBundle?: string) => ({ method: 'GET', url, ...(caBundle !== undefined && { caBundle }) });
let pki: Pki;
let ca: string;

beforeAll(async () => {
  pki = await createPki();
  ca = pki.ca();
});

afterEach(cleanUp);

const answer =
  (text: string | Buffer): OnConnect =>
  (socket) =>
    socket.end(text);

function through(proxy: TestServer, more: Partial<Parameters<typeof openNet>[0]> = {}, user = '') {
  const url = `http://${user}${proxy.host}`;
  return openNet({ resolve, proxy: { httpsProxy: url, httpProxy: url }, ...more });
}

describe('the way through a proxy on real sockets', () => {
  it('gets the whole URL of a request to an http target instead of CONNECT, and is reported', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const url = `http://store.test:${target.port}/a%20key?list-type=2`;
    expect(await through(proxy).http.send(get(url), never)).toMatchObject({
      ok: true,
      value: { status: 200, route: proxy.host },
    });
    const [line, ...headers] = proxy.received.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
    expect(line).toBe(`GET ${url} HTTP/1.1`);
    expect(headers.map((header) => header.toLowerCase())).toContain(`host: store.test:${target.port}`);
    expect(target.received).toMatch(/^GET \/a%20key\?list-type=2 HTTP\/1\.1\r\n/);
    expect({ proxy: proxy.connections, target: target.connections }).toEqual({ proxy: 1, target: 1 });
  });

  it('gets the body of a request to an http target too', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const request = { method: 'PUT', headers: { 'x-amz-acl': 'private' }, body: Buffer.from('hello') };
    const url = `http://store.test:${target.port}/key`;
    expect(await through(proxy).http.send({ ...request, url }, never)).toMatchObject({ ok: true });
    expect(target.received).toMatch(/^PUT \/key /);
    expect(target.received).toContain('x-amz-acl: private\r\n');
    expect(target.received.endsWith('hello')).toBe(true);
  });

  it('is a tunnel to an https target, whose TLS the proxy cannot read', async () => {
    const proxy = await startProxy();
    const target = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    const net = through(proxy);
    const url = `https://store.test:${target.port}/key?X-Amz-Signature=CANARY`;
    expect(await net.http.send(get(url, ca), never)).toMatchObject({ ok: true, value: { route: proxy.host } });
    expect(target.received).toContain('CANARY');
    expect(proxy.received).not.toContain('CANARY');
    expect(await net.http.send(get(url), never)).toMatchObject({ error: { kind: 'TlsIssuerUnknown' } });
  });

  it('has a proxy for each scheme', async () => {
    const [secure, plain, target] = [await startProxy(), await startProxy(), await startServer(answering(OK))];
    const net = openNet({ resolve, proxy: { httpsProxy: secure.host, httpProxy: plain.host } });
    await net.http.send(get(`http://store.test:${target.port}/`), never);
    expect({ secure: secure.connections, plain: plain.connections }).toEqual({ secure: 0, plain: 1 });
  });

  it('goes to a target that only the proxy can resolve', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const answered = await through(proxy).http.send(get(`http://outside.test:${target.port}/`), never);
    expect(answered).toMatchObject({ ok: true });
  });

  it('leaves time for the proxy when our resolver does not answer', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const net = through(proxy, { resolve: () => new Promise(() => undefined), connectTimeoutMs: 1000 });
    expect(await net.http.send(get(`http://outside.test:${target.port}/`), never)).toMatchObject({ ok: true });
  });

  it.each([
    ['name', 'store.test'],
    ['suffix', '.test'],
    ['everything', '*'],
  ])('is not taken for what NO_PROXY names: %s', async (_, noProxy) => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const net = through(proxy, { proxy: { httpProxy: proxy.host, noProxy } });
    const answered = await net.http.send(get(`http://store.test:${target.port}/`), never);
    expect(answered).toMatchObject({ ok: true, value: { route: 'direct' } });
    expect({ proxy: proxy.connections, target: target.connections }).toEqual({ proxy: 0, target: 1 });
  });

  it('is not taken for loopback', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK), { host: '::1' })];
    const answered = await through(proxy).http.send(get(`http://[::1]:${target.port}/`), never);
    expect(answered).toMatchObject({ ok: true, value: { route: 'direct' } });
    expect(proxy.connections).toBe(0);
  });

  it.each([
    ['user:pass@', 'user:pass'],
    ['user@', 'user:'],
    ['us%40er:p%3Ass%25@', 'us@er:p:ss%'],
    ['user:p%zz@', 'user:p%zz'],
  ])('carries the credential of the proxy as it was meant: %s', async (user, credential) => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const net = through(proxy, {}, user);
    expect(await net.http.send(get(`http://store.test:${target.port}/`), never)).toMatchObject({
      ok: true,
      value: { route: proxy.host },
    });
    const header = `proxy-authorization: Basic ${Buffer.from(credential).toString('base64')}\r\n`;
    expect(proxy.received).toContain(header);
    expect(target.received.toLowerCase()).not.toContain('proxy-authorization');
    await net.http.send(get('https://store.test:1/'), never);
    expect(proxy.received).toContain(header.replace('proxy-authorization', 'Proxy-Authorization'));
  });

  const METADATA = ['evil.test', '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376'];
  const IN_DISGUISE = [
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::169.254.169.254]',
    '[fd00:ec2::254]',
  ];

  it.each([...METADATA, ...IN_DISGUISE, '0.0.0.0'])(
    'is closed to a target that the policy refuses, before the proxy hears of it: %s',
    async (host) => {
      const proxy = await startProxy();
      const net = through(proxy, {
        policy: createAddressPolicy({ allowedEndpoints: [], deniedCidrs: [], apiServerAddresses: [] }),
      });
      for (const scheme of ['http', 'https']) {
        expect(await net.http.send(get(`${scheme}://${host}/`), never)).toMatchObject({
          error: { kind: 'EndpointForbidden' },
        });
      }
      expect(proxy.connections).toBe(0);
    },
  );

  it('may lead to a proxy where endpoints may not stand', async () => {
    const [proxy, target] = [await startProxy(), await startServer(answering(OK))];
    const net = through(proxy, { policy: { allows: (host) => host === 'store.test' } });
    expect(await net.http.send(get(`http://store.test:${target.port}/`), never)).toMatchObject({ ok: true });
  });
});

describe('an HTTPS proxy on real sockets', () => {
  const systemCas = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(systemCas));

  async function setUp() {
    const proxy = await startTlsServer(pki.issue({ hosts: 'proxy.test' }), takeConnect(tunnel));
    const target = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    const url = `https://user:CANARY@proxy.test:${proxy.port}`;
    const open = () => openNet({ resolve, proxy: { httpsProxy: url } });
    return { proxy, open, request: get(`https://store.test:${target.port}/`, ca) };
  }

  it('tunnels TLS in TLS', async () => {
    setDefaultCACertificates([...systemCas, ca]);
    const { proxy, open, request } = await setUp();
    expect(await open().http.send(request, never)).toMatchObject({
      ok: true,
      value: { route: `proxy.test:${proxy.port}` },
    });
    expect(proxy.received).toContain(Buffer.from('user:CANARY').toString('base64'));
  });

  it('passes on requests to an http target, whose certificate it is not', async () => {
    setDefaultCACertificates([...systemCas, ca]);
    const { proxy } = await setUp();
    const target = await startServer(answering(OK));
    const net = openNet({ resolve, proxy: { httpProxy: `https://user:CANARY@proxy.test:${proxy.port}` } });
    const answered = await net.http.send(get(`http://store.test:${target.port}/`), never);
    expect(answered).toMatchObject({ ok: true, value: { route: `proxy.test:${proxy.port}` } });
    expect(answered.ok && answered.value.peer).toEqual({});
    expect(proxy.received).toContain(`GET http://store.test:${target.port}/ HTTP/1.1`);
  });

  it('is not trusted for the CA that a user trusts for a store', async () => {
    const { proxy, open, request } = await setUp();
    expect(await open().http.send(request, never)).toMatchObject({ ok: false, error: { kind: 'ProxyRefused' } });
    expect(proxy.received).toBe('');
    await until('the connection is closed', () => proxy.connections === 1 && proxy.open === 0);
  });
});

describe('a proxy that does not pass a request on, on real sockets', () => {
  it.each([
    ['asks for a credential', '407 Proxy Authentication Required', []],
    ['forbids the target, as Squid does', '403 Forbidden', ['X-Squid-Error: ERR_ACCESS_DENIED 0']],
    ['cannot resolve the target, as Squid does', '503 Service Unavailable', ['X-Squid-Error: ERR_DNS_FAIL 0']],
    ['cannot reach the target', '502 Bad Gateway', ['Proxy-Status: proxy.test; error=connection_refused']],
  ])('is reported as such when it %s', async (_, status, headers) => {
    const proxy = await startServer(
      answering([`HTTP/1.1 ${status}`, ...headers, 'Content-Length: 6', '', 'CANARY'].join('\r\n')),
    );
    const answered = await through(proxy, {}, 'CANARY:CANARY@').http.send(get('http://store.test/?sig=CANARY'), never);
    const providerCode = `PROXY ${status.slice(0, 3)}`;
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode } });
  });

  it('is not blamed for what the store answers', async () => {
    const target = await startServer(answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    const answered = await through(await startProxy()).http.send(get(`http://store.test:${target.port}/`), never);
    expect(answered).toMatchObject({ ok: true, value: { status: 403 } });
  });

  it('is reported as such when nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const net = openNet({ resolve, proxy: { httpProxy: `http://CANARY:CANARY@127.0.0.1:${port}` } });
    const answered = await net.http.send(get('http://store.test/'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode: 'PROXY ECONNREFUSED' } });
  });
});

describe('a proxy that opens no tunnel, on real sockets', () => {
  it.each<[string, OnConnect, string]>([
    ['asks for a credential', answer('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), 'CONNECT 407'],
    ['forbids the target', answer('HTTP/1.0 403 Forbidden\r\nContent-Length: 6\r\n\r\nCANARY'), 'CONNECT 403'],
    ['cannot reach the target', answer('HTTP/1.1 502 Bad Gateway\r\n\r\n'), 'CONNECT 502'],
    ['redirects', answer('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n'), 'CONNECT 302'],
    ['speaks another protocol', answer('SSH-2.0-OpenSSH_9.9\r\n\r\n'), 'CONNECT 0'],
    ['ends amid its answer', answer('HTTP/1.1 200 OK\r\nX: '), 'CONNECT 0'],
    ['says nothing and ends', answer(''), 'CONNECT 0'],
    ['begins well and never ends its head', answer(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(9000)}`), 'CONNECT 0'],
    ['hides a status in its head', answer('HTTP/1.1 500\r\nX: HTTP/1.1 200 OK\r\n\r\n'), 'CONNECT 500'],
  ])('is told as such when it %s', async (_, onConnect, providerCode) => {
    const proxy = await startProxy(onConnect);
    const answered = await through(proxy, {}, 'CANARY:CANARY@').http.send(get('https://store.test/?sig=CANARY'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode } });
    await until('the connection is closed', () => proxy.open === 0);
  });

  it('is told as such when it resets the connection', async () => {
    const proxy = await startProxy((socket) => socket.resetAndDestroy());
    const answered = await through(proxy).http.send(get('https://store.test/'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode: 'CONNECT ECONNRESET' } });
  });

  it('is told as such when nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const net = openNet({ resolve, proxy: { httpsProxy: `http://CANARY:CANARY@127.0.0.1:${port}` } });
    const answered = await net.http.send(get('https://store.test/'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode: 'CONNECT ECONNREFUSED' } });
  });

  it('is told as such when its name does not exist', async () => {
    const net = openNet({ resolve, proxy: { httpsProxy: 'http://nowhere.test:3128' } });
    const answered = await net.http.send(get('https://store.test/'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode: 'CONNECT ENOTFOUND' } });
  });

  it.each<[string, OnConnect]>([
    ['never answers', () => undefined],
    [
      'answers a byte at a time',
      (socket) => {
        const timer = setInterval(() => socket.write('H'), 5);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('is given up when it %s', async (_, onConnect) => {
    const proxy = await startProxy(onConnect);
    const net = through(proxy, { connectTimeoutMs: 200 });
    const answered = await net.http.send(get('https://store.test/'), never);
    expect(answered).toEqual({ ok: false, error: { kind: 'ProxyRefused', providerCode: 'CONNECT ETIMEDOUT' } });
    await until('the connection is closed', () => proxy.connections === 1 && proxy.open === 0);
  });

  it('ends with the signal', async () => {
    const proxy = await startProxy(() => undefined);
    const end = new AbortController();
    const answered = through(proxy, { connectTimeoutMs: 1000 }).http.send(get('https://store.test/'), end.signal);
    await until('CONNECT is there', () => proxy.received.includes('\r\n\r\n'));
    end.abort();
    expect(await answered).toMatchObject({ error: { kind: 'DeadlineExceeded' } });
    await until('the connection is closed', () => proxy.open === 0);
  });

  it('shows its credential to nobody, in the raw error neither', async () => {
    const proxy = await startProxy(answer('HTTP/1.1 407 CANARY\r\nProxy-Authenticate: Basic realm="CANARY"\r\n\r\n'));
    const failed = through(proxy, {}, 'user:CANARY@')
      .dispatcher(undefined)
      .request({ origin: 'https://store.test', path: '/?sig=CANARY', method: 'GET' });
    const error: unknown = await failed.catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'CONNECT 407' });
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/CANARY|Q0FOQVJZ/);
  });
});

describe('what follows the head of the answer to CONNECT on real sockets', () => {
  it('is not lost', async () => {
    const proxy = await startProxy((socket) => socket.write('HTTP/1.1 200 OK\r\nX: y\r\n\r\nearly \r\n\r\nbird'));
    const socket = await openTunnel(
      new URL(`http://${proxy.host}`),
      { host: 'store.test', port: 80 },
      { resolve, ca: [], deadline: deadlineIn(5000) },
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.resume();
    await until('the early words are read', () => text === 'early \r\n\r\nbird');
    socket.destroy();
  });

  it('reaches TLS', async () => {
    const alert = Buffer.from('15030300020228', 'hex');
    const proxy = await startProxy((socket) =>
      socket.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), alert])),
    );
    expect(await through(proxy).http.send(get('https://store.test/'), never)).toMatchObject({
      error: {
        kind: 'TlsHandshakeFailed',
        providerCode: expect.stringContaining('ALERT_HANDSHAKE_FAILURE') as unknown,
      },
    });
  });

  it('may come in pieces of any size', async () => {
    const target = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    const proxy = await startProxy((socket, port) => {
      const back = connect(port, '127.0.0.1', () => {
        const pieces = Array.from('HTTP/1.1 200 OK\r\nX: y\r\n\r\n');
        const next = (): void => {
          const piece = pieces.shift();
          if (piece === undefined) socket.pipe(back).pipe(socket);
          else socket.write(piece, () => setImmediate(next));
        };
        next();
      });
      back.on('error', () => undefined);
    });
    const answered = await through(proxy).http.send(get(`https://store.test:${target.port}/`, ca), never);
    expect(answered).toMatchObject({ ok: true });
  });
});
