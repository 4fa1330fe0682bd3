import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { withCloudEndpoint } from '../spec/cloud-endpoint.ts';
import { parseBucket } from '../spec/parse-bucket.ts';
import { physicalBucket } from '../bucket/physical-bucket.ts';
import type { Problem } from '../conditions/problem.ts';
import { onceFor } from '../../base/once-for.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Sanitized } from '../spec/sanitize-spec.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { findInstance, resolveTeamBucket } from './resolve-team.ts';
import {
  recordsIn,
  type BoundRecord,
  type Claimant,
  type DeclaredInstance,
  type LedgerView,
  type World,
} from './world.ts';

/** Where one claim's spec resolves to, independent of its rivals. */
export interface Resolution {
  readonly object: Claimant;
  readonly instanceName?: string;
  readonly instance?: DeclaredInstance;
  readonly storage?: BucketStorage;
  readonly source?: Claimant;
  readonly problem?: Problem;
  /** The records of its name in the ledgers of its namespace. */
  readonly records: readonly BoundRecord[];
}

/** What a resolution is made of beside its object: immutable values, so that they are compared by identity. */
interface Inputs {
  readonly records: readonly BoundRecord[];
  readonly instances: readonly DeclaredInstance[];
  readonly source: Claimant | undefined;
}

/** The last resolution of an object. */
interface Known {
  readonly inputs: Inputs;
  /** `tokenOf` the list of ledgers in which the records were found. */
  readonly ledgers: object;
  readonly resolution: Resolution;
}

/** Stands for a list of ledgers, and does not keep it in memory. */
const tokenOf = onceFor<readonly LedgerView[], object>(() => ({}));

const NO_INSTANCES: readonly DeclaredInstance[] = [];

/** Resolves specs to buckets and instances. */
export class ClaimResolver {
  readonly #world: World;
  /** Parsed `spec.bucket`, by the name of the field in messages. Specs in the caches never change. */
  readonly #read = new WeakMap<object, Map<string, Result<BucketStorage, Problem>>>();
  readonly #known = new WeakMap<Claimant, Known>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The same resolution object as before, while nothing of what it is made of has changed. */
  resolve(object: Claimant): Resolution {
    const known = this.#known.get(object);
    const ledgers = tokenOf(this.#world.ledgersIn(object.metadata.namespace ?? ''));
    const inputs = this.#inputsOf(object, known?.ledgers === ledgers ? known.inputs.records : undefined);
    const isKnown = known !== undefined && isSameInputs(known.inputs, inputs);
    if (isKnown && known.ledgers === ledgers) return known.resolution;
    const resolution = isKnown ? known.resolution : this.#resolve(object, inputs);
    this.#known.set(object, { inputs: isKnown ? known.inputs : inputs, ledgers, resolution });
    return resolution;
  }

  #resolve(object: Claimant, inputs: Inputs): Resolution {
    return object.kind === 'InstanceStorage'
      ? this.#resolveInstance(object, inputs)
      : this.#resolveTeam(object, inputs);
  }

  #inputsOf(object: Claimant, records = recordsIn(this.#world, object)): Inputs {
    if (object.kind === 'InstanceStorage') return { records, instances: NO_INSTANCES, source: undefined };
    const instances = this.#world.instancesIn(object.metadata.namespace ?? '');
    return { records, instances, source: this.#sourceOf(object) };
  }

  #resolveInstance(object: Sanitized<InstanceStorage>, { records }: Inputs): Resolution {
    const common = { object, records, instance: object, instanceName: object.metadata.name };
    if (object.violations !== undefined) return { ...common, problem: object.violations.problem };
    const { bucket, deployment } = object.spec;
    if (bucket === undefined && deployment.type !== 'SelfManaged') return common;
    const storage = this.#readBucket(object);
    return storage.ok ? { ...common, storage: storage.value } : { ...common, problem: storage.error };
  }

  #resolveTeam(object: Sanitized<TeamStorage>, { records, instances, source }: Inputs): Resolution {
    const instanceName = nameOfInstance(object, { instances, records });
    const common = { object, records, ...(instanceName !== undefined && { instanceName }) };
    const found = findInstance(instanceName, instances);
    if (object.violations !== undefined) {
      return { ...common, ...(found.ok && { instance: found.value }), problem: object.violations.problem };
    }
    if (!found.ok) return { ...common, problem: found.error };
    const storage = resolveTeamBucket(object, source, (one, field) => this.#readBucket(one, field));
    const placed = { ...common, instance: found.value, ...(source !== undefined && { source }) };
    if (!storage.ok) return { ...placed, problem: storage.error };
    return storage.value === undefined ? placed : { ...placed, storage: storage.value };
  }

  /** Name of the instance that a team belongs to, without resolving the rest of its spec. */
  instanceNameOf(team: TeamStorage): string | undefined {
    const instances = this.#world.instancesIn(team.metadata.namespace ?? '');
    return team.spec.instanceRef?.name ?? nameOfInstance(team, { instances, records: recordsIn(this.#world, team) });
  }

  #sourceOf({ metadata, spec }: TeamStorage): Claimant | undefined {
    const { teamStorageRef, instanceStorageRef } = spec.bucketFrom ?? {};
    const { namespace = '' } = metadata;
    if (instanceStorageRef !== undefined) return this.#world.instance({ namespace, name: instanceStorageRef.name });
    return teamStorageRef === undefined ? undefined : this.#world.team({ namespace, name: teamStorageRef.name });
  }

  /** The bucket (`physicalBucket`) of an instance; `undefined` if it names none. */
  bucketOf(instance: DeclaredInstance): string | undefined {
    if (instance.spec.bucket === undefined) return undefined;
    const bucket = this.#readBucket(instance);
    return bucket.ok ? physicalBucket(bucket.value) : undefined;
  }

  #readBucket(object: Pick<Claimant, 'spec'>, field = 'spec.bucket'): Result<BucketStorage, Problem> {
    const given: unknown = object.spec.bucket;
    if (typeof given !== 'object' || given === null) return this.#parse(given, field);
    const read = this.#read.get(given) ?? new Map<string, Result<BucketStorage, Problem>>();
    this.#read.set(given, read);
    const bucket = read.get(field) ?? this.#parse(given, field);
    read.set(field, bucket);
    return bucket;
  }

  #parse(given: unknown, field: string): Result<BucketStorage, Problem> {
    const bucket = parseBucket(given, field);
    return bucket.ok ? ok(withCloudEndpoint(bucket.value, this.#world.clouds)) : bucket;
  }
}

function isSameInputs(left: Inputs, right: Inputs): boolean {
  return (
    left.instances === right.instances &&
    left.source === right.source &&
    (left.records === right.records || isSameRecords(left.records, right.records))
  );
}

function isSameRecords(left: Inputs['records'], right: Inputs['records']): boolean {
  return (
    left.length === right.length &&
    left.every(({ instance, record }, index) => {
      const other = right[index];
      return other?.record === record && other.instance === instance;
    })
  );
}

/**
 * In this order: the instance that the spec names; the one where the claim is bound, if that is unambiguous; the one to
 * which it resolved before; the only one of the namespace.
 */
function nameOfInstance(
  team: TeamStorage,
  { instances, records }: Pick<Resolution, 'records'> & { readonly instances: readonly DeclaredInstance[] },
): string | undefined {
  const named = team.spec.instanceRef?.name;
  if (named !== undefined) return named;
  const [bound] = records;
  if (bound !== undefined && records.every(({ instance }) => instance === bound.instance)) return bound.instance;
  const before = team.status?.instanceRef?.name;
  if (before !== undefined) return before;
  return instances.length === 1 ? instances[0]?.metadata.name : undefined;
}
