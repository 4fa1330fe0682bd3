import { ALLOW_LABEL, SECRETS, TEAM_STORAGES, type SecretObject } from '../../src/api/resources.ts';
import { createWatchSource } from '../../src/kube/watch-source.ts';
import type { Applied } from '../../src/ports/kube.ts';
import { createUser } from '../../test/servers/minio.ts';
import type { World } from './environment.ts';
import type { StoreKey } from './floor/signature.ts';

/** The team whose key is rotated, and its Secret. */
const TEAM = 'rotating';
export const ROTATING_BUCKET = 'rotating-bucket';

/** Creates a team with its own bucket and Secret, and two valid keys. */
export async function addRotatingTeam(
  world: World,
  namespace: string,
  instance?: string,
): Promise<readonly StoreKey[]> {
  const keys = [0, 1].map((number) => ({
    accessKeyId: `rotating-${number}`,
    secretAccessKey: `secret-of-rotating-${number}`,
  }));
  await world.createBucket(ROTATING_BUCKET);
  for (const { accessKeyId: name, secretAccessKey: secret } of keys) {
    await createUser(world.minio, { name, secret, buckets: [ROTATING_BUCKET], actions: ['s3:*'] });
  }
  const [first] = keys;
  if (first !== undefined) await applyKey(world, namespace, first);
  const created = await world.kube.create(TEAM_STORAGES, {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name: TEAM, namespace },
    spec: {
      team: TEAM,
      ...(instance !== undefined && { instanceRef: { name: instance } }),
      bucket: {
        provider: 'S3Compatible',
        name: ROTATING_BUCKET,
        s3Compatible: {
          endpoint: world.minio.endpoint,
          region: 'us-east-1',
          credentials: { accessKey: { secretRef: { name: TEAM } } },
        },
      },
    },
  });
  if (!created.ok) throw new Error(JSON.stringify(created.error));
  return keys;
}

export async function applyKey({ kube }: World, namespace: string, key: StoreKey): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secret: Applied<SecretObject> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: TEAM, namespace, labels: { [ALLOW_LABEL]: 'true' } },
    data: { ACCESS_KEY: base64(key.accessKeyId), SECRET_KEY: base64(key.secretAccessKey) },
  };
  const applied = await kube.apply(SECRETS, secret, { fieldManager: 'bench', force: true });
  if (!applied.ok) throw new Error(JSON.stringify(applied.error));
}

/** Watches when the output Secret of `wandb` holds an entry with a key. */
export async function watchPublished({ connection }: World, namespace: string) {
  const source = createWatchSource<SecretObject>(connection, { type: SECRETS, namespace });
  const ended = new AbortController();
  const page = await source.page(undefined, ended.signal);
  if (!page.ok) throw new Error(page.error.reason);
  const watch = await source.watch(page.value.resourceVersion, 3_600, ended.signal);
  if (!watch.ok) throw new Error(watch.error.reason);
  let awaited: { readonly key: string; readonly resolve: (at: number) => void } | undefined;
  const running = (async () => {
    for await (const { object } of watch.value) {
      if (object.metadata.name !== 'wandb-storage') continue;
      const value = Buffer.from(object.data?.['SUPPORTED_FILE_STORES'] ?? '', 'base64').toString('utf8');
      if (awaited !== undefined && value.includes(`//${awaited.key}:`)) awaited.resolve(performance.now());
    }
  })().catch(() => undefined);
  return {
    seen(key: string): Promise<number> {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${key} was not published within 60 s`)), 60_000);
        awaited = {
          key,
          resolve(at) {
            clearTimeout(late);
            resolve(at);
          },
        };
      });
    },
    async stop() {
      ended.abort();
      await running;
    },
  };
}
