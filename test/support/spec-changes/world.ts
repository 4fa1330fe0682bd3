import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { applyStorage, minioBucket } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { freePorts } from '../../servers/process.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import type { Kind } from '../../crds/crd-files.ts';
import { DEPLOYMENT, OWN_BUCKET, OWN_NAME, type Base } from './bases.ts';
import type { Spec } from './placement.ts';
import { createStores, endpointFlags, OTHER_BUCKET, type Stores } from './stores.ts';

export type Storage = InstanceStorage | TeamStorage;
const API = '/apis/storage.wandb.com/v1alpha1';
const PLURALS = { InstanceStorage: 'instancestorages', TeamStorage: 'teamstorages' } as const;

/** A namespace in which objects are changed side by side, and the one operator of them all. */
export interface World {
  readonly namespace: string;
  readonly operator: OperatorProcess;
  readonly stores: Stores;
}

/** An object that is changed and changed back. An InstanceStorage has a team on its bucket. */
export interface Lane {
  readonly name: string;
  readonly base: Base;
  readonly bucket: string;
  readonly otherBucket: string;
  readonly team?: string;
}

type Data = Readonly<Record<string, string>>;

/** Data of the Secret, in base64, and of the ConfigMap of an instance. */
export interface Outputs {
  readonly secret: Data | undefined;
  readonly configMap: Data | undefined;
}

/** Everything that the operator writes, by name. */
export interface Written {
  readonly storages: ReadonlyMap<string, Storage>;
  /** Of each instance. */
  readonly outputs: ReadonlyMap<string, Outputs>;
}

/** With an operator, two InstanceStorages, and two teams that lend their buckets. */
export async function createWorld(): Promise<World> {
  const namespace = await newNamespace('changes');
  const stores = await createStores(namespace);
  const { minio } = sharedServers();
  for (const name of ['home', 'spare']) {
    const bucket = minioBucket(minio, await newBucket(name), 'minio');
    await applyStorage(namespace, 'InstanceStorage', name, { deployment: DEPLOYMENT, bucket });
  }
  for (const name of ['lender', 'lender-2']) {
    const bucket = minioBucket(minio, await newBucket(name), 'minio');
    await applyStorage(namespace, 'TeamStorage', name, { team: name, instanceRef: { name: 'home' }, bucket });
  }
  const [closed = 0] = await freePorts(1);
  // Nothing leaves the machine, whatever name a change comes up with.
  const proxy = `http://127.0.0.1:${closed}`;
  const args = [...endpointFlags(closed), '--allowed-endpoints=127.0.0.0/8,localhost'];
  const operator = await startOperator(namespace, { args, env: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } });
  return { namespace, operator, stores };
}

export async function createLane(world: World, base: Base, index: number): Promise<Lane> {
  const { namespace, stores } = world;
  const name = `${base.kind === 'TeamStorage' ? 't' : 'i'}-${base.name}-${index}`;
  const { provider } = base;
  const [bucket, otherBucket] =
    provider === undefined ? ['', ''] : await Promise.all([stores.newBucket(provider), stores.newBucket(provider)]);
  const lane = { name, base, bucket, otherBucket };
  await applyStorage(namespace, base.kind, name, specOf(lane, base.spec));
  if (base.kind === 'TeamStorage') return lane;
  const team = `${name}-team`;
  await applyStorage(namespace, 'TeamStorage', team, { team, instanceRef: { name } });
  return { ...lane, team };
}

/**
 * The answer to a change of the spec; nothing is stored with `isDryRun`. Not by an apply: where one leaves `{}` of an
 * object, the API server makes null of it, and refuses that.
 */
export async function changeSpec(
  { namespace }: World,
  lane: Lane,
  spec: Spec,
  isDryRun = false,
): Promise<{ readonly status: number; readonly message: string }> {
  const path = `${API}/namespaces/${namespace}/${PLURALS[lane.base.kind]}/${lane.name}${isDryRun ? '?dryRun=All' : ''}`;
  const patch = [{ op: 'replace', path: '/spec', value: specOf(lane, spec) }];
  const { status, body } = await adminRequest('PATCH', path, patch, 'application/json-patch+json');
  return { status, message: status < 300 ? '' : JSON.stringify(body['message']) };
}

/** With what each object has for itself. */
function specOf({ name, bucket, otherBucket }: Pick<Lane, 'name' | 'bucket' | 'otherBucket'>, spec: Spec): Spec {
  const text = JSON.stringify(spec)
    .replaceAll(OWN_NAME, name)
    .replaceAll(OWN_BUCKET, bucket)
    .replaceAll(OTHER_BUCKET, otherBucket);
  return JSON.parse(text) as Spec;
}

/** What the operator has written by now. */
export async function readWritten({ namespace }: World): Promise<Written> {
  const [instances, teams, secrets, configMaps] = await Promise.all([
    list(namespace, 'InstanceStorage'),
    list(namespace, 'TeamStorage'),
    dataOf(namespace, 'secrets'),
    dataOf(namespace, 'configmaps'),
  ]);
  const outputs = instances.map(({ metadata: { name } }) => {
    const key = `${name}-storage`;
    return [name, { secret: secrets.get(key), configMap: configMaps.get(key) }] as const;
  });
  return {
    storages: new Map([...instances, ...teams].map((object) => [object.metadata.name, object])),
    outputs: new Map(outputs),
  };
}

async function list(namespace: string, kind: Kind): Promise<readonly Storage[]> {
  const { body } = await adminRequest('GET', `${API}/namespaces/${namespace}/${PLURALS[kind]}`);
  const items = body['items'] as readonly Storage[];
  // Items of a list carry neither, and kstatus goes by them.
  return items.map((item) => ({ ...item, apiVersion: 'storage.wandb.com/v1alpha1', kind }) as Storage);
}

async function dataOf(namespace: string, plural: string): Promise<ReadonlyMap<string, Data | undefined>> {
  const { body } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/${plural}`);
  const items = body['items'] as readonly { readonly metadata: { readonly name: string }; readonly data?: Data }[];
  return new Map(items.map(({ metadata, data }) => [metadata.name, data]));
}
