import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { createHealthServer } from '../../src/runtime/health.ts';
import type { HttpServer } from '../../src/runtime/http-server.ts';

const problems: { watches: string | undefined; queues: string | undefined } = {
  watches: undefined,
  queues: undefined,
};
let server: HttpServer;

beforeEach(async () => {
  Object.assign(problems, { watches: undefined, queues: undefined });
  server = createHealthServer({
    address: { host: '127.0.0.1', port: 0 },
    live: { process: () => undefined },
    ready: { watches: () => problems.watches, queues: () => problems.queues },
  });
  await server.start();
});

afterEach(() => server.stop());

async function get(path: string): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`http://127.0.0.1:${String(server.port)}${path}`);
  return { status: response.status, body: await response.text() };
}

/** The status line of an answer to a request target that no HTTP client would send. */
function raw(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: health\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

describe('the health server on a real socket', () => {
  it('says ok when nothing is wrong', async () => {
    expect(await get('/livez')).toEqual({ status: 200, body: 'ok' });
    expect(await get('/readyz')).toEqual({ status: 200, body: 'ok' });
  });

  it('says 503 and what is wrong, and stays alive', async () => {
    problems.watches = 'not listed yet: secrets';
    expect(await get('/readyz')).toEqual({
      status: 503,
      body: '[-]watches failed: not listed yet: secrets\nnot ok',
    });
    expect((await get('/livez')).status).toBe(200);
    problems.watches = undefined;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('lists every check when asked to', async () => {
    problems.queues = 'full';
    expect((await get('/readyz?verbose')).body).toBe('[+]watches ok\n[-]queues failed: full\nnot ok');
  });

  it('knows no other path', async () => {
    expect(await get('/metrics')).toMatchObject({ status: 404 });
    expect(await get('/__proto__')).toMatchObject({ status: 404 });
  });

  it('survives a request target that is no URL', async () => {
    expect(await raw('//')).toBe('HTTP/1.1 400 Bad Request');
    expect((await get('/livez')).status).toBe(200);
  });

  it('rejects its start when the port is taken, and can still be stopped', async () => {
    const second = createHealthServer({ address: { host: '127.0.0.1', port: server.port }, live: {}, ready: {} });
    await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await second.stop();
  });

  it('ends open connections when it stops', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('connect', resolve));
    await server.stop();
    await closed;
    await expect(get('/livez')).rejects.toThrow();
  });
});
