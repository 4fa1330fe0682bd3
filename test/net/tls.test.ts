import { createServer as createRelay, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  answering,
  cleanUp,
  createPki,
  isTls,
  OK,
  OK_KEPT,
  openNet,
  resolverOf,
  startServer,
  startTlsServer,
  until,
  type Pki,
} from './servers.ts';

const never = new AbortController().signal;
const resolve = resolverOf({ 'store.test': ['127.0.0.1'] });
let pki: Pki;
let ca: string;

beforeAll(async () => {
  pki = await createPki();
  ca = pki.ca();
});

afterEach(cleanUp);

function get(port: number, options: { readonly host?: string; readonly caBundle?: string } = {}) {
  const { host = 'store.test', ...rest } = options;
  return { method: 'GET', url: `https://${host}:${port}/`, ...rest };
}

describe('TLS on real sockets', () => {
  it('trusts no CA that it does not know, and sends it nothing', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    expect(await openNet({ resolve }).http.send(get(server.port), never)).toMatchObject({
      ok: false,
      error: { kind: 'TlsUntrusted' },
    });
    expect({ connections: server.connections, received: server.received }).toEqual({ connections: 1, received: '' });
    await until('the connection is closed', () => server.open === 0);
  });

  it('trusts the CA of a bundle, for requests with this bundle only', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK_KEPT, 'keep'));
    const net = openNet({ resolve });
    expect(await net.http.send(get(server.port, { caBundle: ca }), never)).toMatchObject({ ok: true });
    const refused = { ok: false, error: { kind: 'TlsUntrusted' } };
    expect(await net.http.send(get(server.port), never)).toMatchObject(refused);
    expect(await net.http.send(get(server.port, { caBundle: pki.ca('other') }), never)).toMatchObject(refused);
  });

  it('trusts each CA of a bundle of several', async () => {
    const caBundle = `# ours\n${pki.ca('other')}\n${ca}`;
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    expect(await openNet({ resolve }).http.send(get(server.port, { caBundle }), never)).toMatchObject({ ok: true });
  });

  it("tells until when the certificate is good, and that its CA is nobody else's", async () => {
    const seconds = 20 * 86_400;
    const server = await startTlsServer(pki.issue({ hosts: 'store.test', until: seconds }), answering(OK));
    const answer = await openNet({ resolve }).http.send(get(server.port, { caBundle: ca }), never);
    if (!answer.ok) throw new Error('no answer');
    const { certificate, isPublic } = answer.value.peer ?? {};
    expect({ systemCa: certificate?.systemCa, isPublic }).toEqual({ systemCa: false, isPublic: false });
    expect(Math.abs((certificate?.validTo ?? 0) - Date.now() - seconds * 1000)).toBeLessThan(60_000);
  });

  it.each(['no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'fails as a value with a bundle that holds none, and leaves no connection: %j',
    async (caBundle) => {
      const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
      expect((await openNet({ resolve }).http.send(get(server.port, { caBundle }), never)).ok).toBe(false);
      await until('the connection is closed', () => server.connections === 1 && server.open === 0);
    },
  );

  it.each<[string, string, { hosts: string; from?: number; until?: number }, string]>([
    ['has expired', 'store.test', { hosts: 'store.test', from: -7200, until: -3600 }, 'TlsExpired'],
    ['is not yet valid', 'store.test', { hosts: 'store.test', from: 3600, until: 7200 }, 'TlsExpired'],
    ['is for another name', 'store.test', { hosts: 'other.test' }, 'TlsNameMismatch'],
    ['is for a name above', 'store.test', { hosts: 'test' }, 'TlsNameMismatch'],
    ['is for a name, not the address', '127.0.0.1', { hosts: 'store.test,localhost' }, 'TlsNameMismatch'],
    ['is for another address', '127.0.0.1', { hosts: '127.0.0.2' }, 'TlsNameMismatch'],
    ['is for the address, not the name', 'store.test', { hosts: '127.0.0.1' }, 'TlsNameMismatch'],
  ])('refuses a certificate that %s', async (_, host, certificate, kind) => {
    const server = await startTlsServer(pki.issue(certificate), answering(OK));
    const answer = await openNet({ resolve }).http.send(get(server.port, { host, caBundle: ca }), never);
    expect(answer).toMatchObject({ ok: false, error: { kind } });
    expect(server.received).toBe('');
    await until('the connection is closed', () => server.open === 0);
  });

  it.each([
    ['a name', 'store.test', 'store.test', '127.0.0.1'],
    ['an address', '127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['an IPv6 address', '[::1]', '::1', '::1'],
  ])('accepts a certificate for %s', async (_, host, hosts, listen) => {
    const server = await startTlsServer(pki.issue({ hosts }), answering(OK), { host: listen });
    const answer = await openNet({ resolve }).http.send(get(server.port, { host, caBundle: ca }), never);
    expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
  });

  it.each([
    ['a name', 'store.test', 'store.test'],
    ['no address', '127.0.0.1', false],
  ])('names %s in SNI, though it dials by number', async (_, host, servername) => {
    const seen: unknown[] = [];
    const server = await startTlsServer(pki.issue({ hosts: 'store.test,127.0.0.1' }), (socket, index) => {
      if (isTls(socket)) seen.push((socket as unknown as { servername: unknown }).servername);
      answering(OK)(socket, index);
    });
    await openNet({ resolve }).http.send(get(server.port, { host, caBundle: ca }), never);
    expect(seen).toEqual([servername]);
  });

  it('tells a port that speaks plain HTTP', async () => {
    const server = await startServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
    );
    expect(await openNet({ resolve }).http.send(get(server.port), never)).toMatchObject({
      error: { kind: 'TlsHandshakeFailed' },
    });
    await until('the connection is closed', () => server.open === 0);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses a server that knows nothing newer than %s', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    const server = await startTlsServer({ ...pki.issue({ hosts: 'store.test' }), ...old }, answering(OK));
    expect(await openNet({ resolve }).http.send(get(server.port, { caBundle: ca }), never)).toMatchObject({
      error: { kind: 'TlsHandshakeFailed' },
    });
  });

  it('gives up on a handshake that nobody answers', async () => {
    const server = await startServer(() => undefined);
    const net = openNet({ resolve, connectTimeoutMs: 100 });
    expect(await net.http.send(get(server.port), never)).toMatchObject({
      error: { kind: 'ConnectionTimedOut', providerCode: 'ETIMEDOUT' },
    });
    await until('the connection is closed', () => server.connections === 1 && server.open === 0);
  });

  it('ends with the signal amid the handshake', async () => {
    const server = await startServer(() => undefined);
    const end = new AbortController();
    const answer = openNet({ resolve, connectTimeoutMs: 1000 }).http.send(get(server.port), end.signal);
    await until('the greeting is there', () => server.received !== '');
    end.abort();
    expect(await answer).toMatchObject({ error: { kind: 'DeadlineExceeded' } });
    await until('the connection is closed', () => server.open === 0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['ends', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
  ])('tells a server that %s amid the handshake', async (_, act) => {
    const server = await startServer((socket) => socket.once('data', () => act(socket)));
    expect(await openNet({ resolve }).http.send(get(server.port), never)).toMatchObject({
      error: { kind: 'ConnectionReset' },
    });
  });

  it('survives a broken record that follows the handshake at once', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
    const alert = Buffer.from('15030300020228', 'hex');
    const relay = createRelay((front) => {
      const back = connect(server.port, '127.0.0.1');
      for (const socket of [front, back]) socket.on('error', () => undefined);
      front.pipe(back);
      back.on('data', (chunk) => front.write(Buffer.concat([chunk, alert])));
      back.on('close', () => front.destroy());
      front.on('close', () => back.destroy());
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const { port } = relay.address() as { port: number };
    const answer = await openNet({ resolve }).http.send(get(port, { caBundle: ca }), never);
    relay.close();
    expect(answer.ok).toBe(false);
  });
});
