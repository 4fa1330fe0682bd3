import type { TeamStorage } from '../../api/resources.ts';
import { type Admissions } from '../../domain/admission/admit.ts';
import { filesLeftIn } from '../../domain/admission/files-left.ts';
import { isBoundTo, keyOf, recordsIn, type Claimant, type World } from '../../domain/admission/world.ts';
import { defined } from '../../base/defined.ts';
import { compare, isSame } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { keyText } from '../../api/object-key.ts';

interface ClaimsDeps extends Pick<World, 'ledgersIn'> {
  readonly admissions: Admissions;
  readonly proofOf: (uid: string) => Proof | undefined;
}

/** The claims of a namespace as the ledger of one instance needs them, in the order of precedence. */
export function liveClaims(
  instance: { readonly namespace: string; readonly name: string },
  objects: readonly Claimant[],
  deps: ClaimsDeps,
): readonly LiveClaim[] {
  return objects
    .map((object) => {
      const claim = claimOf(instance, object, deps);
      return { claim, rank: claim.proof === undefined ? '' : deps.admissions.rankOf(object) };
    })
    .sort((left, right) => compare(left.rank, right.rank))
    .map(({ claim }) => claim);
}

function claimOf(
  instance: { readonly namespace: string; readonly name: string },
  object: Claimant,
  deps: ClaimsDeps,
): LiveClaim {
  const { instanceName, storage, isResolved } = deps.admissions.whereabouts(object);
  const { uid = '', name } = object.metadata;
  const { bucketChangePolicy = 'Forbid', deletionPolicy = 'Retain', suspend = false } = object.spec;
  const isHere = instanceName === instance.name;
  const proof = deps.proofOf(uid);
  const counts =
    isProofOf(proof, { uid, storage, isHere, instance: keyText(instance) }) && deps.admissions.mayProve(keyOf(object));
  return defined({
    kind: object.kind,
    name,
    uid,
    usesInstanceBucket: false,
    ...(object.kind === 'TeamStorage' && teamFields(object, mayBeOn(instance.name, object, { instanceName, ...deps }))),
    resolves: isResolved ? resolvesTo(instanceName, storage) : 'Unresolved',
    bucketChangePolicy,
    deletionPolicy,
    suspended: suspend,
    proof: counts ? proof : undefined,
    wasBound: storage !== undefined && wasBoundHere(instance.name, object, { storage, ...deps }),
  });
}

/** By its status, which names the bucket and the instance. A claim that another ledger holds is not lost here. */
function wasBoundHere(
  instance: string,
  object: Claimant,
  { storage, ledgersIn }: Pick<World, 'ledgersIn'> & { readonly storage: BucketStorage },
): boolean {
  if (!isBoundTo(object.status?.boundBucket, storage)) return false;
  const before = object.kind === 'TeamStorage' ? object.status?.instanceRef?.name : undefined;
  const isHere = before === undefined || before === instance;
  return isHere && recordsIn({ ledgersIn }, object).every((one) => one.instance === instance);
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
  { instanceName, admissions }: { readonly instanceName?: string | undefined; readonly admissions: Admissions },
): boolean {
  if (instanceName !== undefined) return instanceName === name;
  return admissions.of(keyOf(team))?.refusal?.reason === 'InstanceNotFound';
}

/** The fields of a TeamStorage only; `mayBeHere`: it is, or may be, a claim on this instance. */
function teamFields(team: TeamStorage, mayBeHere: boolean) {
  const { bucket, bucketFrom } = team.spec;
  return {
    team: team.spec.team,
    filesLeftIn: filesLeftIn(team),
    usesInstanceBucket: mayBeHere && bucket === undefined && bucketFrom?.teamStorageRef === undefined,
  };
}
