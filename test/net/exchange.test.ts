import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../src/net/http-request.ts';
import { freePorts } from '../servers/process.ts';
import { answering, cleanUp, OK, OK_KEPT, openNet, resolverOf, startServer, until, type OnSocket } from './servers.ts';

const never = new AbortController().signal;
const get = (url: string) => ({ method: 'GET', url });

afterEach(cleanUp);

function head(lines: readonly string[], status = '200 OK'): string {
  return [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n');
}

/** Writes for as long as anybody reads, and says how much was taken. */
function endless(begin: string, piece: string) {
  let written = 0;
  const onSocket: OnSocket = (socket) => {
    socket.once('data', () => {
      const pump = (): void => {
        while (!socket.destroyed && !socket.writableEnded) {
          written += piece.length;
          if (!socket.write(piece)) break;
        }
      };
      socket.on('drain', pump);
      socket.write(begin);
      pump();
    });
  };
  return {
    onSocket,
    get written() {
      return written;
    },
  };
}

/** Writes a byte whenever the last one is out and a moment has passed. */
function loris(begin: string) {
  let written = 0;
  const onSocket: OnSocket = (socket) => {
    socket.once('data', () => {
      socket.write(begin);
      const timer = setInterval(() => {
        if (socket.destroyed) return;
        written++;
        socket.write('x');
      }, 5);
      socket.on('close', () => clearInterval(timer));
    });
  };
  return {
    onSocket,
    get written() {
      return written;
    },
  };
}

describe('an answer on real sockets', () => {
  it('is given as it is: status, headers in lower case and joined, body, route', async () => {
    const server = await startServer(
      answering(head(['X-One: a', 'x-one: b', 'Set-Cookie: c', 'Content-Length: 3'], '418 Teapot') + 'tea', 'keep'),
    );
    const answer = await openNet().http.send(get(`http://${server.host}/a%20b?list-type=2&x=%2F`), never);
    expect(answer).toMatchObject({
      ok: true,
      value: { status: 418, headers: { 'x-one': 'a, b', 'set-cookie': 'c' }, route: 'direct' },
    });
    expect(answer.ok && Buffer.from(answer.value.body).toString()).toBe('tea');
    expect(server.received).toMatch(/^GET \/a%20b\?list-type=2&x=%2F HTTP\/1\.1\r\n/);
  });

  it('belongs to a request with its method, headers and body, and none of our own making', async () => {
    const server = await startServer(answering(OK));
    const request = { method: 'PUT', headers: { 'x-amz-acl': 'private' }, body: Buffer.from('hello') };
    await openNet().http.send({ ...request, url: `http://${server.host}/key` }, never);
    const lines = server.received.split('\r\n').map((line) => line.toLowerCase());
    expect(lines.filter((line) => !/^connection: /.test(line))).toEqual([
      'put /key http/1.1',
      `host: ${server.host}`,
      'x-amz-acl: private',
      'content-length: 5',
      '',
      'hello',
    ]);
  });

  it.each([301, 302, 303, 307, 308])('with status %i is not followed', async (status) => {
    const target = await startServer(answering(OK));
    const location = `http://${target.host}/latest/meta-data/`;
    const server = await startServer(
      answering(head([`Location: ${location}`, 'Content-Length: 0'], `${status} Moved`)),
    );
    const answer = await openNet().http.send(get(`http://${server.host}/`), never);
    expect(answer).toMatchObject({ ok: true, value: { status, headers: { location } } });
    expect({ server: server.connections, target: target.connections }).toEqual({ server: 1, target: 0 });
  });

  it('that is HTML with success is given as it is', async () => {
    const html = '<html><body>Please log in</body></html>';
    const lines = ['Content-Type: text/html', `Content-Length: ${html.length}`];
    const server = await startServer(answering(head(lines) + html));
    const answer = await openNet().http.send(get(`http://${server.host}/`), never);
    expect(answer).toMatchObject({ ok: true, value: { status: 200, headers: { 'content-type': 'text/html' } } });
    expect(answer.ok && Buffer.from(answer.value.body).toString()).toBe(html);
  });

  it('is not decompressed, and compression is not asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES);
    const lines = ['Content-Encoding: gzip', `Content-Length: ${bomb.length}`];
    const server = await startServer(answering(Buffer.concat([Buffer.from(head(lines)), bomb])));
    const answer = await openNet().http.send(get(`http://${server.host}/`), never);
    expect(answer.ok && Buffer.compare(Buffer.from(answer.value.body), bomb)).toBe(0);
    expect(server.received).not.toMatch(/accept-encoding/i);
  });
});

describe('the caps of an answer on real sockets', () => {
  const tooLarge = { ok: false, error: { kind: 'ResponseTooLarge' } };

  it.each([
    ['with a length', (body: string) => head([`Content-Length: ${body.length}`]) + body],
    [
      'in chunks',
      (body: string) => `${head(['Transfer-Encoding: chunked'])}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
    ['until the end of the connection', (body: string) => head(['Connection: close']) + body],
  ])('take a body of 64 KiB and refuse one byte more: %s', async (_, write) => {
    let size = MAX_BODY_BYTES;
    const server = await startServer((socket, index) => answering(write('x'.repeat(size)))(socket, index));
    const net = openNet();
    const full = await net.http.send(get(`http://${server.host}/`), never);
    expect(full.ok && full.value.body.length).toBe(MAX_BODY_BYTES);
    size = MAX_BODY_BYTES + 1;
    // A connection of its own for the second request.
    expect(await openNet().http.send(get(`http://${server.host}/`), never)).toMatchObject(tooLarge);
  });

  it.each([
    ['body', head(['Transfer-Encoding: chunked']), `400\r\n${'x'.repeat(1024)}\r\n`],
    ['body without a length', head(['Connection: close']), 'x'.repeat(1024)],
    ['row of headers', 'HTTP/1.1 200 OK\r\n', 'X-Header: value\r\n'],
    ['header', 'HTTP/1.1 200 OK\r\nX-Header: ', 'x'.repeat(1024)],
  ])('end an endless %s and close the connection', async (_, begin, piece) => {
    const source = endless(begin, piece);
    const server = await startServer(source.onSocket);
    expect(await openNet().http.send(get(`http://${server.host}/`), never)).toMatchObject(tooLarge);
    await until('the connection is closed', () => server.open === 0);
    // What the kernel's buffers take, and no more.
    expect(source.written).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('the signal on real sockets', () => {
  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\nX-Slow: '],
    ['a body', head(['Content-Length: 100000'])],
    ['chunks', `${head(['Transfer-Encoding: chunked'])}ffff\r\n`],
  ])('ends %s that come a byte at a time', async (_, begin) => {
    const source = loris(begin);
    const server = await startServer(source.onSocket);
    const end = new AbortController();
    const answer = openNet().http.send(get(`http://${server.host}/`), end.signal);
    await until('some bytes are out', () => source.written >= 5);
    end.abort();
    expect(await answer).toEqual({ ok: false, error: { kind: 'DeadlineExceeded', providerCode: 'AbortError' } });
    await until('the connection is closed', () => server.open === 0);
  });

  it('ends interim answers without end', async () => {
    const source = endless('', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
    const server = await startServer(source.onSocket);
    const end = new AbortController();
    const answer = openNet().http.send(get(`http://${server.host}/`), end.signal);
    await until('many are out', () => source.written > 100_000);
    end.abort();
    expect((await answer).ok).toBe(false);
    await until('the connection is closed', () => server.open === 0);
  });

  it('ends a request that nobody answers', async () => {
    const server = await startServer(() => undefined);
    const end = new AbortController();
    const answer = openNet().http.send(get(`http://${server.host}/`), end.signal);
    await until('the request is there', () => server.received.includes('\r\n\r\n'));
    end.abort();
    expect(await answer).toMatchObject({ error: { kind: 'DeadlineExceeded' } });
    await until('the connection is closed', () => server.open === 0);
  });

  it.each([
    ['a timeout', AbortSignal.timeout(20)],
    ['a reason of the caller', AbortSignal.abort(new Error('CANARY'))],
    ['a reason that is no error', AbortSignal.abort('CANARY')],
  ])('is a deadline with %s', async (_, signal) => {
    const server = await startServer(() => undefined);
    expect(await openNet().http.send(get(`http://${server.host}/`), signal)).toEqual({
      ok: false,
      error: { kind: 'DeadlineExceeded', providerCode: 'AbortError' },
    });
  });

  it('that comes after the answer changes nothing', async () => {
    const server = await startServer(answering(OK_KEPT, 'keep'));
    const net = openNet();
    // A request that follows at once may open a second connection; from then on they are reused.
    for (let turn = 0; turn < 2; turn++) await net.http.send(get(`http://${server.host}/`), never);
    const { connections, open } = server;
    const end = new AbortController();
    expect(await net.http.send(get(`http://${server.host}/`), end.signal)).toMatchObject({ ok: true });
    end.abort();
    expect(await net.http.send(get(`http://${server.host}/`), never)).toMatchObject({ ok: true });
    expect({ connections: server.connections, open: server.open }).toEqual({ connections, open });
  });
});

describe('what is no answer on real sockets', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['another protocol', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), 'NotAnObjectStore'],
    ['binary data', (socket) => socket.end(Buffer.alloc(64, 0xff)), 'NotAnObjectStore'],
    ['an end without a word', (socket) => socket.end(), 'ConnectionReset'],
    ['a reset', (socket) => socket.resetAndDestroy(), 'ConnectionReset'],
    ['an end amid the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'), 'ConnectionReset'],
    ['an end amid the body', (socket) => socket.end(head(['Content-Length: 10']) + 'x'), 'ConnectionReset'],
    [
      'a reset amid the body',
      (socket) => socket.write(head(['Content-Length: 10']), () => socket.resetAndDestroy()),
      'ConnectionReset',
    ],
  ])('%s', async (_, act, kind) => {
    const server = await startServer((socket) => socket.once('data', () => act(socket)));
    expect(await openNet().http.send(get(`http://${server.host}/`), never)).toMatchObject({
      ok: false,
      error: { kind },
    });
  });
});

describe('a signed URL that fails on real sockets', () => {
  const SIGNED = 'key-CANARY?X-Amz-Credential=CANARY&X-Amz-Signature=CANARY';
  const kinds: [string, string, OnSocket | undefined, AbortSignal?][] = [
    ['EndpointForbidden', 'http://0.0.0.0', () => undefined],
    ['NameNotResolved', 'http://canary-free.test', () => undefined],
    ['ConnectionRefused', 'http://127.0.0.1', undefined],
    ['ConnectionReset', 'http://127.0.0.1', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    [
      'TlsHandshakeFailed',
      'https://127.0.0.1',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 CANARY')),
    ],
    ['NotAnObjectStore', 'http://127.0.0.1', (socket) => socket.once('data', () => socket.end('CANARY\r\n\r\n'))],
    ['ResponseTooLarge', 'http://127.0.0.1', endless(head(['X-CANARY: CANARY']), 'CANARY'.repeat(200)).onSocket],
    ['DeadlineExceeded', 'http://127.0.0.1', () => undefined, AbortSignal.abort(new Error('CANARY'))],
    ['ConnectionReset', 'http://user:CANARY@127.0.0.1:99999', () => undefined],
    ['ConnectionReset', 'gopher://CANARY', () => undefined],
  ];

  it.each(kinds)('is in no failure: %s of %s', async (kind, origin, onSocket, signal = never) => {
    const [free = 0] = await freePorts(1);
    const port = onSocket === undefined ? free : (await startServer(onSocket)).port;
    const request = { method: 'PUT', headers: { authorization: 'CANARY' }, body: Buffer.from('CANARY') };
    const net = openNet({ resolve: resolverOf({}) });
    const failure = await net.http.send({ ...request, url: `${origin}:${port}/${SIGNED}` }, signal);
    expect(failure).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(failure)).not.toContain('CANARY');
  });
});
