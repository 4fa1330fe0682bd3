import { expect, it } from '@jest/globals';
import { ok } from '../domain/result.ts';
import type { KubeClient, KubeObject, ResourceType } from '../ports/kube.ts';
import { createFencedClient } from './fenced-client.ts';

const TYPE: ResourceType<KubeObject> = { group: '', version: 'v1', plural: 'things', kind: 'Thing' };
const OBJECT = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'one', namespace: 'ns' } };
const KEY = { namespace: 'ns', name: 'one' };
const OPTIONS = { fieldManager: 'test', force: true };

/** A client that only counts. */
function counting() {
  const calls: string[] = [];
  const told =
    (name: string) =>
    (...args: readonly unknown[]) => {
      calls.push(`${name}/${String(args.length)}`);
      return Promise.resolve(ok(OBJECT as never));
    };
  const names = ['get', 'apply', 'applyStatus', 'create', 'replace', 'delete'] as const;
  return { calls, client: Object.fromEntries(names.map((name) => [name, told(name)])) as unknown as KubeClient };
}

function everyCall(client: KubeClient) {
  return Promise.all([
    client.get(TYPE, KEY),
    client.apply(TYPE, OBJECT, OPTIONS),
    client.applyStatus(TYPE, OBJECT, OPTIONS),
    client.create(TYPE, OBJECT),
    client.replace(TYPE, OBJECT),
    client.delete(TYPE, KEY),
  ]);
}

it('writes while it may', async () => {
  const { calls, client } = counting();
  await everyCall(createFencedClient(client, () => true));

  expect(calls).toEqual(['get/2', 'apply/3', 'applyStatus/3', 'create/2', 'replace/2', 'delete/2']);
});

it('only reads from the moment on at which it may not write, and says why', async () => {
  const { calls, client } = counting();
  const [read, ...writes] = await everyCall(createFencedClient(client, () => false));

  expect(calls).toEqual(['get/2']);
  expect(read.ok).toBe(true);
  for (const write of writes) expect(write).toMatchObject({ ok: false, error: { reason: 'NotLeading' } });
});
