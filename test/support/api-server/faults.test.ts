import { beforeEach, expect, it } from '@jest/globals';
import { CONFIG_MAPS, SECRETS } from '../../../src/api/resources.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { at, configMap, secret, valueOf } from './objects.ts';
import type { ApiRequestDone } from './requests.ts';
import { createApiServer, type ApiServer } from './server.ts';

let server: ApiServer;

beforeEach(() => {
  server = createApiServer({ clock: createFakeClock() });
});

it('refuses before anything happens, as often as it was told to', async () => {
  const kube = server.client();
  const refusal = { status: 429, reason: 'TooManyRequests', retryAfterMs: 1000 };
  server.faults.add({ verb: 'create', kind: 'Secret', when: 'before', times: 1, ...refusal });
  expect(await kube.create(CONFIG_MAPS, configMap('a'))).toMatchObject({ ok: true });
  expect(await kube.create(SECRETS, secret('a'))).toMatchObject({ ok: false, error: refusal });
  expect(await kube.get(SECRETS, at('a'))).toMatchObject({ error: { status: 404 } });
  expect(await kube.create(SECRETS, secret('a'))).toMatchObject({ ok: true });
});

it('loses the answer of what was done', async () => {
  const kube = server.client();
  server.faults.add({
    verb: 'create',
    kind: 'Secret',
    name: 'a',
    status: 0,
    reason: 'ECONNRESET',
    when: 'after',
    times: 1,
  });
  expect(await kube.create(SECRETS, secret('a'))).toMatchObject({ error: { status: 0, reason: 'ECONNRESET' } });
  expect(await kube.get(SECRETS, at('a'))).toMatchObject({ ok: true });
});

it('spares users, other objects, and everybody once it is cleared', async () => {
  server.faults.add({
    verb: 'create',
    kind: 'Secret',
    namespace: 'ns',
    name: 'a',
    status: 500,
    reason: 'x',
    when: 'before',
    times: 9,
  });
  expect(await server.user('kubectl').create(SECRETS, secret('a'))).toMatchObject({ ok: true });
  expect(await server.client().create(SECRETS, secret('b'))).toMatchObject({ ok: true });
  server.faults.clear();
  expect(await server.client().create(SECRETS, secret('a'))).toMatchObject({ error: { reason: 'AlreadyExists' } });
});

it('tells what was asked, by whom, and whether it changed anything', async () => {
  const heard: ApiRequestDone[] = [];
  server.onRequest((request) => heard.push(request));
  const by = { fieldManager: 'byob', force: true };
  valueOf(await server.client().apply(CONFIG_MAPS, configMap('a'), by));
  valueOf(await server.client().apply(CONFIG_MAPS, configMap('a'), by));
  await server.user('kubectl').delete(CONFIG_MAPS, at('b'));
  const request = { kind: 'ConfigMap', key: at('a'), verb: 'apply', manager: 'byob', by: 'client', status: 200 };
  expect(heard).toEqual([
    { ...request, changed: true },
    { ...request, changed: false },
    { ...request, verb: 'delete', key: at('b'), manager: 'kubectl', by: 'user', changed: false, status: 404 },
  ]);
});

it('holds a request back until the hook lets it go', async () => {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  server.beforeRequest(({ by }) => (by === 'client' ? held : Promise.resolve()));
  const created = server.client().create(SECRETS, secret('a', { type: 'late' }));
  valueOf(await server.user('kubectl').create(SECRETS, secret('a', { type: 'early' })));
  letGo();
  expect(await created).toMatchObject({ error: { reason: 'AlreadyExists' } });
});
