import type { TeamStorage } from '../../api/resources.ts';
import { filesLeftIn, isBoundTo, keyOf, type Admissions, type Claimant } from '../../domain/admission/admit.ts';
import { compare, isSame } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { LiveClaim } from '../../domain/publication/update-ledger.ts';
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
  const left = object.kind === 'TeamStorage' ? filesLeftIn(object) : undefined;
  const proof = deps.proofOf(uid);
  // For the incarnation, the instance and the storage that it was made for, if that is what is resolved now.
  const counts =
    proof !== undefined &&
    proof.uid === uid &&
    instanceName === instance.name &&
    proof.instance === keyText(instance) &&
    isSame(proof.storage, storage) &&
    deps.admissions.of(keyOf(object))?.mayProve === true;
  return {
    kind: object.kind,
    name,
    uid,
    ...(object.kind === 'TeamStorage' && { team: object.spec.team }),
    resolves: !isResolved
      ? 'Unresolved'
      : storage === undefined || instanceName === undefined
        ? 'None'
        : { instance: instanceName, storage },
    bucketChangePolicy: object.spec.bucketChangePolicy ?? 'Forbid',
    deletionPolicy: object.spec.deletionPolicy ?? 'Retain',
    suspended: object.spec.suspend ?? false,
    ...(counts && { proof }),
    ...(left !== undefined && { filesLeftIn: left }),
    wasBound: storage !== undefined && isBoundTo(object.status?.boundBucket, storage),
    usesInstanceBucket: instanceName === instance.name && object.kind === 'TeamStorage' && usesInstanceBucket(object),
  };
}

function usesInstanceBucket({ spec }: TeamStorage): boolean {
  return spec.bucket === undefined && spec.bucketFrom?.teamStorageRef === undefined;
}
