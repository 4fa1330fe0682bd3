import { expect, it } from '@jest/globals';
import { identityOnly, withoutLastApplied } from './kept-metadata.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

it('keeps of a watched Secret who it is, and nothing that could hold its data', () => {
  const identity = {
    name: 'key',
    namespace: 'ns',
    uid: 'u',
    resourceVersion: '7',
    labels: { 'storage.wandb.com/allow': 'true' },
    deletionTimestamp: '2026-01-01T00:00:00Z',
  };
  const metadata = {
    ...identity,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { [LAST_APPLIED]: '{"data":{"SECRET_KEY":"aGVsbG8="}}', other: 'x' },
  };
  const object = { apiVersion: 'v1', kind: 'Secret', metadata, data: { SECRET_KEY: 'aGVsbG8=' } };
  expect(identityOnly(object)).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: identity });
  expect(identityOnly({ ...object, metadata: { name: 'key' } }).metadata).toEqual({ name: 'key' });
});

it.each([
  ["kubectl's copy alone", { [LAST_APPLIED]: '{}', 'storage.wandb.com/reconcile-requested-at': 'now' }],
  ['nothing where there is none', { 'storage.wandb.com/reconcile-requested-at': 'now' }],
])('drops of a storage %s', (_what, annotations) => {
  const object = { apiVersion: 'v1', kind: 'TeamStorage', metadata: { name: 'a', annotations }, spec: { team: 'a' } };
  expect(withoutLastApplied(object)).toEqual({
    ...object,
    metadata: { name: 'a', annotations: { 'storage.wandb.com/reconcile-requested-at': 'now' } },
  });
});
