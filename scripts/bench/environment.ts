import { readFileSync } from 'node:fs';
import { ALLOW_LABEL, INSTANCE_STORAGES, SECRETS, TEAM_STORAGES } from '../../src/api/resources.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { startControlPlane, type ControlPlane } from '../../test/servers/control-plane.ts';
import { createBucket, createUsers, startMinio, type Minio } from '../../test/servers/minio.ts';
import { track } from './run-to-the-end.ts';
import { installCrds } from '../../test/servers/install-crds.ts';

/** A control plane, a MinIO with some buckets, and clients with an administrator's permissions. */
export interface World {
  readonly plane: ControlPlane;
  readonly minio: Minio;
  readonly connection: KubeConnection;
  readonly kube: KubeClient;
  readonly buckets: readonly string[];
  createBucket(name: string): Promise<void>;
}

interface Validation {
  readonly interval: string;
  readonly fullInterval: string;
}

/** The number of buckets for which targets are defined. */
export const BUCKETS = 20;
export const SECRET = 'root';
export const ORIGIN = 'https://wandb.example.com';
const ACCOUNT = 'byob-operator';

export async function startWorld(cleanup: AsyncDisposableStack, count = BUCKETS): Promise<World> {
  const [plane, minio] = await Promise.all([track(cleanup, startControlPlane()), track(cleanup, startMinio())]);
  const buckets = Array.from({ length: count }, (_, index) => `bucket-${String(index).padStart(2, '0')}`);
  await Promise.all(buckets.map((bucket) => createBucket(minio, bucket)));
  await installCrds(plane);
  const connection = createKubeConnection(loadKubeConfig({ file: plane.kubeconfig }));
  cleanup.defer(() => connection.close());
  return {
    plane,
    minio,
    connection,
    kube: createKubeClient(connection),
    buckets,
    createBucket: (name) => createBucket(minio, name),
  };
}

/** A namespace with the operator's account and permissions, the key, the instance and its teams; the account's kubeconfig. */
export async function fillNamespace(
  world: World,
  namespace: string,
  teams: number,
  options: {
    readonly validation?: Validation;
    /** Index of the bucket of a team; by default teams take the buckets in turn. */
    readonly bucketOf?: (index: number) => string;
    /** InstanceStorages, which the teams name in turn. */
    readonly instances?: number;
    /** Each team has a user of the store and a Secret of its own. */
    readonly ownKeys?: boolean;
  } = {},
): Promise<string> {
  const { plane, kube } = world;
  const { bucketOf, instances = 1, ownKeys = false } = options;
  await plane.kubectl(['create', 'namespace', namespace]);
  await plane.kubectl(['apply', '-n', namespace, '-f', '-'], readFileSync('config/rbac/operator.yaml', 'utf8'));
  const { rootUser: accessKeyId, rootPassword: secretAccessKey } = world.minio;
  must(await kube.create(SECRETS, keySecret(namespace, SECRET, { accessKeyId, secretAccessKey })));
  const names = Array.from({ length: instances }, (_, index) => instanceName(index));
  for (const name of names) await addInstance(world, namespace, name);
  const all = Array.from({ length: teams }, (_, index) => {
    const { name, bucket } = teamAt(world, index);
    return { name, bucket: bucketOf?.(index) ?? bucket };
  });
  if (ownKeys) await addUsers(world, namespace, all);
  // In small batches: more at a time would not be faster.
  for (let at = 0; at < all.length; at += 20) {
    await Promise.all(
      all.slice(at, at + 20).map(async ({ name, bucket }, index) => {
        const secret = ownKeys ? await addKey(world, namespace, name) : SECRET;
        const instance = instances === 1 ? undefined : names[(at + index) % instances];
        await addTeam(world, {
          ...options,
          namespace,
          name,
          bucket,
          secret,
          ...(instance !== undefined && { instance }),
        });
      }),
    );
  }
  return plane.kubeconfigFor({ namespace, name: ACCOUNT });
}

/** Replaces the key in the Secret that all teams use. */
export async function putSharedKey(
  { kube }: World,
  namespace: string,
  key: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<void> {
  must(await kube.apply(SECRETS, keySecret(namespace, SECRET, key), { fieldManager: 'bench', force: true }));
}

/** Names of InstanceStorages: `wandb`, `wandb-1` and so on. */
export function instanceName(index: number): string {
  return index === 0 ? 'wandb' : `wandb-${index}`;
}

async function addInstance(world: World, namespace: string, name: string): Promise<void> {
  const [bucket = ''] = world.buckets;
  must(
    await world.kube.create(INSTANCE_STORAGES, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'InstanceStorage',
      metadata: { name, namespace },
      spec: {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: ORIGIN },
        bucket: bucketSpec(world.minio.endpoint, { name: bucket, path: `instance/${name}`, secret: SECRET }),
      },
    }),
  );
}

/** A user of the store for each team, with a key for its bucket. */
function addUsers(
  { minio }: World,
  namespace: string,
  teams: readonly { readonly name: string; readonly bucket: string }[],
): Promise<void> {
  const users = teams.map(({ name, bucket }) => {
    const { accessKeyId, secretAccessKey: secret } = keyOf(namespace, name);
    return { name: accessKeyId, secret, buckets: [bucket], actions: ['s3:*'] };
  });
  return createUsers(minio, users);
}

/** Writes the key of a team's own user into a Secret, and gives its name. */
async function addKey({ kube }: World, namespace: string, name: string): Promise<string> {
  must(await kube.create(SECRETS, keySecret(namespace, `key-of-${name}`, keyOf(namespace, name))));
  return `key-of-${name}`;
}

function keyOf(namespace: string, team: string) {
  return { accessKeyId: `key-${namespace}-${team}`, secretAccessKey: `secret-of-${team}` };
}

/** Name, bucket and sub-path of a team; teams take the buckets in turn. */
export function teamAt(
  { buckets }: Pick<World, 'buckets'>,
  index: number,
): { readonly name: string; readonly bucket: string; readonly path: string } {
  const name = `team-${String(index).padStart(4, '0')}`;
  return { name, bucket: buckets[index % buckets.length] ?? '', path: pathOf(name) };
}

function pathOf(team: string): string {
  return `teams/${team}`;
}

/** Creates a team with its own sub-path. */
export async function addTeam(
  world: World,
  team: {
    readonly namespace: string;
    readonly name: string;
    readonly bucket: string;
    readonly validation?: Validation;
    /** Where the store is reached; at its own address by default. */
    readonly endpoint?: string;
    readonly secret?: string;
    /** Name of its InstanceStorage, where there is more than one. */
    readonly instance?: string;
  },
): Promise<void> {
  const { namespace, name, bucket, validation, endpoint = world.minio.endpoint, secret = SECRET, instance } = team;
  must(
    await world.kube.create(TEAM_STORAGES, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      metadata: { name, namespace },
      spec: {
        team: name,
        bucket: bucketSpec(endpoint, { name: bucket, path: pathOf(name), secret }),
        ...(instance !== undefined && { instanceRef: { name: instance } }),
        ...(validation !== undefined && { validation }),
      },
    }),
  );
}

function bucketSpec(
  endpoint: string,
  { name, path, secret }: { readonly name: string; readonly path: string; readonly secret: string },
) {
  return {
    provider: 'S3Compatible' as const,
    name,
    path,
    s3Compatible: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKey: { secretRef: { name: secret } } },
    },
  };
}

function keySecret(
  namespace: string,
  name: string,
  key: { readonly accessKeyId: string; readonly secretAccessKey: string },
) {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [ALLOW_LABEL]: 'true' } },
    data: { ACCESS_KEY: base64(key.accessKeyId), SECRET_KEY: base64(key.secretAccessKey) },
  } as const;
}

function must(result: { readonly ok: true } | { readonly ok: false; readonly error: unknown }): void {
  if (!result.ok) throw new Error(`the API server refused: ${JSON.stringify(result.error)}`);
}
