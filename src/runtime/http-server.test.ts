import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHttpServer, type HttpServer } from './http-server.ts';

let turns: number;
let server: HttpServer;

function* parts(): Iterable<string> {
  const began = turns;
  yield 'one ';
  yield turns > began ? 'two ' : 'at once ';
  yield 'three';
}

function* broken(): Iterable<string> {
  yield 'one ';
  throw new Error('no more');
}

beforeEach(async () => {
  turns = 0;
  server = createHttpServer({
    name: 'test',
    address: { host: '127.0.0.1', port: 0 },
    routes: {
      '/text': () => ({ status: 200, contentType: 'text/x-test', body: 'all of it' }),
      '/parts': () => ({ status: 200, body: parts() }),
      '/broken': () => ({ status: 200, body: broken() }),
      '/fails': () => Promise.reject(new Error('no answer')),
    },
  });
  await server.start();
});
afterEach(() => server.stop());

function ask(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`);
}

describe('an HTTP server', () => {
  it('answers with a text', async () => {
    const response = await ask('/text');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/x-test',
      'all of it',
    ]);
  });

  it('sends an answer in parts, each in a turn of its own: others have theirs in between', async () => {
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    expect(await (await ask('/parts')).text()).toBe('one two three');
    clearImmediate(next);
  });

  it('ends the connection where an answer breaks off: half an answer must not look like a whole one', async () => {
    const response = await ask('/broken');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('says that it failed, and which paths there are', async () => {
    expect((await ask('/fails')).status).toBe(500);
    expect(await (await ask('/elsewhere')).text()).toBe('paths: /text /parts /broken /fails\n');
    expect((await ask('//')).status).toBe(400);
  });
});
