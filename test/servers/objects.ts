import type { InstanceStorage, TeamStorage } from '../../src/api/resources.ts';
import { adminRequest } from './shared.ts';
import type { MinioAddress } from './minio.ts';
import { kstatus, type ObjectStatus } from './kstatus.ts';

type Storage = InstanceStorage | TeamStorage;
const PLURALS = { InstanceStorage: 'instancestorages', TeamStorage: 'teamstorages' } as const;
const API_VERSION = 'storage.wandb.com/v1alpha1';

/** Spec of a bucket on MinIO. */
export function minioBucket(
  minio: Pick<MinioAddress, 'endpoint'>,
  name: string,
  secret: string,
  extra: { readonly path?: string; readonly region?: string } = {},
) {
  return {
    provider: 'S3Compatible' as const,
    name,
    ...(extra.path !== undefined && { path: extra.path }),
    s3Compatible: {
      endpoint: minio.endpoint,
      region: extra.region ?? 'us-east-1',
      credentials: { accessKey: { secretRef: { name: secret } } },
    },
  };
}

/** Creates or changes an object by server-side apply, as kubectl does. */
export async function applyStorage(
  namespace: string,
  kind: keyof typeof PLURALS,
  name: string,
  spec: unknown,
): Promise<void> {
  const object = { apiVersion: API_VERSION, kind, metadata: { name, namespace }, spec };
  const path = `${storagePath(namespace, kind, name)}?fieldManager=test&force=true`;
  const answer = await adminRequest('PATCH', path, object, 'application/apply-patch+yaml');
  if (answer.status >= 300) throw new Error(`${kind} ${name}: ${JSON.stringify(answer.body['message'])}`);
}

/** Creates or replaces a Secret that storages may use (unless told otherwise). */
export async function applySecret(
  namespace: string,
  name: string,
  values: Readonly<Record<string, string | Uint8Array>>,
  allowed = true,
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const labels = allowed ? { 'storage.wandb.com/allow': 'true' } : {};
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, data };
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}?fieldManager=test&force=true`;
  const answer = await adminRequest('PATCH', path, object, 'application/apply-patch+yaml');
  if (answer.status >= 300) throw new Error(`Secret ${name}: ${JSON.stringify(answer.body['message'])}`);
}

/** The root key of a MinIO as a Secret's data. */
export function rootKey(minio: MinioAddress): Readonly<Record<string, string>> {
  return { ACCESS_KEY: minio.rootUser, SECRET_KEY: minio.rootPassword };
}

export async function getStorage(namespace: string, kind: keyof typeof PLURALS, name: string): Promise<Storage> {
  const answer = await adminRequest('GET', storagePath(namespace, kind, name));
  if (answer.status !== 200) throw new Error(`${kind} ${name}: ${answer.status}`);
  return answer.body as unknown as Storage;
}

export async function deleteStorage(namespace: string, kind: keyof typeof PLURALS, name: string): Promise<void> {
  await adminRequest('DELETE', storagePath(namespace, kind, name));
}

/** Asks for a full validation by annotation; the token is what status acknowledges. */
export async function requestValidation(namespace: string, kind: keyof typeof PLURALS, name: string): Promise<string> {
  const token = `test-${Date.now()}-${Math.random()}`;
  const patch = { metadata: { annotations: { 'storage.wandb.com/reconcile-requested-at': token } } };
  await adminRequest('PATCH', storagePath(namespace, kind, name), patch, 'application/merge-patch+json');
  return token;
}

/**
 * Asks for validations as often as it is called, but for one at a time: a
 * request breaks off the probe of the one before, and on a slow machine none of
 * many would come to its end.
 */
export function asker(namespace: string, kind: keyof typeof PLURALS, name: string): () => Promise<void> {
  let open: string | undefined;
  return async () => {
    const { status } = await getStorage(namespace, kind, name);
    if (open === undefined || status?.lastHandledReconcileAt === open) {
      open = await requestValidation(namespace, kind, name);
    }
  };
}

/** Keys of an output Secret, decoded; `undefined` when there is none. */
export async function readSecret(
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const answer = await adminRequest('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`);
  if (answer.status === 404) return undefined;
  const data = (answer.body['data'] ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

export interface Verdict {
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  readonly published: string;
  readonly publishedReason: string;
}

export function verdictOf(object: Storage): Verdict {
  const find = (type: string) => object.status?.conditions?.find((condition) => condition.type === type);
  const ready = find('Ready');
  const published = find('Published');
  return {
    ready: ready?.status ?? '',
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
    published: published?.status ?? '',
    publishedReason: published?.reason ?? '',
  };
}

/**
 * Waits until an object that the operator has looked at says what is wanted,
 * and checks it by kstatus at each look: a state that Flux or Argo CD would
 * misread fails the test, also on the way.
 */
export async function untilStorage(
  at: { readonly namespace: string; readonly kind: keyof typeof PLURALS; readonly name: string },
  wanted: Partial<Verdict>,
  seconds = 30,
): Promise<Storage> {
  const deadline = Date.now() + seconds * 1000;
  let judged: string | undefined;
  for (;;) {
    const object = await getStorage(at.namespace, at.kind, at.name);
    const verdict = verdictOf(object);
    const observed = object.status?.observedGeneration === object.metadata.generation;
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== judged) await expectSoundStatus(object);
    judged = resourceVersion;
    if (observed && Object.entries(wanted).every(([key, value]) => verdict[key as keyof Verdict] === value))
      return object;
    if (Date.now() > deadline) {
      throw new Error(
        `${at.kind} ${at.name} did not become ${JSON.stringify(wanted)}; it is ${JSON.stringify(verdict)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Names of the objects of a namespace that Flux, Argo CD and Helm would take for done, sorted. */
export async function currentOnes(namespace: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    Object.entries(PLURALS).map(async ([kind, plural]) => {
      const answer = await adminRequest('GET', `/apis/${API_VERSION}/namespaces/${namespace}/${plural}`);
      // Items of a list carry neither, and kstatus goes by them.
      return (answer.body['items'] as readonly Storage[]).map((item) => ({ ...item, apiVersion: API_VERSION, kind }));
    }),
  );
  const objects = lists.flat();
  const statuses = await kstatus(objects);
  return objects
    .filter((_, index) => statuses[index]?.status === 'Current')
    .map((object) => object.metadata.name)
    .sort();
}

/** The status contract, by the library that its readers use. */
async function expectSoundStatus(object: Storage): Promise<void> {
  const [flaw] = await statusFlaws([object]);
  if (flaw !== undefined) throw new Error(flaw);
}

/** What is wrong with the status of each of some objects by the status contract; `undefined` where nothing is. */
export async function statusFlaws(objects: readonly Storage[]): Promise<readonly (string | undefined)[]> {
  const results = await kstatus(objects);
  return objects.map((object, index) => statusFlaw(object, results[index]));
}

function statusFlaw(object: Storage, result: ObjectStatus | undefined): string | undefined {
  const conditions = object.status?.conditions ?? [];
  const { name } = object.metadata;
  const isTrue = (type: string): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === 'True');
  const allowed = allowedStatuses(object, isTrue);
  if (result === undefined || !allowed.includes(result.status)) {
    return `kstatus says ${JSON.stringify(result)} of ${name}, not ${allowed.join(' or ')}: ${JSON.stringify(conditions)}`;
  }
  if (isTrue('Reconciling') && isTrue('Stalled')) return `Reconciling and Stalled of ${name} are both True`;
  const odd = conditions.find(({ type, status }) => ['Reconciling', 'Stalled'].includes(type) && status !== 'True');
  return odd === undefined ? undefined : `${odd.type} of ${name} is present and ${odd.status}`;
}

function allowedStatuses(object: Storage, isTrue: (type: string) => boolean): readonly ObjectStatus['status'][] {
  if (object.metadata.deletionTimestamp !== undefined) return ['Terminating'];
  if (object.status?.observedGeneration !== object.metadata.generation) return ['InProgress'];
  if (isTrue('Reconciling')) return ['InProgress'];
  if (isTrue('Stalled')) return ['Failed'];
  return isTrue('Ready') ? ['Current'] : ['InProgress'];
}

function storagePath(namespace: string, kind: keyof typeof PLURALS, name: string): string {
  return `/apis/${API_VERSION}/namespaces/${namespace}/${PLURALS[kind]}/${name}`;
}

interface Event {
  readonly regarding: { readonly name: string };
  readonly reason: string;
  readonly eventTime: string;
}

/** Reasons of the events about an object, the oldest first. */
export async function eventsOf(namespace: string, name: string): Promise<readonly string[]> {
  const answer = await adminRequest('GET', `/apis/events.k8s.io/v1/namespaces/${namespace}/events`);
  return (answer.body['items'] as readonly Event[])
    .filter(({ regarding }) => regarding.name === name)
    .sort((left, right) => (left.eventTime < right.eventTime ? -1 : 1))
    .map(({ reason }) => reason);
}
