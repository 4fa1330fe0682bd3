import { afterEach, describe, expect, it } from '@jest/globals';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { freePorts } from '../servers/process.ts';
import {
  answering,
  cleanUp,
  loopbackPolicy,
  OK,
  OK_KEPT,
  openNet,
  resolverOf,
  startBlackHole,
  startServer,
  until,
} from './servers.ts';

const never = new AbortController().signal;
const anything = { allows: () => true };
const get = (url: string) => ({ method: 'GET', url });

function closedPolicy(allowedEndpoints: readonly string[] = []) {
  return createAddressPolicy({ allowedEndpoints, deniedCidrs: [], apiServerAddresses: [] });
}

afterEach(cleanUp);

describe('the guard on real sockets', () => {
  const LOOPBACK = [
    '127.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '127.0.0.1.',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    'LOCALHOST',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
  ];

  it.each(LOOPBACK)('sends nothing to http://%s, which an open policy would reach', async (host) => {
    const server = await startServer(answering(OK), { host: '::' });
    const url = `http://${host}:${server.port}/`;
    expect(await openNet({ policy: closedPolicy() }).http.send(get(url), never)).toEqual({
      ok: false,
      error: { kind: 'EndpointForbidden', providerCode: 'ENDPOINT_FORBIDDEN' },
    });
    expect(server.connections).toBe(0);
    expect(await openNet({ policy: anything }).http.send(get(url), never)).toMatchObject({ ok: true });
    expect(server.connections).toBe(1);
  });

  it.each(['127.0.0.0/8', 'localhost'])('dials loopback where %s is allowed', async (entry) => {
    const server = await startServer(answering(OK));
    const net = openNet({ policy: closedPolicy([entry]), resolve: resolverOf({ localhost: ['127.0.0.1'] }) });
    const answer = await net.http.send(get(`http://localhost:${server.port}/`), never);
    expect(answer).toMatchObject({ ok: true, value: { status: 200, route: 'direct' } });
  });

  it('stands in the dispatcher that SDKs use, too', async () => {
    const server = await startServer(answering(OK));
    const request = openNet({ policy: closedPolicy() })
      .dispatcher(undefined)
      .request({ origin: `http://${server.host}`, path: '/', method: 'GET' });
    await expect(request).rejects.toMatchObject({ code: 'ENDPOINT_FORBIDDEN' });
    expect(server.connections).toBe(0);
  });

  it('looks the same whether anybody listens or not', async () => {
    const server = await startServer(answering(OK));
    const [free] = await freePorts(1);
    const net = openNet({ policy: closedPolicy() });
    const answers = await Promise.all(
      [server.port, free].map((port) => net.http.send(get(`http://127.0.0.1:${String(port)}/`), never)),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  it('dials the very address that it has judged, whatever the name means a moment later', async () => {
    const good = await startServer(answering(OK), { host: '127.0.0.2' });
    const bad = await startServer(answering(OK), { host: '127.0.0.1', port: good.port });
    const answers = [['127.0.0.2'], ['127.0.0.1']];
    let questions = 0;
    const net = openNet({
      policy: closedPolicy(['127.0.0.2/32']),
      resolve: () => Promise.resolve(answers[questions++] ?? ['127.0.0.1']),
    });
    const url = `http://rebinding.test:${good.port}/`;
    expect(await net.http.send(get(url), never)).toMatchObject({ ok: true });
    expect({ questions, good: good.connections, bad: bad.connections }).toEqual({ questions: 1, good: 1, bad: 0 });
    expect(await net.http.send(get(url), never)).toMatchObject({ error: { kind: 'EndpointForbidden' } });
    expect({ questions, good: good.connections, bad: bad.connections }).toEqual({ questions: 2, good: 1, bad: 0 });
  });

  it.each([
    ['last', ['127.0.0.1', '169.254.169.254']],
    ['first', ['fd00:ec2::254', '127.0.0.1']],
    ['after those that would be dialled', [...Array<string>(6).fill('127.0.0.1'), '0.0.0.0']],
  ])('refuses a name with one bad address among good ones: %s', async (_, addresses) => {
    const server = await startServer(answering(OK));
    const net = openNet({ resolve: resolverOf({ 'mixed.test': addresses }) });
    const answer = await net.http.send(get(`http://mixed.test:${server.port}/`), never);
    expect(answer).toMatchObject({ error: { kind: 'EndpointForbidden' } });
    expect(server.connections).toBe(0);
  });

  it('sends no byte when the address that was reached is not the one that was judged', async () => {
    const server = await startServer(answering(OK));
    let asked = 0;
    const net = openNet({ policy: { allows: () => ++asked === 1 } });
    const answer = await net.http.send(get(`http://${server.host}/`), never);
    expect(answer).toMatchObject({ error: { kind: 'EndpointForbidden' } });
    await until('the connection is closed', () => server.connections === 1 && server.open === 0);
    expect(server.received).toBe('');
  });
});

describe('dialling on real sockets', () => {
  it('tells a port that nobody listens on', async () => {
    const [free] = await freePorts(1);
    expect(await openNet().http.send(get(`http://127.0.0.1:${String(free)}/`), never)).toEqual({
      ok: false,
      error: { kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' },
    });
  });

  it('tells a name that does not exist', async () => {
    const net = openNet({ resolve: resolverOf({}) });
    expect(await net.http.send(get('http://nowhere.test/'), never)).toMatchObject({
      error: { kind: 'NameNotResolved', providerCode: 'ENOTFOUND' },
    });
  });

  it('tells a resolver that does not answer', async () => {
    const net = openNet({ resolve: () => new Promise(() => undefined), connectTimeoutMs: 50 });
    expect(await net.http.send(get('http://slow.test/'), never)).toMatchObject({
      error: { kind: 'ResolverUnavailable', providerCode: 'EAI_AGAIN' },
    });
  });

  it('gives up on an address that does not answer', async () => {
    const { port } = await startBlackHole();
    const net = openNet({ connectTimeoutMs: 100 });
    expect(await net.http.send(get(`http://127.0.0.1:${port}/`), never)).toMatchObject({
      error: { kind: 'ConnectionTimedOut', providerCode: 'ETIMEDOUT' },
    });
  });

  it('leaves time for the next address when the first does not answer', async () => {
    const { port } = await startBlackHole();
    const server = await startServer(answering(OK), { host: '127.0.0.2', port });
    const net = openNet({ resolve: resolverOf({ 'two.test': ['127.0.0.1', '127.0.0.2'] }), connectTimeoutMs: 3000 });
    const begin = performance.now();
    expect(await net.http.send(get(`http://two.test:${port}/`), never)).toMatchObject({ ok: true });
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(server.connections).toBe(1);
  });

  it('comes to the other family before it gives up on many addresses of one', async () => {
    const server = await startServer(answering(OK));
    const addresses = ['::1', '::1', '::1', '::1', '::1', '127.0.0.1'];
    const net = openNet({ resolve: resolverOf({ 'many.test': addresses }) });
    expect(await net.http.send(get(`http://many.test:${server.port}/`), never)).toMatchObject({ ok: true });
  });

  it('dials four addresses of a name at most', async () => {
    const [port = 0] = await freePorts(1);
    const server = await startServer(answering(OK), { host: '127.0.0.6', port });
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.6'];
    const net = openNet({ resolve: resolverOf({ 'many.test': addresses }) });
    expect(await net.http.send(get(`http://many.test:${port}/`), never)).toMatchObject({
      error: { kind: 'ConnectionRefused' },
    });
    expect(server.connections).toBe(0);
  });

  it('ends at once when the caller gives up while connecting', async () => {
    const { port } = await startBlackHole();
    const end = new AbortController();
    const net = openNet({
      policy: {
        allows: (...asked) => {
          end.abort();
          return loopbackPolicy().allows(...asked);
        },
      },
      connectTimeoutMs: 3000,
    });
    expect(await net.http.send(get(`http://127.0.0.1:${port}/`), end.signal)).toMatchObject({
      error: { kind: 'DeadlineExceeded' },
    });
  });

  it('never sends a request whose caller gave up while connecting', async () => {
    const server = await startServer(answering(OK_KEPT, 'keep'));
    const asked = Promise.withResolvers<true>();
    const name = Promise.withResolvers<readonly string[]>();
    const net = openNet({
      resolve: () => {
        asked.resolve(true);
        return name.promise;
      },
    });
    const end = new AbortController();
    const abandoned = net.http.send(get(`http://slow.test:${server.port}/abandoned`), end.signal);
    await asked.promise;
    end.abort();
    expect(await abandoned).toMatchObject({ error: { kind: 'DeadlineExceeded' } });
    const next = net.http.send(get(`http://slow.test:${server.port}/next`), never);
    name.resolve(['127.0.0.1']);
    expect(await next).toMatchObject({ ok: true });
    await until('both connections stand', () => server.connections === 2);
    expect(await net.http.send(get(`http://slow.test:${server.port}/last`), never)).toMatchObject({ ok: true });
    expect(server.received.match(/^GET \S+/gm)).toEqual(['GET /next', 'GET /last']);
  });
});
