import { expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import type { KubeConnection, KubeRequest } from '../kube/connection.ts';
import { createWatches } from './watches.ts';

const ANNOTATIONS = {
  'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"SECRET_KEY":"aGVsbG8="}}',
  'storage.wandb.com/reconcile-requested-at': 'now',
};

/** Lists one object of each resource; its watches deliver no events. */
function connection(): KubeConnection {
  const metadata = { name: 'one', namespace: 'ns', uid: 'u', resourceVersion: '1', annotations: ANNOTATIONS };
  const page = { metadata: { resourceVersion: '1' }, items: [{ metadata, spec: { team: 'one' } }] };
  return {
    request({ path, signal }: KubeRequest) {
      if (!path.includes('watch=')) {
        return Promise.resolve({
          statusCode: 200,
          headers: {},
          body: Readable.from([Buffer.from(JSON.stringify(page))]),
        });
      }
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    },
    close: () => Promise.resolve(),
  } as unknown as KubeConnection;
}

it('has each object once, also if a namespace is named twice', async () => {
  const watches = createWatches({
    connection: connection(),
    namespaces: ['ns', 'ns'],
    requireSecretLabel: true,
    clock: createFakeClock(),
    timeSlice: () => Promise.resolve(),
    log: createFakeLog(),
  });
  await watches.start();
  const names = watches.instances.reader.list('ns').map(({ metadata }) => metadata.name);
  await watches.stop();
  expect(names).toEqual(['one']);
});

it('keeps no annotation of what it watches by metadata, and of storages those that are read', async () => {
  const watches = createWatches({
    connection: connection(),
    namespaces: ['ns'],
    requireSecretLabel: true,
    clock: createFakeClock(),
    timeSlice: () => Promise.resolve(),
    log: createFakeLog(),
  });
  await watches.start();
  const kept = Object.fromEntries(
    (['allowedSecrets', 'managedSecrets', 'configMaps', 'instances', 'teams'] as const).map((name) => [
      name,
      watches[name].reader.get({ namespace: 'ns', name: 'one' })?.metadata.annotations,
    ]),
  );
  await watches.stop();
  const read = { 'storage.wandb.com/reconcile-requested-at': 'now' };
  expect(kept).toEqual({
    allowedSecrets: undefined,
    managedSecrets: undefined,
    configMaps: undefined,
    instances: read,
    teams: read,
  });
});
