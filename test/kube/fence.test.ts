import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { createFencedConnection } from '../../src/kube/fenced-connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { adminConnection, newNamespace, sharedServers } from '../servers/shared.ts';
import { CONFIG_MAPS } from './cluster.ts';

let namespace: string;
const admin = createKubeClient(adminConnection());

beforeAll(async () => {
  namespace = await newNamespace('fence');
});

afterAll(() => adminConnection().close());

const NOT_LEADING = {
  ok: false,
  error: { reason: 'NotLeading', message: 'this process does not lead and must not write' },
};

function configMap(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { written: 'yes' } };
}

/** A client of its own connection, which has none open yet. */
async function withFence(mayWrite: () => boolean, use: (kube: KubeClient) => Promise<void>): Promise<void> {
  const connection = createKubeConnection(loadKubeConfig({ file: sharedServers().kubeconfig }));
  try {
    await use(createKubeClient(createFencedConnection(connection, mayWrite)));
  } finally {
    await connection.close();
  }
}

it('writes to a real API server while it may', () =>
  withFence(
    () => true,
    async (kube) => {
      expect(await kube.create(CONFIG_MAPS, configMap('may'))).toMatchObject({ ok: true });
      expect(await kube.delete(CONFIG_MAPS, { namespace, name: 'may' })).toMatchObject({ ok: true });
    },
  ));

it('only reads from the moment on at which it may not write, and says why', () =>
  withFence(
    () => false,
    async (kube) => {
      const options = { fieldManager: 'test', force: true };
      const key = { namespace, name: 'may-not' };
      const writes = [
        kube.apply(CONFIG_MAPS, configMap('may-not'), options),
        kube.applyStatus(CONFIG_MAPS, configMap('may-not'), options),
        kube.create(CONFIG_MAPS, configMap('may-not')),
        kube.replace(CONFIG_MAPS, configMap('may-not')),
        kube.delete(CONFIG_MAPS, key),
      ];
      for (const write of writes) expect(await write).toMatchObject(NOT_LEADING);
      expect(await kube.get(CONFIG_MAPS, key)).toMatchObject({ ok: false, error: { status: 404 } });
    },
  ));

it('does not send what was begun in time and waited for its connection', async () => {
  let leads = true as boolean;
  await withFence(
    () => leads,
    async (kube) => {
      const write = kube.create(CONFIG_MAPS, configMap('too-late'));
      leads = false;
      expect(await write).toMatchObject(NOT_LEADING);
    },
  );
  expect(await admin.get(CONFIG_MAPS, { namespace, name: 'too-late' })).toMatchObject({ error: { status: 404 } });
});
