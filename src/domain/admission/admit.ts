import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { defined, without } from '../../base/defined.ts';
import { physicalBucket } from '../bucket/physical-bucket.ts';
import type { Problem } from '../conditions/problem.ts';
import type { ClaimRecord } from '../publication/ledger.ts';
import type { Sanitized } from '../spec/sanitize-spec.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { unavailability } from './availability.ts';
import { bucketChangeForbidden } from './bucket-change.ts';
import { precedence, type Standing } from './claim-order.ts';
import { changeTenants } from './affected-claims.ts';
import { CoTenants, nameSeenFrom, type Tenant } from './co-tenants.ts';
import { filesLeftIn } from './files-left.ts';
import { isolationViolation, judgeIsolation, NONE, type Isolation } from './isolation.ts';
import { ledgerUnknown } from './ledger-unknown.ts';
import { ClaimResolver, type Resolution } from './resolve-claim.ts';
import { elderInNamespace, instanceNotice } from './second-instance.ts';
import { teamConflict } from './team-conflict.ts';
import { boundAt, heldAt, recordHere, standsAt } from './whereabouts.ts';
import { RequestedBuckets } from './requested-buckets.ts';
import {
  idOf,
  isUnknown,
  keyOf,
  recordsIn,
  type BoundRecord,
  type Claimant,
  type ClaimKey,
  type DeclaredInstance,
  type World,
} from './world.ts';

/** The result of admission for a claim. */
export interface Admission {
  readonly object: Claimant;
  /** Name of the InstanceStorage that it belongs to, which may be deleted. */
  readonly instanceName?: string;
  readonly instance?: DeclaredInstance;
  /** Absent if the spec does not resolve, and if the claim asks for no bucket of its own. */
  readonly storage?: BucketStorage;
  /** The object that declares the bucket, if it is another one. */
  readonly source?: Claimant;
  /** Whether it is known to which bucket the spec resolves, or that it resolves to none. */
  readonly isResolved: boolean;
  /** The record at exactly the place to which the spec resolves. */
  readonly record?: ClaimRecord;
  /** The record that binds it, at this place or elsewhere, and the instance whose ledger holds it. */
  readonly bound?: BoundRecord;
  /** Why it is not accepted. */
  readonly refusal?: Problem;
  /** Whether it is probed and its proof counts: accepted, or resolved to the place where it is bound. */
  readonly mayProve: boolean;
  /** Of a team that may use the bucket that its spec names. */
  readonly isolation?: Isolation;
  /** A notice on an accepted claim. */
  readonly notice?: string;
}

/**
 * Admission: decides for all claims what each may have, and nothing else decides that. Pure except for an index of the
 * claims on each bucket, which `note` updates claim by claim, so that the cost of a decision does not grow with their
 * number.
 */
export class Admissions {
  readonly coTenants = new CoTenants();
  readonly #requested = new RequestedBuckets();
  readonly #world: World;
  readonly #resolver: ClaimResolver;

  constructor(world: World) {
    this.#world = world;
    this.#resolver = new ClaimResolver(world);
  }

  /**
   * To be called for claims whose object, source, instance or record changed. Returns the other claims whose decision
   * may have changed.
   */
  note(keys: readonly ClaimKey[]): readonly ClaimKey[] {
    const changes = keys.map((key) => {
      const id = idOf(key);
      const object = this.#objectOf(key);
      const resolution = object === undefined ? undefined : this.#resolver.resolve(object);
      const before = this.coTenants.get(id);
      const after = resolution === undefined ? undefined : this.#tenantOf(id, resolution);
      const wanted = resolution?.storage === undefined ? undefined : physicalBucket(resolution.storage);
      this.#requested.set(id, key, wanted === after?.bucket ? undefined : wanted);
      return { id, before, after };
    });
    return changeTenants(this.coTenants, this.#requested, changes);
  }

  /** The admission of a claim; `undefined` if there is no such object. */
  of(key: ClaimKey): Admission | undefined {
    const object = this.#objectOf(key);
    if (object === undefined) return undefined;
    const admission = this.#decide(object);
    const { mayProve, resolution } = admission;
    const isolation = mayProve && object.kind === 'TeamStorage' ? this.#isolation(resolution, object) : undefined;
    return {
      ...without(resolution, 'problem', 'records'),
      ...without(admission, 'resolution'),
      ...defined({ isolation, notice: this.#notice(object) }),
    };
  }

  /** Whether a claim's proof counts: the same as in `of`, without what that does not need. */
  mayProve(resolution: Resolution): boolean {
    if (resolution.problem !== undefined) return false;
    return recordHere(resolution) !== undefined || this.#refusal(resolution, undefined) === undefined;
  }

  #decide(object: Sanitized<InstanceStorage> | Sanitized<TeamStorage>) {
    const resolution = this.#resolver.resolve(object);
    const { records } = resolution;
    const record = recordHere(resolution);
    const standing = records.find((one) => one.record === record) ?? records[0];
    const refusal = this.#refusal(resolution, record);
    const isResolved = resolution.problem === undefined;
    const mayProve = isResolved && (refusal === undefined || record !== undefined);
    return { resolution, isResolved, mayProve, ...defined({ record, bound: standing, refusal }) };
  }

  /** Where a claim's spec resolves to, whether or not it is accepted there. */
  whereabouts(object: Claimant): Resolution {
    return this.#resolver.resolve(object);
  }

  /** The same by name; `undefined` if there is no such object. */
  whereaboutsOf(key: ClaimKey): Resolution | undefined {
    const object = this.#objectOf(key);
    return object === undefined ? undefined : this.#resolver.resolve(object);
  }

  /** Name of the instance that a team belongs to, as in `of`, without resolving the rest of its spec. */
  instanceNameOf(team: TeamStorage): string | undefined {
    return this.#resolver.instanceNameOf(team);
  }

  /** Whether other claims use the same bucket. */
  isSharing(key: ClaimKey): boolean {
    const tenant = this.coTenants.get(idOf(key));
    return tenant !== undefined && this.coTenants.on(tenant.bucket).length > 1;
  }

  /** The rank of a claim in the order of precedence. */
  rankOf(resolution: Resolution): string {
    return precedence(resolution.object, this.#standing(resolution));
  }

  #objectOf({ kind, namespace, name }: ClaimKey): Sanitized<InstanceStorage> | Sanitized<TeamStorage> | undefined {
    return kind === 'InstanceStorage'
      ? this.#world.instance({ namespace, name })
      : this.#world.team({ namespace, name });
  }

  /** The first reason for not accepting the claim, in the order in which a user would fix them. */
  #refusal(resolution: Resolution, record: ClaimRecord | undefined): Problem | undefined {
    const { instance, problem } = resolution;
    if (problem !== undefined || instance === undefined) return problem;
    const moved = this.#moved(resolution, record);
    if (moved !== undefined) return moved;
    return unavailability(resolution, instance) ?? this.#preceded(resolution, instance, record);
  }

  /** The claim that takes precedence, or that this cannot be determined. */
  #preceded(resolution: Resolution, instance: DeclaredInstance, record: ClaimRecord | undefined): Problem | undefined {
    const { object, storage } = resolution;
    const unknown = record === undefined ? this.#unknown(resolution) : undefined;
    // The claim may be bound itself, and earlier: an unknown ledger must not refuse it.
    if (unknown !== undefined && this.#isOwnUnknown(resolution)) return unknown;
    const conflict = object.kind === 'TeamStorage' ? this.#teamConflict(object, instance) : undefined;
    if (conflict !== undefined) return conflict;
    const violation = storage === undefined || record !== undefined ? undefined : this.#violation(object, storage);
    return violation ?? unknown;
  }

  #moved(resolution: Resolution, record: ClaimRecord | undefined): Problem | undefined {
    const { object, instanceName = '', storage, records } = resolution;
    if (record !== undefined || (object.spec.bucketChangePolicy ?? 'Forbid') === 'Allow') return undefined;
    // It may be bound where it resolves, which is not known before that ledger was read.
    if (this.#isOwnUnknown(resolution)) return undefined;
    const [bound] = records.filter(
      (one) => storage !== undefined || one.record.uid === undefined || one.record.uid === object.metadata.uid,
    );
    return bound === undefined ? undefined : bucketChangeForbidden(bound, { instance: instanceName, storage });
  }

  #notice(object: Claimant): string | undefined {
    if (object.kind === 'TeamStorage') return undefined;
    const { namespace = '' } = object.metadata;
    const inNamespace = elderInNamespace(object, this.#world.instancesIn(namespace))?.metadata.name;
    const elder = this.coTenants.elderInstance(idOf(keyOf(object)));
    const atSamePlace = elder?.namespace === namespace ? elder.name : elder && '(in another namespace)';
    return instanceNotice(defined({ inNamespace, atSamePlace }));
  }

  #teamConflict(object: TeamStorage, instance: DeclaredInstance): Problem | undefined {
    const { namespace = '' } = object.metadata;
    const named = this.#world.teamsNamed(namespace, object.spec.team);
    if (named.length < 2) return undefined;
    const { name } = instance.metadata;
    const isHere = (team: TeamStorage): boolean => team === object || this.#resolver.instanceNameOf(team) === name;
    // A claim whose spec names another instance stays published here until it has moved.
    const left = (team: TeamStorage): ClaimRecord | undefined =>
      isHere(team) ? undefined : recordsIn(this.#world, team).find((one) => one.instance === name)?.record;
    const rivals = named.filter((team) => isHere(team) || left(team) !== undefined);
    return teamConflict(object, rivals, (team) => this.#standing(this.#resolver.resolve(team), left(team)));
  }

  #violation(object: Claimant, storage: BucketStorage): Problem | undefined {
    const { namespace = '' } = object.metadata;
    const incumbent = this.coTenants.excluder(physicalBucket(storage), idOf(keyOf(object)));
    if (incumbent === undefined) return undefined;
    const name = nameSeenFrom(namespace, incumbent);
    return isolationViolation(incumbent.namespace === namespace ? `${incumbent.kind} ${name}` : `A storage ${name}`);
  }

  /** A newcomer waits while earlier claims are not known. */
  #unknown({ object, storage }: Resolution): Problem | undefined {
    const elsewhere = storage === undefined ? [] : this.coTenants.namespacesOn(physicalBucket(storage));
    return ledgerUnknown(this.#world, object.metadata.namespace ?? '', elsewhere);
  }

  #isOwnUnknown({ object, instanceName }: Resolution): boolean {
    return isUnknown(this.#world, object.metadata.namespace ?? '', instanceName);
  }

  #isolation({ instance, storage, records }: Resolution, object: TeamStorage): Isolation | undefined {
    if (instance === undefined) return undefined;
    const key = keyOf(object);
    const id = idOf(key);
    const bucket = storage === undefined ? undefined : physicalBucket(storage);
    const left = filesLeftIn(object, records);
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
        sameBucket: bucket !== undefined && this.#resolver.bucketOf(instance) === bucket,
      },
      sharing: bucket === undefined ? NONE : this.coTenants.others(bucket, asker),
      overlapping:
        bucket === undefined || storage === undefined ? NONE : this.coTenants.overlapping(bucket, storage.path, asker),
      ...(left !== undefined && { filesLeftIn: left }),
    });
  }

  #tenantOf(id: string, resolution: Resolution): Tenant | undefined {
    const { object } = resolution;
    const place = standsAt(this.#world, resolution);
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
      // Not by the time of binding: names in statuses must not change while many claims are bound one after the other.
      rank: [creationTimestamp, kind, namespace, name].join('|'),
    };
  }

  #standing(resolution: Resolution, left?: ClaimRecord): Standing {
    const { object } = resolution;
    const held = left ?? heldAt(resolution);
    const bound =
      held === undefined ? boundAt(this.#world, resolution) : { at: held.boundAt, revision: held.boundRevision };
    return { ...(bound !== undefined && { bound }), proven: this.#world.isProven(object.metadata.uid ?? '') };
  }
}

/** The admission of each claim, computed without any memory. */
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
