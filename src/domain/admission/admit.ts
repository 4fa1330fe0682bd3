import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../conditions.ts';
import { defined, without } from '../defined.ts';
import { parseBucket } from '../parse-bucket.ts';
import { physicalBucket } from '../physical-bucket.ts';
import type { Problem } from '../problem.ts';
import type { Result } from '../result.ts';
import { placeOf, recordsOf, type ClaimKind, type ClaimRecord, type Ledger } from '../publication/ledger.ts';
import type { Screened, SpecFlaws } from '../screen-spec.ts';
import type { BucketAddress, BucketStorage } from '../storage.ts';
import { notAvailable } from './availability.ts';
import { boundBucketOf, type BoundBucket } from '../bucket-identity.ts';
import { bucketChangeForbidden } from './bucket-change.ts';
import { precedence, type Standing } from './claim-order.ts';
import { CoTenants, isSameTenant, nameSeenFrom, type Tenant } from './co-tenants.ts';
import { isolationViolation, judgeIsolation, NOBODY, type Isolation } from './isolation.ts';
import { findInstance, resolveTeamBucket } from './resolve-team.ts';
import { teamConflict } from './team-conflict.ts';

export type Claimant = InstanceStorage | TeamStorage;

export interface ClaimKey {
  readonly kind: ClaimKind;
  readonly namespace: string;
  readonly name: string;
}

/** A ledger of a namespace; without `ledger` nobody has read it yet, or nobody can. */
export interface LedgerView {
  /** Name of the InstanceStorage, which may be gone. */
  readonly instance: string;
  readonly ledger?: Ledger;
}

/** All that admission depends on: the objects of every watched namespace, and what the ledgers hold or are about to. */
export interface World {
  readonly instance: (key: {
    readonly namespace: string;
    readonly name: string;
  }) => Screened<InstanceStorage> | undefined;
  readonly instancesIn: (namespace: string) => readonly Screened<InstanceStorage>[];
  readonly team: (key: { readonly namespace: string; readonly name: string }) => Screened<TeamStorage> | undefined;
  /** Claims on a W&B team. */
  readonly teamsNamed: (namespace: string, team: string) => readonly Screened<TeamStorage>[];
  /** Every ledger of the namespace that there is or may be. */
  readonly ledgersIn: (namespace: string) => readonly LedgerView[];
  /** Whether the object of this UID holds a proof. */
  readonly isProven: (uid: string) => boolean;
}

/** What a claim may have. */
export interface Admission {
  readonly object: Claimant;
  /** Name of the InstanceStorage that it belongs to; it may be gone. */
  readonly instanceName?: string;
  readonly instance?: Screened<InstanceStorage>;
  /** Absent where nothing resolves, and where the claim asks for no bucket of its own. */
  readonly storage?: BucketStorage;
  /** The object that declares the bucket, where that is another. */
  readonly source?: Claimant;
  /** Whether it is known where the spec leads, to a bucket or to none. */
  readonly isResolved: boolean;
  /** The record at the very place where it resolves. */
  readonly record?: ClaimRecord;
  /** The record that it is bound by, here or elsewhere, and the instance whose ledger holds it. */
  readonly bound?: BoundRecord;
  /** Why it is not accepted. */
  readonly refusal?: Problem;
  /** Whether it is probed, and its proof counts: accepted, or resolved at the place where it is bound. */
  readonly mayProve: boolean;
  /** Of a team whose place is known. */
  readonly isolation?: Isolation;
}

/** A record, and the name of the instance whose ledger holds it. */
export interface BoundRecord {
  readonly instance: string;
  readonly record: ClaimRecord;
}

/** Where one claim's spec leads, apart from all others of its rank. */
interface Resolution {
  readonly object: Claimant;
  readonly instanceName?: string;
  readonly instance?: Screened<InstanceStorage>;
  readonly storage?: BucketStorage;
  readonly source?: Claimant;
  readonly problem?: Problem;
}

/**
 * Decides for all claims what each may have: the one decider. Pure but for its
 * memory of who is published on which bucket, which `note` brings up to date
 * claim by claim, so that a decision costs the same however many there are.
 */
export class Admissions {
  readonly coTenants = new CoTenants();
  readonly #world: World;
  readonly #parsed = new WeakMap<Claimant, Result<BucketStorage | undefined, Problem>>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * To be called for claims whose object, source, instance or record changed.
   * Returns those whose decision may be another one now, the given ones left out.
   */
  note(keys: readonly ClaimKey[]): readonly ClaimKey[] {
    const changes = keys.map((key) => {
      const id = idOf(key);
      const object = this.#objectOf(key);
      const resolution = object === undefined ? undefined : this.#resolve(object);
      const before = this.coTenants.get(id);
      return { id, before, after: resolution === undefined ? undefined : this.#tenantOf(id, resolution) };
    });
    const real = changes.filter(({ before, after }) => !isSameTenant(before, after));
    if (real.length === 0) return [];
    const buckets = new Set(real.flatMap(({ before, after }) => [before, after].flatMap((one) => one?.bucket ?? [])));
    const heads = new Map([...buckets].map((bucket) => [bucket, this.coTenants.head(bucket)] as const));
    for (const { id, after } of real) this.coTenants.set(id, after);
    const affected = new Map<string, ClaimKey>();
    for (const bucket of buckets) {
      if (this.coTenants.head(bucket) === heads.get(bucket)) continue;
      for (const tenant of this.coTenants.on(bucket)) affected.set(tenant.id, tenant);
    }
    for (const { before, after } of real) {
      for (const tenant of [before, after]) {
        if (tenant === undefined || this.coTenants.head(tenant.bucket) !== heads.get(tenant.bucket)) continue;
        for (const key of this.coTenants.overlappingWith(tenant)) affected.set(key.id, key);
      }
    }
    for (const { id } of changes) affected.delete(id);
    return [...affected.values()];
  }

  /** What the claim may have; `undefined` when there is no such object. */
  of(key: ClaimKey): Admission | undefined {
    const object = this.#objectOf(key);
    if (object === undefined) return undefined;
    const resolution = this.#resolve(object);
    const records = this.#recordsOf(object);
    const record = records.find((one) => this.#isAt(one, resolution))?.record;
    const standing = records.find((one) => one.record === record) ?? records[0];
    const refusal = this.#refusal(resolution, records, record);
    const isResolved = resolution.problem === undefined;
    const isolation = isResolved && object.kind === 'TeamStorage' ? this.#isolation(resolution, object) : undefined;
    return {
      ...without(resolution, 'problem'),
      isResolved,
      mayProve: isResolved && (refusal === undefined || record !== undefined),
      ...defined({ record, bound: standing, refusal, isolation }),
    };
  }

  /**
   * Decides about newcomers one after the other: of claims that arrive together,
   * the next one sees those that were placed before it.
   */
  round(): { admit(key: ClaimKey): boolean; placed(key: ClaimKey): void } {
    const taken = new Map<string, string>();
    const bucketOf = (admission: Admission | undefined): string | undefined =>
      admission?.storage === undefined ? undefined : physicalBucket(admission.storage);
    return {
      admit: (key) => {
        const admission = this.of(key);
        const owner = taken.get(bucketOf(admission) ?? '');
        return admission?.mayProve === true && (owner === undefined || owner === idOf(key));
      },
      placed: (key) => {
        const admission = this.of(key);
        const bucket = bucketOf(admission);
        const { object } = admission ?? {};
        const isRequired = object?.kind === 'TeamStorage' && object.spec.isolation === 'Required';
        if (isRequired && bucket !== undefined && !taken.has(bucket)) taken.set(bucket, idOf(key));
      },
    };
  }

  /** Where a claim's spec leads, whether or not it may go there. */
  whereabouts(object: Claimant): Pick<Admission, 'instanceName' | 'storage' | 'isResolved'> {
    const { instanceName, storage, problem } = this.#resolve(object);
    return {
      ...(instanceName !== undefined && { instanceName }),
      ...(storage !== undefined && { storage }),
      isResolved: problem === undefined,
    };
  }

  /** Whether others use the claim's bucket as well. */
  isSharing(key: ClaimKey): boolean {
    const tenant = this.coTenants.get(idOf(key));
    return tenant !== undefined && this.coTenants.on(tenant.bucket).length > 1;
  }

  /** The rank of a claim in the order of precedence. */
  rankOf(object: Claimant): string {
    return precedence(object, this.#standing(object));
  }

  #objectOf({ kind, namespace, name }: ClaimKey): Screened<InstanceStorage> | Screened<TeamStorage> | undefined {
    return kind === 'InstanceStorage'
      ? this.#world.instance({ namespace, name })
      : this.#world.team({ namespace, name });
  }

  #resolve(object: Claimant & { readonly flaws?: SpecFlaws }): Resolution {
    return object.kind === 'InstanceStorage' ? this.#resolveInstance(object) : this.#resolveTeam(object);
  }

  #resolveInstance(object: Screened<InstanceStorage>): Resolution {
    const common = { object, instance: object, instanceName: object.metadata.name };
    if (object.flaws !== undefined) return { ...common, problem: object.flaws.problem };
    const { bucket, deployment } = object.spec;
    if (bucket === undefined && deployment.type !== 'SelfManaged') return common;
    const storage = this.#bucketIn(object, () => parseBucket(bucket, 'spec.bucket'));
    if (!storage.ok) return { ...common, problem: storage.error };
    return storage.value === undefined ? common : { ...common, storage: storage.value };
  }

  #resolveTeam(object: Screened<TeamStorage>): Resolution {
    const { namespace = '' } = object.metadata;
    const instances = this.#world.instancesIn(namespace);
    const instanceName = this.#instanceNameOf(object, instances);
    const common = { object, ...(instanceName !== undefined && { instanceName }) };
    const found = findInstance(instanceName, instances);
    if (object.flaws !== undefined) {
      return { ...common, ...(found.ok && { instance: found.value }), problem: object.flaws.problem };
    }
    if (!found.ok) return { ...common, problem: found.error };
    const source = this.#sourceOf(object);
    const own = object.spec.bucketFrom === undefined;
    const storage = own
      ? this.#bucketIn(object, () => resolveTeamBucket(object, undefined))
      : resolveTeamBucket(object, source);
    const placed = { ...common, instance: found.value, ...(source !== undefined && { source }) };
    if (!storage.ok) return { ...placed, problem: storage.error };
    return storage.value === undefined ? placed : { ...placed, storage: storage.value };
  }

  /** Named by the spec; or where the claim is bound, if that is one place; or as it was resolved before; or the only one. */
  #instanceNameOf(team: TeamStorage, instances: readonly InstanceStorage[]): string | undefined {
    const named = team.spec.instanceRef?.name;
    if (named !== undefined) return named;
    const bound = new Set(this.#recordsOf(team).map(({ instance }) => instance));
    const [first] = bound;
    if (bound.size === 1) return first;
    const before = team.status?.instanceRef?.name;
    if (before !== undefined) return before;
    return instances.length === 1 ? instances[0]?.metadata.name : undefined;
  }

  #sourceOf({ metadata, spec }: TeamStorage): Claimant | undefined {
    const { teamStorageRef, instanceStorageRef } = spec.bucketFrom ?? {};
    const { namespace = '' } = metadata;
    if (instanceStorageRef !== undefined) return this.#world.instance({ namespace, name: instanceStorageRef.name });
    return teamStorageRef === undefined ? undefined : this.#world.team({ namespace, name: teamStorageRef.name });
  }

  /** The first that keeps the claim from being accepted, in the order in which a person would fix them. */
  #refusal(
    resolution: Resolution,
    records: readonly BoundRecord[],
    record: ClaimRecord | undefined,
  ): Problem | undefined {
    const { object, instance, storage, problem } = resolution;
    if (problem !== undefined || instance === undefined) return problem;
    const moved = this.#moved(resolution, records, record);
    if (moved !== undefined) return moved;
    const level = object.kind === 'InstanceStorage' ? 'instance' : 'team';
    const unavailable =
      storage === undefined ? undefined : notAvailable(instance.spec.deployment, level, storage.provider);
    if (unavailable !== undefined) return unavailable;
    const unknown = record === undefined ? this.#unknownLedger(resolution) : undefined;
    const conflict = object.kind === 'TeamStorage' ? this.#teamConflict(object, instance) : undefined;
    if (conflict !== undefined) return conflict;
    const violation = storage === undefined || record !== undefined ? undefined : this.#violation(object, storage);
    return violation ?? unknown;
  }

  #moved(
    { object, instanceName = '', storage }: Resolution,
    records: readonly BoundRecord[],
    record: ClaimRecord | undefined,
  ): Problem | undefined {
    if (record !== undefined || (object.spec.bucketChangePolicy ?? 'Forbid') === 'Allow') return undefined;
    const [bound] = records.filter(
      (one) => storage !== undefined || one.record.uid === undefined || one.record.uid === object.metadata.uid,
    );
    return bound === undefined ? undefined : bucketChangeForbidden(bound, { instance: instanceName, storage });
  }

  #teamConflict(object: TeamStorage, instance: InstanceStorage): Problem | undefined {
    const { namespace = '' } = object.metadata;
    const named = this.#world.teamsNamed(namespace, object.spec.team);
    if (named.length < 2) return undefined;
    const instances = this.#world.instancesIn(namespace);
    const rivals = named.filter(
      (team) => team === object || this.#instanceNameOf(team, instances) === instance.metadata.name,
    );
    return teamConflict(object, rivals, (team) => this.#standing(team));
  }

  #violation(object: Claimant, storage: BucketStorage): Problem | undefined {
    const { namespace = '' } = object.metadata;
    const incumbent = this.coTenants.excluder(physicalBucket(storage), idOf(keyOf(object)));
    if (incumbent === undefined) return undefined;
    const name = nameSeenFrom(namespace, incumbent);
    return isolationViolation(incumbent.namespace === namespace ? `${incumbent.kind} ${name}` : `A storage ${name}`);
  }

  /** A newcomer waits while nobody can tell who was there before it. */
  #unknownLedger({ object, storage }: Resolution): Problem | undefined {
    const { namespace = '' } = object.metadata;
    const elsewhere = storage === undefined ? [] : this.coTenants.namespacesOn(physicalBucket(storage));
    const unknown = [...new Set([namespace, ...elsewhere])].flatMap((one) =>
      this.#world
        .ledgersIn(one)
        .filter(({ ledger }) => ledger === undefined)
        .map(({ instance }) =>
          one === namespace ? `InstanceStorage ${instance}` : 'an instance in another namespace',
        ),
    );
    const [first] = unknown;
    if (first === undefined) return undefined;
    return {
      reason: 'LedgerUnknown',
      message: `The ledger of ${first} has not been read, so nobody can tell whether this claim has a rival that was there before it.`,
      remedy:
        'It is read again by itself; the Published condition and the log of that instance say what keeps it from being read.',
      failureClass: 'transient',
    };
  }

  #isolation({ instance, storage }: Resolution, object: TeamStorage): Isolation | undefined {
    if (instance === undefined) return undefined;
    const key = keyOf(object);
    const id = idOf(key);
    const bucket = storage === undefined ? undefined : physicalBucket(storage);
    const filesLeftIn = this.#filesLeftIn(object);
    const required = object.spec.isolation === 'Required';
    const asker = {
      id,
      namespace: key.namespace,
      onlyBound: required && this.coTenants.get(id)?.bound === true,
      instance: idOf(keyOf(instance)),
    };
    return judgeIsolation({
      team: object.spec.team,
      ...(storage !== undefined && { storage }),
      instance: {
        name: instance.metadata.name,
        sameBucket: bucket !== undefined && this.#bucketOf(instance) === bucket,
      },
      sharing: bucket === undefined ? NOBODY : this.coTenants.others(bucket, asker),
      overlapping:
        bucket === undefined || storage === undefined
          ? NOBODY
          : this.coTenants.overlapping(bucket, storage.path, asker),
      ...(filesLeftIn !== undefined && { filesLeftIn }),
    });
  }

  /** A fact that cannot be seen twice: the ledger keeps it, and until the claim is bound its status does. */
  #filesLeftIn(team: TeamStorage): string | undefined {
    const kept = this.#recordsOf(team).find(({ record }) => record.filesLeftIn !== undefined)?.record.filesLeftIn;
    return kept ?? filesLeftIn(team);
  }

  #bucketOf(instance: InstanceStorage): string | undefined {
    if (instance.spec.bucket === undefined) return undefined;
    const bucket = this.#bucketIn(instance, () => parseBucket(instance.spec.bucket, 'spec.bucket'));
    return bucket.ok && bucket.value !== undefined ? physicalBucket(bucket.value) : undefined;
  }

  /** An object of the cache never changes: its bucket is parsed once. */
  #bucketIn(object: Claimant, parse: () => Result<BucketStorage | undefined, Problem>) {
    const known = this.#parsed.get(object) ?? parse();
    this.#parsed.set(object, known);
    return known;
  }

  #tenantOf(id: string, resolution: Resolution): Tenant | undefined {
    const { object } = resolution;
    const place = this.#standsAt(resolution);
    if (place === undefined) return undefined;
    const { address, bound } = place;
    const { creationTimestamp = '' } = object.metadata;
    const { kind, namespace, name } = keyOf(object);
    return {
      id,
      kind,
      namespace,
      name,
      bucket: physicalBucket(address),
      path: address.path,
      bound,
      required: object.kind === 'TeamStorage' && object.spec.isolation === 'Required',
      // Not by when it was bound: what is named in statuses must not change while many are bound one after the other.
      rank: [creationTimestamp, kind, namespace, name].join('|'),
    };
  }

  /** Where a claim stands among others: where its spec leads, or where it is held all the same. */
  #standsAt(resolution: Resolution): { readonly address: BucketAddress; readonly bound: boolean } | undefined {
    const held = this.#heldAt(resolution);
    if (held !== undefined) return { address: held.address, bound: true };
    const { storage } = resolution;
    return storage === undefined ? undefined : { address: storage, bound: this.#boundAt(resolution) !== undefined };
  }

  /**
   * The record by which a claim is held though its spec does not lead there: while nobody can tell where it leads (its
   * instance is being replaced), or where it names another bucket and must not move.
   */
  #heldAt(resolution: Resolution): ClaimRecord | undefined {
    const { object, storage, problem } = resolution;
    const records = this.#recordsOf(object).filter(
      ({ record }) => storage !== undefined || problem !== undefined || isSameIncarnation(record, object),
    );
    const isHere = records.some((one) => this.#isAt(one, resolution));
    const mayMove = problem === undefined && object.spec.bucketChangePolicy === 'Allow';
    const [first, ...others] = records;
    if (first === undefined || isHere || mayMove) return undefined;
    return others.reduce((last, one) => (one.record.boundRevision > last.record.boundRevision ? one : last), first).record;
  }

  #standing(object: Claimant): Standing {
    const resolution = this.#resolve(object);
    const held = this.#heldAt(resolution);
    const bound =
      held === undefined ? this.#boundAt(resolution) : { at: held.boundAt, revision: held.boundRevision };
    return { ...(bound !== undefined && { bound }), proven: this.#world.isProven(object.metadata.uid ?? '') };
  }

  /** Bound at the place where it resolves: by the ledger, or by its status while that ledger is not known. */
  #boundAt(resolution: Resolution): Standing['bound'] {
    const { object, instanceName, storage } = resolution;
    const { namespace = '', creationTimestamp = '' } = object.metadata;
    const found = this.#recordsOf(object).find((one) => this.#isAt(one, resolution))?.record;
    if (found !== undefined) return { at: found.boundAt, revision: found.boundRevision };
    const view = this.#world.ledgersIn(namespace).find(({ instance }) => instance === instanceName);
    if (storage === undefined || view === undefined || view.ledger !== undefined) return undefined;
    return isBoundTo(object.status?.boundBucket, storage) ? { at: creationTimestamp, revision: 0 } : undefined;
  }

  #isAt({ instance, record }: BoundRecord, { instanceName, storage }: Resolution): boolean {
    return storage !== undefined && instance === instanceName && placeOf(record.address) === placeOf(storage);
  }

  /** The records of the claim's name in every ledger of its namespace. An InstanceStorage has one ledger, its own. */
  #recordsOf(object: Claimant): readonly BoundRecord[] {
    const { kind, namespace, name } = keyOf(object);
    return this.#world.ledgersIn(namespace).flatMap(({ instance, ledger }) => {
      if (ledger === undefined || (kind === 'InstanceStorage' && instance !== name)) return [];
      return recordsOf(ledger, { kind, name }).map((record) => ({ instance, record }));
    });
  }
}

/** What each claim may have, all looked at afresh: the rules without any memory. */
export function admit(world: World, claims: readonly ClaimKey[]): ReadonlyMap<string, Admission> {
  const admissions = new Admissions(world);
  admissions.note(claims);
  return new Map(
    claims.flatMap((claim) => {
      const admission = admissions.of(claim);
      return admission === undefined ? [] : [[idOf(claim), admission] as const];
    }),
  );
}

/** Kind, namespace and name as one text. */
export function idOf({ kind, namespace, name }: ClaimKey): string {
  return `${kind}/${namespace}/${name}`;
}

export function keyOf({ kind, metadata }: Claimant): ClaimKey {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/**
 * Name of the InstanceStorage on whose bucket the team worked before it had its
 * own, as its status tells: W&B leaves the files from then where they are.
 */
export function filesLeftIn({ status }: TeamStorage): string | undefined {
  if (status === undefined) return undefined;
  const { conditions = [], instanceRef, isolation } = status;
  if (isolation?.filesLeftIn !== undefined) return isolation.filesLeftIn;
  const worked =
    findCondition(conditions, 'Isolated')?.reason === 'UsesInstanceBucket' &&
    findCondition(conditions, 'Ready')?.status === 'True';
  return worked ? instanceRef?.name : undefined;
}

/** Whether a status says that its claim is bound where the storage is. */
export function isBoundTo(told: BoundBucket | undefined, storage: BucketStorage): boolean {
  if (told === undefined) return false;
  const bound = boundBucketOf(storage);
  const fields = ['provider', 'name', 'path', 'endpoint', 'storageAccount'] as const;
  return fields.every((field) => told[field] === bound[field]);
}

function isSameIncarnation({ uid }: ClaimRecord, { metadata }: Claimant): boolean {
  return uid === undefined || uid === metadata.uid;
}
