import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/app/system-clock.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { createEventRecorder } from '../../src/kube/event-recorder.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { freePorts, temporaryFolder } from '../servers/process.ts';
import { adminConnection, newNamespace, sharedServers } from '../servers/shared.ts';
import { createFakeLog } from '../support/fakes/log.ts';
import { CONFIG_MAPS, requestJson, until, type ConfigMap } from './cluster.ts';

let namespace: string;
let kube: KubeClient;

beforeAll(async () => {
  namespace = await newNamespace('client');
  kube = createKubeClient(adminConnection());
});

afterAll(() => adminConnection().close());

function configMap(name: string, data: Readonly<Record<string, string>> = {}, resourceVersion?: string) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, ...(resourceVersion !== undefined && { resourceVersion }) },
    data,
  };
}

async function dataOf(name: string): Promise<ConfigMap['data']> {
  const read = await kube.get(CONFIG_MAPS, { namespace, name });
  return read.ok ? read.value.data : undefined;
}

const by = (fieldManager: string, force = false) => ({ fieldManager, force });

describe('the client on a real API server', () => {
  it('creates, reads and deletes', async () => {
    const key = { namespace, name: 'simple' };
    const created = await kube.create(CONFIG_MAPS, configMap('simple', { a: '1' }));
    expect(created).toMatchObject({ ok: true, value: { data: { a: '1' }, metadata: { uid: expect.any(String) } } });
    expect(await kube.get(CONFIG_MAPS, key)).toEqual(created);
    expect(await kube.delete(CONFIG_MAPS, key)).toEqual({ ok: true, value: undefined });
    expect(await kube.get(CONFIG_MAPS, key)).toMatchObject({ ok: false, error: { status: 404, reason: 'NotFound' } });
  });

  it('says NotFound for what is not there, whatever is done with it', async () => {
    const error = {
      status: 404,
      reason: 'NotFound',
      message: 'configmaps "nobody" not found',
      details: { name: 'nobody', kind: 'configmaps' },
    };
    const key = { namespace, name: 'nobody' };
    expect(await kube.get(CONFIG_MAPS, key)).toEqual({ ok: false, error });
    expect(await kube.delete(CONFIG_MAPS, key)).toEqual({ ok: false, error });
    expect(await kube.replace(CONFIG_MAPS, configMap('nobody', {}, '1'))).toMatchObject({ error: { status: 404 } });
  });

  it('does not create twice', async () => {
    await kube.create(CONFIG_MAPS, configMap('once'));
    expect(await kube.create(CONFIG_MAPS, configMap('once'))).toMatchObject({
      ok: false,
      error: { status: 409, reason: 'AlreadyExists' },
    });
  });

  it('replaces the current version, and no older one', async () => {
    const first = await kube.create(CONFIG_MAPS, configMap('versions', { a: '1' }));
    if (!first.ok) throw new Error(first.error.reason);
    const { resourceVersion } = first.value.metadata;
    expect(await kube.replace(CONFIG_MAPS, configMap('versions', { a: '2' }, resourceVersion))).toMatchObject({
      ok: true,
    });
    const stale = await kube.replace(CONFIG_MAPS, configMap('versions', { a: '3' }, resourceVersion));
    expect(stale).toMatchObject({ ok: false, error: { status: 409, reason: 'Conflict' } });
    expect(!stale.ok && 'conflicts' in stale.error).toBe(false);
    expect(await dataOf('versions')).toEqual({ a: '2' });
  });

  it('names the other manager and the field when an apply would take it, and takes it only by force', async () => {
    await kube.apply(CONFIG_MAPS, configMap('shared', { a: 'theirs', b: 'theirs' }), by('argocd'));
    const mine = configMap('shared', { a: 'mine' });
    expect(await kube.apply(CONFIG_MAPS, mine, by('byob-operator'))).toMatchObject({
      ok: false,
      error: { status: 409, reason: 'Conflict', conflicts: [{ manager: 'argocd', field: '.data.a' }] },
    });
    expect(await dataOf('shared')).toEqual({ a: 'theirs', b: 'theirs' });
    expect(await kube.apply(CONFIG_MAPS, mine, by('byob-operator', true))).toMatchObject({ ok: true });
    expect(await dataOf('shared')).toEqual({ a: 'mine', b: 'theirs' });
  });

  it('removes by apply what it no longer applies, and nothing of others', async () => {
    await kube.apply(CONFIG_MAPS, configMap('less', { a: '1', b: '2' }), by('byob-operator'));
    await kube.apply(CONFIG_MAPS, configMap('less', { theirs: 'x' }), by('argocd'));
    await kube.apply(CONFIG_MAPS, configMap('less', { a: '1' }), by('byob-operator'));
    expect(await dataOf('less')).toEqual({ a: '1', theirs: 'x' });
  });

  it('says what is wrong with an object that the API server refuses', async () => {
    const refused = await kube.create(CONFIG_MAPS, configMap('Not A Name'));
    expect(refused).toMatchObject({ ok: false, error: { status: 422, reason: 'Invalid' } });
    expect(!refused.ok && refused.error.message).toContain('metadata.name');
  });

  it('says that nobody answers, and repeats no secret', async () => {
    const [port = 0] = await freePorts(1);
    const file = join(temporaryFolder('byob-client-'), 'kubeconfig');
    const servers = sharedServers();
    const text = readFileSync(servers.kubeconfig, 'utf8');
    writeFileSync(file, text.replace(servers.serverUrl, `https://127.0.0.1:${String(port)}`));
    const connection = createKubeConnection(loadKubeConfig({ file }));
    const read = await createKubeClient(connection).get(CONFIG_MAPS, { namespace, name: 'any' });
    expect(read).toEqual({
      ok: false,
      error: { status: 0, reason: 'ECONNREFUSED', message: 'the API server did not answer' },
    });
    await connection.close();
  });
});

describe('an event on a real API server', () => {
  interface Event {
    readonly note: string;
    readonly type: string;
    readonly reason: string;
    readonly regarding: { readonly name: string };
  }

  it.each([
    ['ascii', 'x'.repeat(5000)],
    ['letters', 'größer'.repeat(500)],
    ['emoji', '🪣'.repeat(2000)],
  ])('is recorded however long its note is: %s', async (name, note) => {
    const log = createFakeLog();
    const recorder = createEventRecorder({
      kube,
      clock: systemClock,
      log,
      controller: 'storage.wandb.com/byob-operator',
      instance: 'test',
      randomSuffix: () => '1',
    });
    const created = await kube.create(CONFIG_MAPS, configMap(name));
    if (!created.ok) throw new Error(created.error.reason);
    recorder.record({ regarding: created.value, type: 'Warning', reason: 'WriteDenied', action: 'Validate', note });
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events/${name}.1`;
    const read = () => requestJson(adminConnection(), 'GET', path);
    await until('the event is there', async () => log.lines.length > 0 || (await read()).status === 200);
    expect(log.lines).toEqual([]);
    const body = (await read()).body as Event;
    expect(body).toMatchObject({ type: 'Warning', reason: 'WriteDenied', regarding: { name } });
    expect(note.startsWith(body.note)).toBe(true);
    expect(body.note.length).toBeGreaterThan(500);
  });
});
