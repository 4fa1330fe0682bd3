import { afterAll, expect, it } from '@jest/globals';
import { applyStorage, getStorage, minioBucket, readSecret, untilStorage } from '../../servers/objects.ts';
import { distinctData, OUTPUT, watchOutputs } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const TIMEOUT_MS = 180_000;
const ALLOW = { bucketChangePolicy: 'Allow' };
let world: PublishedNamespace;
const team = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

afterAll(async () => {
  await world.operator.stop();
});

async function boundTo(name: string): Promise<string> {
  const { status } = await getStorage(world.namespace, 'TeamStorage', name);
  return status?.boundBucket?.endpoint ?? '';
}

async function addresses(): Promise<readonly string[]> {
  const stores = (await readSecret(world.namespace, OUTPUT))?.['SUPPORTED_FILE_STORES'] ?? '';
  return stores.split(',').map((entry) => entry.replace(/^.*@/, '').replace(/\?.*$/, ''));
}

it(
  'the same bucket under another address: the old one stays until the new one is proven, for those who borrow it too',
  async () => {
    const { minio } = sharedServers();
    const [bucket, { port }] = [await newBucket('omega'), new URL(minio.endpoint)];
    const at = (endpoint: string) => {
      const spec = minioBucket(minio, bucket, 'root');
      return { ...spec, s3Compatible: { ...spec.s3Compatible, endpoint } };
    };
    const borrowed = { team: 'sigma', bucketFrom: { teamStorageRef: { name: 'omega' }, path: 'sigma' } };
    world = await publishNamespace('moved', {
      teams: { omega: { team: 'omega', bucket: at(minio.endpoint) }, sigma: borrowed },
    });
    const { namespace } = world;
    const [old, next] = [`127.0.0.1:${port}/${bucket}`, `localhost:${port}/${bucket}`];
    expect(await addresses()).toEqual([old]);
    await expect(
      applyStorage(namespace, 'TeamStorage', 'omega', { team: 'omega', bucket: at(`http://localhost:${port}`) }),
    ).rejects.toThrow('For the same bucket under another address');

    const outputs = await watchOutputs(namespace);
    await applyStorage(namespace, 'TeamStorage', 'omega', {
      team: 'omega',
      bucket: at('http://127.0.0.1:1'),
      ...ALLOW,
    });
    const wrong = await untilStorage(team('omega'), { ready: 'False', reason: 'ConnectionRefused', published: 'True' });
    expect(wrong.status?.boundBucket?.endpoint).toBe(minio.endpoint);
    // Who borrows the bucket and may not move keeps the old entry.
    await untilStorage(team('sigma'), { ready: 'False', reason: 'BucketChangeForbidden', published: 'True' });

    await applyStorage(namespace, 'TeamStorage', 'sigma', { ...borrowed, ...ALLOW });
    const moved = { team: 'omega', bucket: at(`http://localhost:${port}`) };
    await applyStorage(namespace, 'TeamStorage', 'omega', { ...moved, ...ALLOW });
    for (const name of ['omega', 'sigma']) {
      await untilStorage(team(name), { ready: 'True', publishedReason: 'Published' }, 60);
      await until(`${name} is bound to the new address`, async () => (await boundTo(name)).includes('localhost'));
    }
    await until('the old address is gone', async () => (await addresses()).join() === next, 60);
    await outputs.finish();
    expect(outputs.deletions).toBe(0);
    const without = distinctData(outputs.secrets).filter(({ SUPPORTED_FILE_STORES: stores = '' }) => {
      const text = Buffer.from(stores, 'base64').toString('utf8');
      return !text.includes(old) && !text.includes(next);
    });
    expect(without).toEqual([]);

    await applyStorage(namespace, 'TeamStorage', 'omega', moved);
    await untilStorage(team('omega'), { ready: 'True', publishedReason: 'Published' });
    expect(await addresses()).toEqual([next]);
  },
  TIMEOUT_MS,
);
