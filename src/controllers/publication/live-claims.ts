import type { TeamStorage } from '../../api/resources.ts';
import { filesLeftIn, isBoundTo, keyOf, type Admissions, type Claimant } from '../../domain/admission/admit.ts';
import { defined } from '../../domain/defined.ts';
import { compare, isSame } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { LiveClaim } from '../../domain/publication/update-ledger.ts';
import type { BucketStorage } from '../../domain/storage.ts';
import { keyText } from '../keys.ts';

/** The claims of a namespace as the ledger of one instance must see them, in the order of precedence. */
export function liveClaims(
  instance: { readonly namespace: string; readonly name: string },
  objects: readonly Claimant[],
  deps: { readonly admissions: Admissions; readonly proofOf: (uid: string) => Proof | undefined },
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
  deps: { readonly admissions: Admissions; readonly proofOf: (uid: string) => Proof | undefined },
): LiveClaim {
  const { instanceName, storage, isResolved } = deps.admissions.whereabouts(object);
  const { uid = '', name } = object.metadata;
  const { bucketChangePolicy = 'Forbid', deletionPolicy = 'Retain', suspend = false } = object.spec;
  const proof = deps.proofOf(uid);
  const counts =
    proof !== undefined &&
    isProofOf(proof, { uid, storage, isHere: instanceName === instance.name, instance: keyText(instance) }) &&
    deps.admissions.of(keyOf(object))?.mayProve === true;
  return defined({
    kind: object.kind,
    name,
    uid,
    team: object.kind === 'TeamStorage' ? object.spec.team : undefined,
    resolves: isResolved ? resolvesTo(instanceName, storage) : 'Unresolved',
    bucketChangePolicy,
    deletionPolicy,
    suspended: suspend,
    proof: counts ? proof : undefined,
    filesLeftIn: object.kind === 'TeamStorage' ? filesLeftIn(object) : undefined,
    wasBound: storage !== undefined && isBoundTo(object.status?.boundBucket, storage),
    usesInstanceBucket: instanceName === instance.name && object.kind === 'TeamStorage' && usesInstanceBucket(object),
  });
}

/** A proof is for the incarnation, the instance and the storage that it was made for, if that is what is resolved now. */
function isProofOf(
  proof: Proof,
  now: {
    readonly uid: string;
    readonly storage: BucketStorage | undefined;
    readonly isHere: boolean;
    readonly instance: string;
  },
): boolean {
  return now.isHere && proof.uid === now.uid && proof.instance === now.instance && isSame(proof.storage, now.storage);
}

function resolvesTo(instance: string | undefined, storage: BucketStorage | undefined): LiveClaim['resolves'] {
  return storage === undefined || instance === undefined ? 'None' : { instance, storage };
}

function usesInstanceBucket({ spec }: TeamStorage): boolean {
  return spec.bucket === undefined && spec.bucketFrom?.teamStorageRef === undefined;
}
