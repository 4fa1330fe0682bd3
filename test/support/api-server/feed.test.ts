import { beforeEach, expect, it } from '@jest/globals';
import { SECRETS, TEAM_STORAGES } from '../../../src/api/resources.ts';
import { createObjectCache, type ObjectCache } from '../../../src/kube/object-cache.ts';
import type { ObjectChange } from '../../../src/ports/kube.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { at, secret, team, valueOf } from './objects.ts';
import { createApiServer, type ApiServer } from './server.ts';

let server: ApiServer;
let cache: ObjectCache<KubeObject>;
let changes: string[];

beforeEach(() => {
  server = createApiServer({ clock: createFakeClock() });
  cache = createObjectCache<KubeObject>();
  changes = [];
  cache.onChange(({ type, object }: ObjectChange<KubeObject>) => changes.push(`${type} ${object.metadata.name}`));
});

const labelled = (name: string, x: string) => secret(name, { metadata: { labels: { x } }, data: { a: 'MQ==' } });

it('lists first, then tells one event after the other and only when asked', async () => {
  const user = server.user('kubectl');
  valueOf(await user.create(SECRETS, secret('a')));
  const feed = server.watch(SECRETS, {}, cache.writer);
  expect(cache.reader.synced).toBe(true);
  valueOf(await user.create(SECRETS, secret('b')));
  valueOf(await user.delete(SECRETS, at('a')));
  expect([changes, feed.pending]).toEqual([['added a'], 2]);
  expect(feed.deliver()).toBe(1);
  expect(changes).toEqual(['added a', 'added b']);
  feed.deliverAll();
  expect([changes.at(-1), feed.pending, feed.deliver()]).toEqual(['deleted a', 0, 0]);
});

it('tells of the end of what no longer matches, and of other namespaces nothing', async () => {
  const user = server.user('kubectl');
  const feed = server.watch(SECRETS, { labelSelector: 'x=y', namespace: 'ns' }, cache.writer);
  valueOf(await user.create(SECRETS, labelled('a', 'y')));
  valueOf(await user.create(SECRETS, secret('a', { metadata: { namespace: 'other', labels: { x: 'y' } } })));
  valueOf(await user.mergePatch(SECRETS, at('a'), { metadata: { labels: { x: 'z' } } }));
  valueOf(await user.mergePatch(SECRETS, at('a'), { metadata: { labels: { q: 'z' } } }));
  expect(feed.pending).toBe(2);
  feed.deliverAll();
  expect(changes).toEqual(['added a', 'deleted a']);
});

it('shows metadata alone where that is asked for', async () => {
  const feed = server.watch<KubeObject>(SECRETS, { metadataOnly: true }, cache.writer);
  const made = valueOf(await server.user('kubectl').create(SECRETS, labelled('a', 'y')));
  feed.deliverAll();
  const held = cache.reader.get(at('a'));
  expect(Object.keys(held ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
  expect(held?.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
});

it('says nothing of a write that changed nothing', async () => {
  const user = server.user('kubectl');
  valueOf(await user.create(SECRETS, secret('a')));
  const feed = server.watch(SECRETS, {}, cache.writer);
  valueOf(await user.replace(SECRETS, secret('a')));
  expect(feed.pending).toBe(0);
});

it('forgets what is pending when it lists again', async () => {
  const user = server.user('kubectl');
  const feed = server.watch(SECRETS, {}, cache.writer);
  valueOf(await user.create(SECRETS, secret('a')));
  valueOf(await user.delete(SECRETS, at('a')));
  valueOf(await user.create(SECRETS, secret('b')));
  feed.relist();
  expect([changes, feed.pending]).toEqual([['added b'], 0]);
});

it('tells of all objects of a CRD that goes, and lists once it is back', async () => {
  const user = server.user('kubectl');
  valueOf(await user.create(TEAM_STORAGES, team('a')));
  const feed = server.watch(TEAM_STORAGES, {}, cache.writer);
  server.removeCrd('TeamStorage');
  expect(feed.pending).toBe(1);
  feed.relist();
  // There is nothing to list, so the store stays as it was.
  expect([changes, feed.pending]).toEqual([['added a'], 0]);
  server.installCrd('TeamStorage');
  feed.relist();
  expect(changes).toEqual(['added a', 'deleted a']);
});
