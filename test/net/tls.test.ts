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
  type CertificateOptions,
  type Pki,
} from './servers.ts';

const never = new AbortController().signal;
const resolve = resolverOf({ 'store.test': ['127.0.0.1'] });
let pki: Pki;
let ca: string;
/** A CA below `ca`, which all servers must send with what it issued. */
let issuing: string;
/** The same, for one domain only. */
let limited: string;

beforeAll(async () => {
  pki = await createPki();
  ca = pki.ca();
  issuing = pki.issuingCa('issuing');
  limited = pki.issuingCa('limited', { permit: 'other.test' });
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
      error: { kind: 'TlsIssuerUnknown' },
    });
    expect({ connections: server.connections, received: server.received }).toEqual({ connections: 1, received: '' });
    await until('the connection is closed', () => server.open === 0);
  });

  it('trusts the CA of a bundle, for requests with this bundle only', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK_KEPT, 'keep'));
    const net = openNet({ resolve });
    expect(await net.http.send(get(server.port, { caBundle: ca }), never)).toMatchObject({ ok: true });
    const refused = { ok: false, error: { kind: 'TlsIssuerUnknown' } };
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

  it.each([
    ['the issuing CA alone', 'whole chain', () => issuing],
    ['the issuing CA alone', 'certificate alone', () => issuing],
    ['the certificate itself', 'whole chain', (leaf: string) => leaf],
    ['the certificate itself', 'certificate alone', (leaf: string) => leaf],
    ['the CA at the end', 'whole chain', () => ca],
  ])('accepts a bundle with %s from a server that sends its %s', async (_, sent, bundle) => {
    const leaf = pki.issue({ hosts: 'store.test', ca: 'issuing' });
    const cert = sent === 'whole chain' ? leaf.cert + issuing : leaf.cert;
    const server = await startTlsServer({ key: leaf.key, cert }, answering(OK));
    const answer = await openNet({ resolve }).http.send(get(server.port, { caBundle: bundle(leaf.cert) }), never);
    expect(answer).toMatchObject({ ok: true, value: { peer: { certificate: { systemCa: false } } } });
  });

  it('accepts a certificate that signed itself and stands in the bundle, and no other of the same name', async () => {
    const own = pki.issue({ hosts: 'store.test', commonName: 'store', self: true });
    const other = pki.issue({ hosts: 'store.test', commonName: 'store', self: true });
    const server = await startTlsServer(own, answering(OK));
    const net = openNet({ resolve });
    expect(await net.http.send(get(server.port, { caBundle: own.cert }), never)).toMatchObject({ ok: true });
    expect((await net.http.send(get(server.port, { caBundle: other.cert }), never)).ok).toBe(false);
  });

  it('knows a server that does not send its intermediate certificate', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test', ca: 'issuing' }), answering(OK));
    expect(await openNet({ resolve }).http.send(get(server.port, { caBundle: ca }), never)).toMatchObject({
      error: { kind: 'TlsIssuerUnknown' },
    });
  });

  it.each(['no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'fails as a value with a bundle that holds none, and leaves no connection: %j',
    async (caBundle) => {
      const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(OK));
      expect((await openNet({ resolve }).http.send(get(server.port, { caBundle }), never)).ok).toBe(false);
      await until('the connection is closed', () => server.connections === 1 && server.open === 0);
    },
  );

  it.each<[string, string, CertificateOptions, string]>([
    ['has expired', 'store.test', { hosts: 'store.test', from: -7200, until: -3600 }, 'TlsExpired'],
    ['is not yet valid', 'store.test', { hosts: 'store.test', from: 3600, until: 7200 }, 'TlsExpired'],
    ['is for another name', 'store.test', { hosts: 'other.test' }, 'TlsNameMismatch'],
    ['is for a name above', 'store.test', { hosts: 'test' }, 'TlsNameMismatch'],
    ['is for a name, not the address', '127.0.0.1', { hosts: 'store.test,localhost' }, 'TlsNameMismatch'],
    ['is for another address', '127.0.0.1', { hosts: '127.0.0.2' }, 'TlsNameMismatch'],
    ['is for the address, not the name', 'store.test', { hosts: '127.0.0.1' }, 'TlsNameMismatch'],
    ['has a common name only', 'store.test', { commonName: 'store.test' }, 'TlsNameMismatch'],
    [
      'has the name as common name and an address beside it',
      'store.test',
      { commonName: 'store.test', hosts: '127.0.0.1' },
      'TlsNameMismatch',
    ],
    ['has an address as common name', '127.0.0.1', { commonName: '127.0.0.1' }, 'TlsNameMismatch'],
    ['has part of the name as wildcard', 'store.test', { hosts: 's*re.test' }, 'TlsNameMismatch'],
    ['has an RSA key of 1024 bits', 'store.test', { hosts: 'store.test', rsa: 1024 }, 'TlsCertificateInvalid'],
    ['is signed with SHA-1', 'store.test', { hosts: 'store.test', sha1: true }, 'TlsCertificateInvalid'],
    [
      'is of a CA that may not issue for the name',
      'store.test',
      { hosts: 'store.test', ca: 'limited' },
      'TlsCertificateInvalid',
    ],
  ])('refuses a certificate that %s', async (_, host, certificate, kind) => {
    const issued = pki.issue(certificate);
    // The server has no objection of its own.
    const weak = { ciphers: 'DEFAULT@SECLEVEL=0' };
    const chain = certificate.ca === 'limited' ? issued.cert + limited : issued.cert;
    const server = await startTlsServer({ ...weak, key: issued.key, cert: chain }, answering(OK));
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
