import { keyOf, keyText } from '../../api/object-key.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { without } from '../../base/defined.ts';
import { ClaimResolver, type Resolution } from '../../domain/admission/resolve-claim.ts';
import { idOf, isBoundTo, keyOf as claimKeyOf, type World } from '../../domain/admission/world.ts';
import { displayBucket, type BoundBucket } from '../../domain/bucket/bucket-id.ts';
import { physicalBucket } from '../../domain/bucket/physical-bucket.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { PUBLIC_CLOUDS } from '../../domain/bucket/store-endpoint.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { parseBucket } from '../../domain/spec/parse-bucket.ts';
import { sanitizeInstance, sanitizeTeam } from '../../domain/spec/sanitize-spec.ts';
import { bucketPlace, credentialOf, type Credential } from './bucket-labels.ts';

/** A storage in a bucket. */
export interface Tenant {
  /** Kind, namespace and name. */
  readonly id: string;
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly namespace: string;
  readonly name: string;
  /** Sub-path in the bucket; empty for the whole bucket. */
  readonly path: string;
  /** A team without a bucket of its own. */
  readonly isOnInstanceBucket: boolean;
  readonly isPublished: boolean;
  /** What is published is in another bucket or path than the one that the spec names: `bucket/path`. */
  readonly publishedIn?: string;
  readonly credential: Credential;
}

/** One bucket with all storages in it, however their specs spell it. */
export interface Bucket {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  /** The endpoint, region or account in which the name is unique. */
  readonly where: string;
  readonly tenants: readonly Tenant[];
  /** A credential of the bucket is used in another bucket too. */
  readonly hasSharedCredential: boolean;
  /** Others in the bucket of which the statuses know, and that are not in the report. */
  readonly others: readonly string[];
}

/** Which storages are in which buckets. */
export interface BucketMap {
  readonly buckets: readonly Bucket[];
  /** Ids of storages whose spec leads to no bucket. */
  readonly unplaced: readonly string[];
}

type Storage = InstanceStorage | TeamStorage;

/** Places storages by the operator's own rules of which bucket a spec names, and when two buckets are the same. */
export function bucketMap(storages: readonly Storage[]): BucketMap {
  const resolver = new ClaimResolver(worldOf(storages));
  const placed = storages.map((storage) => ({ storage, at: placeOf(resolver, resolver.resolve(sanitized(storage))) }));
  const byBucket = Map.groupBy(
    placed.filter(({ at }) => at !== undefined),
    ({ at }) => at?.id ?? '',
  );
  return {
    buckets: withSharedCredentials([...byBucket].map(([id, members]) => bucketOf(id, members))),
    unplaced: placed.filter(({ at }) => at === undefined).map(({ storage }) => idOf(claimKeyOf(storage))),
  };
}

interface Placed {
  readonly storage: Storage;
  readonly at: Place | undefined;
}

interface Place {
  /** `physicalBucket`, or the instance whose bucket W&B manages. */
  readonly id: string;
  readonly bucket?: BucketStorage;
  readonly instance: string;
  readonly isOnInstanceBucket: boolean;
}

function placeOf(resolver: ClaimResolver, resolution: Resolution): Place | undefined {
  const { object, instance, instanceName = '', problem } = resolution;
  const storage = resolution.storage ?? ownBucket(resolution);
  if (storage !== undefined) {
    return { id: physicalBucket(storage), bucket: storage, instance: instanceName, isOnInstanceBucket: false };
  }
  if (problem !== undefined) return undefined;
  if (object.kind === 'TeamStorage') {
    const place = instance === undefined ? undefined : placeOf(resolver, resolver.resolve(without(instance, 'status')));
    return place === undefined ? undefined : { ...place, isOnInstanceBucket: true };
  }
  return { id: `managed/${keyText(keyOf(object))}`, instance: instanceName, isOnInstanceBucket: false };
}

/** A refused storage is shown where its spec puts it. */
function ownBucket({ object, problem }: Resolution): BucketStorage | undefined {
  if (problem === undefined || object.spec.bucket === undefined) return undefined;
  const bucket = parseBucket(object.spec.bucket, 'spec.bucket');
  return bucket.ok ? bucket.value : undefined;
}

function bucketOf(id: string, members: readonly Placed[]): Omit<Bucket, 'hasSharedCredential'> {
  const bucket = members.find(({ at }) => at?.bucket !== undefined)?.at?.bucket;
  const names = new Set(members.flatMap(({ storage }) => namesOf(storage)));
  const others = members.flatMap(({ storage }) => sharedWith(storage)).filter((name) => !names.has(name));
  return {
    id,
    ...bucketPlace(bucket),
    tenants: members.flatMap(({ storage, at }) => (at === undefined ? [] : [tenantOf(storage, at)])),
    others: [...new Set(others)],
  };
}

function withSharedCredentials(buckets: readonly Omit<Bucket, 'hasSharedCredential'>[]): readonly Bucket[] {
  const credentialsIn = ({ tenants }: Pick<Bucket, 'tenants'>) =>
    new Set(tenants.map(({ credential }) => credential.id));
  const uses = Map.groupBy(
    buckets.flatMap((bucket) => [...credentialsIn(bucket)]),
    (id) => id,
  );
  return buckets.map((bucket) => ({
    ...bucket,
    hasSharedCredential: [...credentialsIn(bucket)].some((id) => (uses.get(id)?.length ?? 0) > 1),
  }));
}

/** As a status of another storage names it. */
function namesOf({ kind, metadata: { name } }: Storage): readonly string[] {
  return kind === 'TeamStorage' ? [name] : [`${kind} ${name}`];
}

function sharedWith(storage: Storage): readonly string[] {
  return storage.kind === 'TeamStorage' ? (storage.status?.isolation?.sharedWith ?? []) : [];
}

function tenantOf(storage: Storage, { bucket, instance, isOnInstanceBucket }: Place): Tenant {
  const { kind, metadata, status } = storage;
  const { namespace = '', name } = metadata;
  const publishedIn = isOnInstanceBucket ? undefined : boundElsewhere(status?.boundBucket, bucket);
  return {
    ...{ id: idOf(claimKeyOf(storage)), kind, namespace, name, isOnInstanceBucket },
    path: bucket?.path ?? '',
    isPublished: findCondition(status?.conditions ?? [], 'Published')?.status === 'True',
    ...(publishedIn !== undefined && { publishedIn }),
    credential: credentialOf(bucket, { namespace, instance }),
  };
}

/** Where a storage is bound, if its spec names another place. */
function boundElsewhere(bound: BoundBucket | undefined, bucket: BucketStorage | undefined): string | undefined {
  if (bound === undefined || bucket === undefined || isBoundTo(bound, bucket)) return undefined;
  return displayBucket({ name: bound.name, path: bound.path ?? '' });
}

function sanitized(storage: Storage) {
  return storage.kind === 'InstanceStorage' ? sanitizeInstance(storage) : sanitizeTeam(storage);
}

/** The objects alone, without ledgers. */
function worldOf(storages: readonly Storage[]): World {
  const instances = new Map(
    storages.flatMap((one) => (one.kind === 'InstanceStorage' ? [[keyText(keyOf(one)), sanitizeInstance(one)]] : [])),
  );
  const teams = new Map(
    storages.flatMap((one) => (one.kind === 'TeamStorage' ? [[keyText(keyOf(one)), sanitizeTeam(one)]] : [])),
  );
  const byNamespace = Map.groupBy(instances.values(), ({ metadata }) => metadata.namespace ?? '');
  return {
    instance: (key) => instances.get(keyText(key)),
    instancesIn: (namespace) => byNamespace.get(namespace) ?? [],
    team: (key) => teams.get(keyText(key)),
    teamsNamed: () => [],
    ledgersIn: () => [],
    clouds: PUBLIC_CLOUDS,
    isProven: () => false,
  };
}
