import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKubeConnection, type KubeConnection } from '../../../src/kube/connection.ts';
import { loadKubeConfig } from '../../../src/kube/kube-config.ts';
import { startControlPlane, type ControlPlane } from '../../servers/control-plane.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { MINE, requestJson, until, watchConfigMaps, writer } from '../../kube/cluster.ts';

let plane: ControlPlane;
let proxy: TcpProxy;
/** Straight to the API server. */
let direct: KubeConnection;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ apiServerArgs: ['--etcd-compaction-interval=1s'] });
  proxy = await startTcpProxy(Number(new URL(plane.serverUrl).port));
  direct = createKubeConnection(loadKubeConfig({ file: plane.kubeconfig }));
});

afterAll(async () => {
  await direct.close();
  await proxy.stop();
  await plane.stop();
});

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
  proxy.mend();
});

/** A connection over the proxy, for one test. */
function proxied(): KubeConnection {
  const file = join(plane.folder, 'proxied.kubeconfig');
  const text = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(file, text.replace(plane.serverUrl, `https://127.0.0.1:${String(proxy.port)}`));
  const connection = createKubeConnection(loadKubeConfig({ file }));
  ends.push(() => connection.close());
  return connection;
}

async function newNamespace(): Promise<string> {
  const name = `outage-${randomBytes(4).toString('hex')}`;
  const created = await requestJson(direct, 'POST', '/api/v1/namespaces', { metadata: { name } });
  if (created.status !== 201) throw new Error(`namespace ${name}: ${String(created.status)}`);
  return name;
}

/** A reflector that has seen `a`, `b` and `c`, and watches. */
async function watching(connection: KubeConnection, options: Parameters<typeof watchConfigMaps>[2] = {}) {
  const namespace = await newNamespace();
  const write = writer(direct, namespace);
  for (const name of ['a', 'b', 'c']) await write.create(name);
  const watched = watchConfigMaps(connection, namespace, options);
  ends.push(() => watched.stop());
  await until('the watch stands', () => watched.opened() > 0);
  watched.changes.length = 0;
  return { write, watched };
}

describe('a reflector on a real API server', () => {
  it('survives the death of the API server: no later change is lost, and none is told twice', async () => {
    const { write, watched } = await watching(direct);
    await plane.stopApiServer();
    await until('the reflector notices', () => watched.reasons().length > 0);
    expect(watched.values()).toEqual({ a: 'first', b: 'first', c: 'first' });
    await plane.startApiServer();
    await write.edit('a', 'second');
    await write.remove('b');
    await write.create('d');
    await until('the edits are there', () => watched.values()['d'] === 'first');
    expect(watched.values()).toEqual(await write.truth());
    expect([...watched.changes].sort()).toEqual(['added d=first', 'deleted b', 'updated a=second']);
    // And the watch goes on as if nothing had been.
    await write.edit('c', 'third');
    await until('the next edit is there', () => watched.values()['c'] === 'third');
    expect(watched.changes).toHaveLength(4);
  });

  it('lists anew after a 410 for its version, and finds what it missed', async () => {
    const { write, watched } = await watching(proxied());
    proxy.cut();
    await write.edit('a', 'second');
    await write.edit('a', 'third');
    await write.remove('b');
    await write.remove('c');
    await write.create('c', 'made again');
    await write.create('d');
    // A new API server knows nothing of what was before it.
    await plane.stopApiServer();
    await plane.startApiServer();
    expect(watched.changes).toEqual([]);
    proxy.mend();
    await until('the edits are there', () => watched.values()['d'] === 'first');
    expect(watched.log.lines.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ status: 410, reason: 'Expired' }),
    );
    expect(watched.values()).toEqual(await write.truth());
    expect([...watched.changes].sort()).toEqual([
      'added c=made again',
      'added d=first',
      'deleted b',
      'deleted c',
      'updated a=third',
    ]);
  });

  it('begins its list anew when the token of the next page has expired', async () => {
    const namespace = await newNamespace();
    const write = writer(direct, namespace);
    const names = Array.from({ length: 501 }, (_value, index) => `object-${String(index).padStart(3, '0')}`);
    await write.createAll(names);
    const tokens: (string | undefined)[] = [];
    const watched = watchConfigMaps(direct, namespace, {}, (source) => ({
      ...source,
      async page(token, signal) {
        tokens.push(token);
        if (token !== undefined && tokens.length === 2) {
          // The list is half there: now its second half changes, and etcd forgets the version of the first.
          await write.edit('object-500', 'second');
          await write.remove('object-000');
          await until('the token has expired', () => hasExpired(namespace, token), 60);
        }
        return source.page(token, signal);
      },
    }));
    ends.push(() => watched.stop());
    await until('the list is there', () => watched.store.reader.synced, 90);
    expect(tokens.slice(0, 3)).toEqual([undefined, expect.any(String), undefined]);
    expect(watched.log.lines.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ status: 410, reason: 'Expired' }),
    );
    expect(watched.values()).toEqual(await write.truth());
    expect(Object.keys(watched.values())).toHaveLength(500);
    await write.edit('object-001', 'third');
    await until('the next edit is there', () => watched.values()['object-001'] === 'third');
  });

  async function hasExpired(namespace: string, token: string): Promise<boolean> {
    const query = new URLSearchParams({ limit: '500', labelSelector: MINE, continue: token }).toString();
    const answer = await requestJson(direct, 'GET', `/api/v1/namespaces/${namespace}/configmaps?${query}`);
    return answer.status === 410;
  }

  it('gives up a watch that stands and carries nothing, and finds what it missed', async () => {
    const { write, watched } = await watching(proxied(), { watchSeconds: 5, stallGraceMs: 500 });
    proxy.swallow();
    await write.edit('a', 'second');
    await write.remove('b');
    await until('the edits are there', () => watched.values()['a'] === 'second');
    expect(watched.reasons()).toContain('WatchStalled');
    await until('all is as on the API server', async () => {
      return JSON.stringify(watched.values()) === JSON.stringify(await write.truth());
    });
    expect([...watched.changes].sort()).toEqual(['deleted b', 'updated a=second']);
  });

  it('resumes after a reset of the connection without a new list', async () => {
    let lists = 0;
    const namespace = await newNamespace();
    const write = writer(direct, namespace);
    await write.create('a');
    const watched = watchConfigMaps(proxied(), namespace, {}, (source) => ({
      ...source,
      page: (token, signal) => {
        lists += 1;
        return source.page(token, signal);
      },
    }));
    ends.push(() => watched.stop());
    await until('the watch stands', () => watched.opened() > 0);
    proxy.cut();
    await write.edit('a', 'second');
    await until('the reflector notices', () => watched.reasons().length > 0);
    proxy.mend();
    await until('the edit is there', () => watched.values()['a'] === 'second');
    expect({ lists, changes: watched.changes }).toEqual({ lists: 1, changes: ['added a=first', 'updated a=second'] });
  });
});
