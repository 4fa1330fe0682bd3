import { readFileSync } from 'node:fs';
import { ALLOW_LABEL, INSTANCE_STORAGES, SECRETS, TEAM_STORAGES } from '../../src/api/resources.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { startControlPlane, type ControlPlane } from '../../test/servers/control-plane.ts';
import { createBucket, startMinio, type Minio } from '../../test/servers/minio.ts';
import { track } from './run-to-the-end.ts';

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
  await plane.kubectl(['apply', '--server-side', '-k', 'crds']);
  await plane.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
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
  } = {},
): Promise<string> {
  const { plane, kube } = world;
  await plane.kubectl(['create', 'namespace', namespace]);
  await plane.kubectl(['apply', '-n', namespace, '-f', '-'], readFileSync('config/rbac/operator.yaml', 'utf8'));
  must(await kube.create(SECRETS, keySecret(world, namespace)));
  const [bucket = ''] = world.buckets;
  must(
    await kube.create(INSTANCE_STORAGES, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'InstanceStorage',
      metadata: { name: 'wandb', namespace },
      spec: {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: ORIGIN },
        bucket: bucketSpec(world.minio.endpoint, bucket, 'instance'),
      },
    }),
  );
  const all = Array.from({ length: teams }, (_, index) => teamAt(world, index));
  const { bucketOf } = options;
  // In small batches: more at a time would not be faster.
  for (let at = 0; at < all.length; at += 20) {
    await Promise.all(
      all.slice(at, at + 20).map(({ name, bucket: own }, index) => {
        const bucketOfTeam = bucketOf?.(at + index) ?? own;
        return addTeam(world, { ...options, namespace, name, bucket: bucketOfTeam });
      }),
    );
  }
  return plane.kubeconfigFor({ namespace, name: ACCOUNT });
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
  },
): Promise<void> {
  const { namespace, name, bucket, validation, endpoint = world.minio.endpoint } = team;
  must(
    await world.kube.create(TEAM_STORAGES, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      metadata: { name, namespace },
      spec: {
        team: name,
        bucket: bucketSpec(endpoint, bucket, pathOf(name)),
        ...(validation !== undefined && { validation }),
      },
    }),
  );
}

function bucketSpec(endpoint: string, name: string, path: string) {
  return {
    provider: 'S3Compatible' as const,
    name,
    path,
    s3Compatible: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKey: { secretRef: { name: SECRET } } },
    },
  };
}

function keySecret({ minio }: World, namespace: string) {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET, namespace, labels: { [ALLOW_LABEL]: 'true' } },
    data: { ACCESS_KEY: base64(minio.rootUser), SECRET_KEY: base64(minio.rootPassword) },
  } as const;
}

function must(result: { readonly ok: true } | { readonly ok: false; readonly error: unknown }): void {
  if (!result.ok) throw new Error(`the API server refused: ${JSON.stringify(result.error)}`);
}
