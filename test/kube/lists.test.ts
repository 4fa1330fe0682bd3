import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/app/system-clock.ts';
import { createReflector, REFLECTOR_DEFAULTS } from '../../src/kube/reflector.ts';
import { createObjectCache } from '../../src/kube/object-cache.ts';
import type { ObjectChange } from '../../src/ports/kube.ts';
import { createWatchSource } from '../../src/kube/watch-source.ts';
import type { KubeObject, PartialObject, ResourceType } from '../../src/api/object.ts';
import { adminConnection, newNamespace } from '../servers/shared.ts';
import { createFakeLog } from '../support/fakes/log.ts';
import { CONFIG_MAPS, requestJson, until, watchConfigMaps, writer } from './cluster.ts';

const SECRETS: ResourceType<PartialObject> = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' };
let namespace: string;

beforeAll(async () => {
  namespace = await newNamespace('lists');
});

/** What a test leaves running, also when it fails. */
const ends: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

afterAll(() => adminConnection().close());

describe('a paged list on a real API server', () => {
  it('brings all of 620 objects in two pages, and what changed between them', async () => {
    const write = writer(adminConnection(), namespace);
    const names = Array.from({ length: 620 }, (_value, index) => `object-${String(index).padStart(3, '0')}`);
    await write.createAll(names);
    const pages: number[] = [];
    const watched = watchConfigMaps(adminConnection(), namespace, {}, (source) => ({
      ...source,
      async page(token, signal) {
        const page = await source.page(token, signal);
        pages.push(page.ok ? page.value.items.length : -1);
        if (token === undefined) {
          // In the page that is here already, and in the one that is yet to come.
          for (const name of ['object-001', 'object-610']) await write.edit(name, 'second');
          for (const name of ['object-002', 'object-611']) await write.remove(name);
          await write.create('object-999');
        }
        return page;
      },
    }));
    ends.push(() => watched.stop());
    await until('the list is there', () => watched.store.reader.synced);
    expect(pages).toEqual([500, 120]);
    await until('the changes are there', () => {
      const values = watched.values();
      return values['object-999'] !== undefined && values['object-610'] === 'second';
    });
    expect(watched.values()).toEqual(await write.truth());
    expect(Object.keys(watched.values())).toHaveLength(619);
    expect(watched.log.lines).toEqual([]);
  });
});

describe('a metadata-only watch on a real API server', () => {
  it('holds no data of a Secret, from the list or from the watch, and sees each change', async () => {
    const connection = adminConnection();
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const labels = { 'test.wandb.com/mine': 'true' };
    const secret = (name: string) => ({ metadata: { name, labels }, stringData: { password: 'CANARY' } });
    await requestJson(connection, 'POST', path, secret('listed'));

    const cache = createObjectCache<PartialObject>();
    const changes: ObjectChange<PartialObject>[] = [];
    cache.onChange((change) => changes.push(change));
    const source = createWatchSource(connection, {
      type: SECRETS,
      namespace,
      labelSelector: 'test.wandb.com/mine=true',
      metadataOnly: true,
    });
    const log = createFakeLog();
    const end = new AbortController();
    const running = createReflector({
      source,
      cache: cache.writer,
      clock: systemClock,
      log,
      options: REFLECTOR_DEFAULTS,
    }).run(end.signal);
    ends.push(() => {
      end.abort();
      return running;
    });
    await until('the list is there', () => cache.reader.synced);
    await requestJson(connection, 'POST', path, secret('watched'));
    await requestJson(connection, 'PATCH', `${path}/listed`, { stringData: { password: 'CANARY-2' } });
    await requestJson(connection, 'POST', path, { metadata: { name: 'without-label' } });
    await requestJson(connection, 'DELETE', `${path}/watched`);
    await until('the deletion is there', () => changes.some(({ type }) => type === 'deleted'));
    expect(changes.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      ...['added listed', 'added watched', 'updated listed', 'deleted watched'],
    ]);
    for (const { object } of changes) {
      expect(Object.keys(object).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(object).toMatchObject({ apiVersion: 'v1', kind: 'Secret', metadata: { labels, namespace } });
    }
    for (const text of ['CANARY', Buffer.from('CANARY').toString('base64').slice(0, 7), 'managedFields']) {
      expect(JSON.stringify(changes)).not.toContain(text);
    }
  });
});

describe('many watches on a real API server', () => {
  it('leave room for requests', async () => {
    const connection = adminConnection();
    const source = createWatchSource<KubeObject>(connection, { type: CONFIG_MAPS, namespace });
    const end = new AbortController();
    ends.push(() => {
      end.abort();
      return Promise.resolve();
    });
    const page = await source.page(undefined, end.signal);
    if (!page.ok) throw new Error(page.error.reason);
    let opened = 0;
    for (let count = 0; count < 80; count++) {
      void source.watch(page.value.resourceVersion, 290, end.signal).then(({ ok }) => (opened += ok ? 1 : 0));
    }
    await until('80 watches stand', () => opened === 80, 15);
    const answer = await requestJson(connection, 'GET', `/api/v1/namespaces/${namespace}`);
    expect(answer.status).toBe(200);
  });
});
