import { describe, expect, it } from '@jest/globals';
import { configMap, versionsOf } from '../../test/support/fakes/cluster.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import type { KubeObject } from '../api/object.ts';
import type { ObjectChange } from '../ports/kube.ts';
import { createObjectCache } from './object-cache.ts';

function setUp() {
  const cache = createObjectCache<KubeObject>();
  const changes: ObjectChange<KubeObject>[] = [];
  cache.onChange((change) => changes.push(change));
  const reported = () => changes.map(({ type, object }) => `${type} ${object.metadata.name}`);
  return { cache, writer: cache.writer, reader: cache.reader, changes, reported };
}

describe('a store', () => {
  it('is synced with the first complete list, be it empty, and not before', async () => {
    const { cache, writer, reader } = setUp();
    let announced = false as boolean;
    void cache.whenSynced.then(() => (announced = true));
    writer.put(configMap('a', '1'));
    await settle();
    expect({ announced, synced: reader.synced }).toEqual({ announced: false, synced: false });
    writer.replace([]);
    await settle();
    expect({ announced, synced: reader.synced, objects: reader.list() }).toEqual({
      announced: true,
      synced: true,
      objects: [],
    });
  });

  it('reports what was added, updated and deleted, with the former object', () => {
    const { writer, changes } = setUp();
    const [one, two, last] = [configMap('a', '1'), configMap('a', '2'), configMap('a', '3')];
    writer.put(one);
    writer.put(two);
    writer.remove(last);
    expect(changes).toEqual([
      { type: 'added', object: one },
      { type: 'updated', object: two, previous: one },
      { type: 'deleted', object: two, isLastVersion: true },
    ]);
  });

  it('says where later versions of a deleted object may have been missed', () => {
    const { writer, changes } = setUp();
    const [gone, replaced] = [configMap('a', '1'), configMap('b', '1')];
    const again = { ...replaced, metadata: { ...replaced.metadata, uid: 'again', resourceVersion: '2' } };
    writer.replace([gone, replaced]);
    writer.replace([again]);
    expect(changes.slice(2)).toEqual([
      { type: 'deleted', object: gone, isLastVersion: false },
      { type: 'deleted', object: replaced, isLastVersion: false },
      { type: 'added', object: again },
    ]);
  });

  it('is up to date when a handler is called with a change', () => {
    const { cache, writer, reader } = setUp();
    const versions: (string | undefined)[] = [];
    cache.onChange(() => versions.push(reader.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion));
    writer.put(configMap('a', '1'));
    writer.put(configMap('a', '2'));
    writer.remove(configMap('a', '3'));
    expect(versions).toEqual(['1', '2', undefined]);
  });

  it('says nothing of an object that comes again unchanged', () => {
    const { writer, reported } = setUp();
    writer.replace([configMap('a', '1')]);
    writer.put(configMap('a', '1'));
    writer.replace([configMap('a', '1')]);
    expect(reported()).toEqual(['added a']);
  });

  it('says nothing of a deletion of what it never had', () => {
    const { writer, reported } = setUp();
    writer.remove(configMap('a', '1'));
    expect(reported()).toEqual([]);
  });

  it('takes a namesake with another uid for another object', () => {
    const { writer, reported } = setUp();
    writer.put(configMap('a', '1', 'first'));
    writer.put(configMap('a', '9', 'second'));
    expect(reported()).toEqual(['added a', 'deleted a', 'added a']);
  });

  it('reports the deletions that a new list implies before the additions and updates', () => {
    const { writer, reader, reported } = setUp();
    writer.replace([configMap('a', '1'), configMap('b', '2'), configMap('c', '3')]);
    writer.replace([configMap('d', '7'), configMap('b', '6'), configMap('c', '3')]);
    expect(reported().slice(3)).toEqual(['deleted a', 'added d', 'updated b']);
    expect(versionsOf(reader.list())).toEqual({ b: '6', c: '3', d: '7' });
  });

  it('keeps namesakes of different namespaces apart', () => {
    const { writer, reader } = setUp();
    const there = { ...configMap('a', '2'), metadata: { ...configMap('a', '2').metadata, namespace: 'there' } };
    writer.replace([configMap('a', '1'), there]);
    expect(reader.get({ namespace: 'there', name: 'a' })?.metadata.resourceVersion).toBe('2');
    expect(reader.list('ns').map(({ metadata }) => metadata.resourceVersion)).toEqual(['1']);
    expect(reader.list()).toHaveLength(2);
    expect(reader.list('nowhere')).toEqual([]);
  });

  it('lists a namespace by the same list until one of its objects changes', () => {
    const { writer, reader } = setUp();
    const there = { ...configMap('a', '2'), metadata: { ...configMap('a', '2').metadata, namespace: 'there' } };
    writer.replace([configMap('a', '1'), configMap('b', '1')]);
    const before = reader.list('ns');
    writer.put(there);
    writer.put(configMap('a', '1'));
    expect(reader.list('ns')).toBe(before);

    writer.put(configMap('a', '3'));
    expect(versionsOf(reader.list('ns'))).toEqual({ a: '3', b: '1' });
    writer.remove(configMap('b', '1'));
    expect(versionsOf(reader.list('ns'))).toEqual({ a: '3' });
    writer.put(configMap('c', '4'));
    expect(versionsOf(reader.list('ns'))).toEqual({ a: '3', c: '4' });
    expect(versionsOf(before)).toEqual({ a: '1', b: '1' });
  });

  it('drops managedFields and nothing else, and leaves the given object alone', () => {
    const { writer, reader } = setUp();
    const object = { ...configMap('a', '1'), data: { kept: 'yes' } };
    const given = { ...object, metadata: { ...object.metadata, managedFields: [{ manager: 'kubectl' }] } };
    writer.put(given);
    expect(reader.get({ namespace: 'ns', name: 'a' })).toEqual(object);
    expect(given.metadata.managedFields).toHaveLength(1);
  });
});
