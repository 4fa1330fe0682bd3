import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import type { SignInRef } from '../../domain/credentials/refs.ts';
import type { Admission } from '../../domain/admission/admit.ts';
import type { DeclaredInstance } from '../../domain/admission/world.ts';
import { defined } from '../../base/defined.ts';
import type { Isolation } from '../../domain/admission/isolation.ts';
import { parseProver } from '../../domain/spec/parse-sign-in.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { keyText } from '../../api/object-key.ts';

/** A CR of either kind. */
export type StorageObject = InstanceStorage | TeamStorage;

/** A CR with its references to other CRs resolved: the common input of the validation of both kinds. */
export interface ResolvedStorage<T extends StorageObject> {
  readonly object: T;
  /** `namespace/name` of the InstanceStorage, if known. */
  readonly instanceKey?: string;
  readonly instance?: DeclaredInstance;
  /** With its status: the instance whose readiness a team has that is on its bucket. */
  readonly mirrored?: InstanceStorage;
  /** `namespace/name` of the InstanceStorage whose ledger binds the object, if it is another one. */
  readonly publishedBy?: string;
  /** Absent if there is no bucket to prove: the team is on the instance bucket, or W&B manages it. */
  readonly storage?: BucketStorage;
  /** What the bucket is proven with, if that differs from the sign-in of W&B (`validation.credentialsFrom`). */
  readonly prover?: SignInRef;
  /** Who else can reach the files of a team, if known. */
  readonly isolation?: Isolation;
  /** Why the object is not accepted and not probed. */
  readonly problem?: Problem;
  /** Why the object is not accepted although it is bound: it is still validated where it is bound. */
  readonly refusal?: Problem;
  /** A notice on an accepted object. */
  readonly notice?: string;
}

/** The object with the result of admission. */
export function resolvedBy<T extends StorageObject>(object: T, admission: Admission): ResolvedStorage<T> {
  const { instance, instanceName, storage, source, isolation, refusal, mayProve, bound, notice } = admission;
  const namespace = object.metadata.namespace ?? '';
  const key = (name: string): string => keyText({ namespace, name });
  const isElsewhere = bound !== undefined && bound.instance !== instanceName;
  const resolved: ResolvedStorage<T> = {
    object,
    ...defined({
      instanceKey: instanceName === undefined ? undefined : key(instanceName),
      instance,
      publishedBy: isElsewhere ? key(bound.instance) : undefined,
      isolation,
      notice,
      refusal: mayProve ? refusal : undefined,
      problem: mayProve ? undefined : refusal,
    }),
  };
  return storage === undefined || !mayProve ? resolved : withStorage(resolved, storage, source);
}

/**
 * The object with its bucket, and with the credentials to prove it: those that it names, or else those of the object
 * that declares the bucket.
 */
function withStorage<T extends StorageObject>(
  resolved: ResolvedStorage<T>,
  storage: BucketStorage,
  source?: StorageObject,
): ResolvedStorage<T> {
  const { credentialsFrom = source?.spec.validation?.credentialsFrom } = resolved.object.spec.validation ?? {};
  const prover = parseProver(credentialsFrom, storage);
  if (!prover.ok) return { ...resolved, problem: prover.error };
  return { ...resolved, storage, ...(prover.value !== undefined && { prover: prover.value }) };
}
