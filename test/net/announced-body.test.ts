import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startProxy } from './connect-proxy.ts';
import {
  answering,
  cleanUp,
  createPki,
  openNet,
  resolverOf,
  startServer,
  startTlsServer,
  until,
  type Pki,
  type TestServer,
} from './servers.ts';

const never = new AbortController().signal;
const BYTES = 2 * 1024 ** 3;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

let pki: Pki;
beforeAll(async () => {
  pki = await createPki();
  pki.ca();
});
afterEach(cleanUp);

const announcing = (url: string, more: object = {}) => ({
  method: 'PUT',
  url,
  headers: { 'content-md5': 'bQ==' },
  announces: BYTES,
  ...more,
});

/** What a server got is one head, which announces the body, and no byte of it. */
function expectHeadAlone(server: TestServer): void {
  const [head = '', ...rest] = server.received.split('\r\n\r\n');
  expect(rest).toEqual(['']);
  const lines = head.toLowerCase().split('\r\n');
  for (const line of [`content-length: ${BYTES}`, 'expect: 100-continue', 'content-md5: bq==']) {
    expect(lines).toContain(line);
  }
}

describe('an upload that is only announced, on real sockets', () => {
  it.each<[string, string, number, ('keep' | 'end')?]>([
    ['a store that would take it', CONTINUE, 100],
    [
      'one that says more before',
      `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${CONTINUE}`,
      100,
    ],
    [
      'nginx, which judges by the head',
      'HTTP/1.1 413 Request Entity Too Large\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>',
      413,
    ],
    ['HAProxy, which ends the connection', 'HTTP/1.0 413 Payload Too Large\r\n\r\n<html>', 413, 'end'],
    ['a store with a limit', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 400],
    ['a server that knows no expectation', 'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n', 417],
  ])('gets the first answer of %s', async (_, answer, status, after = 'keep') => {
    const server = await startServer(answering(answer, after));
    const sent = await openNet().http.send(announcing(`http://${server.host}/key?X-Amz-Signature=x`), never);
    expect(sent).toMatchObject({ ok: true, value: { status } });
    await until('the connection is closed', () => server.open === 0);
    expectHeadAlone(server);
  });

  it.each([
    ['waits', () => undefined, 'DeadlineExceeded'],
    ['hangs up', answering(''), 'ConnectionReset'],
  ] as const)('is no answer where a server %s', async (what, onSocket, kind) => {
    const server = await startServer(onSocket);
    const end = new AbortController();
    const sent = openNet().http.send(announcing(`http://${server.host}/key`), end.signal);
    await until('the head is there', () => server.received.includes('\r\n\r\n'));
    if (what === 'waits') end.abort();
    expect(await sent).toMatchObject({ ok: false, error: { kind } });
    await until('the connection is closed', () => server.open === 0);
    expectHeadAlone(server);
  });

  it('reaches a server by TLS, which it trusts as for any other request', async () => {
    const server = await startTlsServer(pki.issue({ hosts: 'store.test' }), answering(CONTINUE, 'keep'));
    const net = openNet({ resolve: resolverOf({ 'store.test': ['127.0.0.1'] }) });
    const url = `https://store.test:${server.port}/key`;
    expect(await net.http.send(announcing(url, { caBundle: pki.ca() }), never)).toMatchObject({
      ok: true,
      value: { status: 100 },
    });
    expectHeadAlone(server);
    expect(await net.http.send(announcing(url), never)).toMatchObject({ error: { kind: 'TlsIssuerUnknown' } });
  });

  it('goes through an HTTP proxy, whose own limit counts too', async () => {
    const server = await startServer(answering(CONTINUE, 'keep'));
    const [proxy, strict] = [await startProxy(), await startServer(answering('HTTP/1.1 413 Too Large\r\n\r\n'))];
    const url = `http://store.test:${server.port}/key`;
    const through = ({ host }: TestServer) =>
      openNet({ resolve: resolverOf({ 'store.test': ['127.0.0.1'] }), proxy: { httpProxy: host } });
    expect(await through(proxy).http.send(announcing(url), never)).toMatchObject({ value: { status: 100 } });
    expect(proxy.received).toMatch(/^PUT http:\/\/store\.test:\d+\/key HTTP\/1\.1\r\n/);
    expectHeadAlone(server);
    expect(await through(strict).http.send(announcing(url), never)).toMatchObject({ value: { status: 413 } });
  });
});
