import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { type Admissions } from '../../domain/admission/admit.ts';
import { filesLeftIn } from '../../domain/admission/files-left.ts';
import type { Resolution } from '../../domain/admission/resolve-claim.ts';
import { recordHere } from '../../domain/admission/whereabouts.ts';
import { isBoundTo, keyOf, type Claimant } from '../../domain/admission/world.ts';
import { defined } from '../../base/defined.ts';
import { compare, isSame } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { TimeSlice } from '../../ports/clock.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import { keyText } from '../../api/object-key.ts';

interface ClaimsDeps {
  readonly admissions: Pick<Admissions, 'of' | 'whereabouts' | 'mayProve' | 'rankOf'>;
  readonly proofOf: (uid: string) => Proof | undefined;
}

/**
 * The claims of a namespace as the ledger of one instance needs them, in the order of precedence: without those of other
 * instances that have no record here.
 */
export function liveClaims(
  instance: { readonly namespace: string; readonly name: string },
  objects: readonly Claimant[],
  deps: ClaimsDeps,
): readonly LiveClaim[] {
  return claimsOf(instance, objects, deps)
    .sort((left, right) => compare(left.rank, right.rank))
    .map(({ claim }) => claim);
}

/** In the order of the objects. */
function claimsOf(
  instance: { readonly namespace: string; readonly name: string },
  objects: readonly Claimant[],
  deps: ClaimsDeps,
): Made[] {
  const claims: Made[] = [];
  for (const object of objects) {
    const resolution = deps.admissions.whereabouts(object);
    if (!isElsewhere(resolution, instance.name)) claims.push(claimOf(instance, resolution, deps));
  }
  return claims;
}

/** The objects that may be claims of an instance: its namespace's teams, and itself. */
export function claimantsOf(
  instance: { readonly namespace: string; readonly name: string },
  objects: { readonly instances: ObjectReader<InstanceStorage>; readonly teams: ObjectReader<TeamStorage> },
): readonly Claimant[] {
  const itself = objects.instances.get(instance);
  return [...objects.teams.list(instance.namespace), ...(itself === undefined ? [] : [itself])];
}

/** Claims that are made without a pause. */
const SLICE = 2000;

/**
 * Makes the claims of a large namespace in slices. A decision about all of them must not be interrupted; afterwards it has
 * to make only those anew that have changed meanwhile.
 */
export async function prepareLiveClaims(
  instance: { readonly namespace: string; readonly name: string },
  objects: readonly Claimant[],
  deps: ClaimsDeps & { readonly timeSlice: TimeSlice },
): Promise<void> {
  for (let from = 0; from < objects.length; from += SLICE) {
    claimsOf(instance, objects.slice(from, from + SLICE), deps);
    await deps.timeSlice();
  }
}

function isElsewhere({ instanceName, records }: Resolution, instance: string): boolean {
  return instanceName !== undefined && instanceName !== instance && records.every((one) => one.instance !== instance);
}

/** What a claim is made of beside its object. */
interface Facts {
  readonly instanceName: string | undefined;
  readonly storage: BucketStorage | undefined;
  readonly isResolved: boolean;
  readonly proof: Proof | undefined;
  readonly wasBound: boolean;
  readonly filesLeftIn: string | undefined;
  readonly usesInstanceBucket: boolean;
}

/** A claim as it was made last, and of what. */
interface Made {
  readonly instance: string;
  readonly resolution: Resolution;
  /** The proof in memory, whether or not it counts. */
  readonly offered: Proof | undefined;
  /** Nothing else was asked, such as which other claims there are. */
  readonly isIndependent: boolean;
  readonly facts: Facts;
  readonly claim: LiveClaim;
  /** Empty where nothing is proven. */
  readonly rank: string;
}

/** Most objects and facts are those of the run before. What is kept ends with the object. */
const made = new WeakMap<Claimant, Made>();

function claimOf(
  instance: { readonly namespace: string; readonly name: string },
  resolution: Resolution,
  deps: ClaimsDeps,
): Made {
  const { object } = resolution;
  const offered = deps.proofOf(object.metadata.uid ?? '');
  const before = made.get(object);
  const known = before?.instance === instance.name ? before : undefined;
  if (known?.isIndependent === true && known.resolution === resolution && known.offered === offered) return known;
  const facts = factsOf(instance, resolution, { ...deps, offered });
  const now = {
    instance: instance.name,
    resolution,
    offered,
    isIndependent: isIndependent(facts, { resolution, offered }),
    facts,
    claim: known !== undefined && isSameFacts(known.facts, facts) ? known.claim : claimFrom(object, facts),
    rank: facts.proof === undefined ? '' : deps.admissions.rankOf(resolution),
  };
  made.set(object, now);
  return now;
}

/**
 * Whether the facts and the rank follow from the resolution and the proof alone: the claim is bound where it resolves, or
 * has nothing to be admitted for, and the instance to which it belongs is known.
 */
function isIndependent(facts: Facts, { resolution, offered }: Pick<Made, 'resolution' | 'offered'>): boolean {
  return facts.instanceName !== undefined && (offered === undefined || recordHere(resolution) !== undefined);
}

function factsOf(
  instance: { readonly namespace: string; readonly name: string },
  resolution: Resolution,
  deps: ClaimsDeps & Pick<Made, 'offered'>,
): Facts {
  const { object, instanceName, storage, records } = resolution;
  const { uid = '' } = object.metadata;
  const isHere = instanceName === instance.name;
  const { offered: proof } = deps;
  const counts =
    isProofOf(proof, { uid, storage, isHere, instance: keyText(instance) }) && deps.admissions.mayProve(resolution);
  return {
    instanceName,
    storage,
    isResolved: resolution.problem === undefined,
    proof: counts ? proof : undefined,
    wasBound: storage !== undefined && wasBoundHere(instance.name, storage, resolution),
    filesLeftIn: object.kind === 'TeamStorage' ? filesLeftIn(object, records) : undefined,
    usesInstanceBucket:
      object.kind === 'TeamStorage' &&
      asksForInstanceBucket(object) &&
      mayBeOn(instance.name, object, resolution, deps),
  };
}

function isSameFacts(left: Facts, right: Facts): boolean {
  return (
    left.instanceName === right.instanceName &&
    left.storage === right.storage &&
    left.isResolved === right.isResolved &&
    left.proof === right.proof &&
    left.wasBound === right.wasBound &&
    left.filesLeftIn === right.filesLeftIn &&
    left.usesInstanceBucket === right.usesInstanceBucket
  );
}

function claimFrom(object: Claimant, facts: Facts): LiveClaim {
  const { instanceName, storage, isResolved, proof } = facts;
  const { uid = '', name } = object.metadata;
  const { bucketChangePolicy = 'Forbid', deletionPolicy = 'Retain', suspend = false } = object.spec;
  return defined({
    kind: object.kind,
    name,
    uid,
    ...(object.kind === 'TeamStorage' && { team: object.spec.team }),
    filesLeftIn: facts.filesLeftIn,
    usesInstanceBucket: facts.usesInstanceBucket,
    resolves: isResolved ? resolvesTo(instanceName, storage) : 'Unresolved',
    bucketChangePolicy,
    deletionPolicy,
    suspended: suspend,
    proof,
    wasBound: facts.wasBound,
  });
}

/** By its status, which names the bucket and the instance. A claim that another ledger holds is not lost here. */
function wasBoundHere(instance: string, storage: BucketStorage, { object, records }: Resolution): boolean {
  if (!isBoundTo(object.status?.boundBucket, storage)) return false;
  const before = object.kind === 'TeamStorage' ? object.status?.instanceRef?.name : undefined;
  const isHere = before === undefined || before === instance;
  return isHere && records.every((one) => one.instance === instance);
}

/**
 * A proof counts for the incarnation, the instance and the storage that it was made for, if the claim still resolves to
 * them.
 */
function isProofOf(
  proof: Proof | undefined,
  now: {
    readonly uid: string;
    readonly storage: BucketStorage | undefined;
    readonly isHere: boolean;
    readonly instance: string;
  },
): boolean {
  return now.isHere && proof?.uid === now.uid && proof.instance === now.instance && isSame(proof.storage, now.storage);
}

function resolvesTo(instance: string | undefined, storage: BucketStorage | undefined): LiveClaim['resolves'] {
  return storage === undefined || instance === undefined ? 'None' : { instance, storage };
}

/**
 * Whether the team belongs to the instance. If there is no instance at all, it may belong to any that left a ledger.
 */
function mayBeOn(
  name: string,
  team: TeamStorage,
  { instanceName }: Resolution,
  { admissions }: Pick<ClaimsDeps, 'admissions'>,
): boolean {
  if (instanceName !== undefined) return instanceName === name;
  return admissions.of(keyOf(team))?.refusal?.reason === 'InstanceNotFound';
}

/** Whether the team asks for no bucket of its own. */
function asksForInstanceBucket({ spec }: TeamStorage): boolean {
  return spec.bucket === undefined && spec.bucketFrom?.teamStorageRef === undefined;
}
