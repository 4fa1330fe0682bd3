import { keyOf, keyText } from '../../api/object-key.ts';
import { defined } from '../../base/defined.ts';
import type { Secret } from '../../base/secret.ts';
import { isProven } from '../../checks/roll-up.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import { kubeTime } from '../../domain/conditions/conditions.ts';
import { credentialDigest } from '../../domain/credentials/credential.ts';
import { declaredIdentity } from '../../domain/credentials/identity-ref.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { Lane, WorkQueue } from '../../runtime/work-queue.ts';
import type { ClaimView } from '../publication/publication-views.ts';
import { createRotationTimer } from '../validation/rotation-timer.ts';
import { validationRequest } from '../validation/validation-request.ts';
import type { ValidationRequest } from '../validation/validation-request.ts';
import type { Validation, Validator } from '../validation/validation.ts';
import { awaitsPublication, isRecorded, type PublisherWaits } from './awaited-publication.ts';
import type { CurrentReferences } from './findings.ts';
import { dropFormerProof, dropWaitingProof, heldClaim } from './former-proof.ts';
import type { ResolvedStorage, StorageObject } from './resolved-storage.ts';
import { logProbe } from './storage-log.ts';

export interface BucketProofDeps {
  readonly validator: Validator;
  readonly proofs: ObservableMap<string, Proof>;
  readonly waits: PublisherWaits;
  /** The queue in which an object waits for its next reconcile. */
  readonly queue: Pick<WorkQueue, 'add'>;
  readonly clouds: CloudEndpoints;
  /** NotPublic may be ignored. */
  readonly allowPublicBuckets: boolean;
  readonly metrics: Pick<StorageMetrics, 'recordRotation'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** An object with everything that is needed to prove its bucket. */
export interface Provable<T extends StorageObject> {
  readonly resolved: ResolvedStorage<T>;
  readonly storage: BucketStorage;
  readonly published: ClaimView;
  readonly salt: Secret<string>;
  readonly references: CurrentReferences;
}

type Judgement =
  | { readonly kind: 'Judged'; readonly validation: Validation & { readonly kind: 'Judged' } }
  /** A probe, or the publisher's answer to a proof. */
  | { readonly kind: 'Awaited'; readonly afterMs?: number };

/** Validates the bucket of an object, and passes proofs to the publisher. */
export function createBucketProof<T extends StorageObject>(deps: BucketProofDeps) {
  const rotations = createRotationTimer(deps);

  function judge(provable: Provable<T>): Judgement {
    const { resolved, storage, published, salt, references } = provable;
    const { object } = resolved;
    const { uid = '' } = object.metadata;
    const { digest } = references;
    const held = heldClaim(provable);
    const isKept = isRecorded(held, { uid, digest, storage });
    const request = requestFor(provable, isKept);
    rotations.observe(uid, digest, published.claim?.row?.digest);
    dropFormerProof(deps.proofs, held, { request, salt, digest });
    const key = keyText(keyOf(object));
    const wanted = { ...request, wake: (lane: Lane) => deps.queue.add(key, lane) };
    const validation = isKept ? deps.validator.validate(wanted) : validateToProve(wanted, resolved.instanceKey);
    if (validation.kind === 'Probing') return { kind: 'Awaited' };
    if (validation.probed !== undefined) logProbe(deps.log, object, validation.probed);
    keepProof(provable, validation);
    const waitMs = waitForPublisher(uid, provable, isProven(validation.results));
    return waitMs > 0 ? { kind: 'Awaited', afterMs: waitMs } : { kind: 'Judged', validation };
  }

  function requestFor({ resolved, storage, salt, references }: Provable<T>, isKept: boolean) {
    const { credential } = references;
    return validationRequest(resolved, {
      storage,
      references,
      credentialDigest: credentialDigest(salt, credential ?? declaredIdentity(storage)),
      salt,
      isRecorded: isKept,
      clouds: deps.clouds,
      allowPublicBuckets: deps.allowPublicBuckets,
    });
  }

  /** Stores the proof of a successful full probe; drops one whose inputs fail now. */
  function keepProof(
    provable: Provable<T>,
    { provenNow, results, fingerprint }: Validation & { readonly kind: 'Judged' },
  ): void {
    if (provenNow) setProof(provable, fingerprint);
    else if (!isProven(results)) dropWaitingProof(deps.proofs, provable);
  }

  function setProof({ resolved, storage, references, salt }: Provable<T>, inputs: string): void {
    const { object, instanceKey: instance = '' } = resolved;
    const { uid = '' } = object.metadata;
    const { digest, credential } = references;
    const provenAt = kubeTime(deps.clock.now());
    deps.proofs.set([[uid, { uid, storage, ...defined({ credential }), digest, salt, inputs, instance, provenAt }]]);
  }

  /**
   * Waits, so that one status write reports both proof and publication: the publisher answers soon, and then wakes the
   * object.
   */
  function waitForPublisher(uid: string, { resolved, published }: Provable<T>, isGood: boolean): number {
    const proof = isGood ? deps.proofs.get(uid) : undefined;
    const isAwaited = awaitsPublication(proof, published.claim, published.problem);
    return isAwaited ? deps.waits.left(resolved.object, 'Answer') : deps.waits.over(uid);
  }

  /**
   * A recorded good validation is no proof if the ledger does not hold it and no proof is in memory, such as after a
   * recovery. Then the claim is proven again at once, and not only when the next full probe is due.
   */
  function validateToProve(wanted: ValidationRequest, instance: string | undefined): Validation {
    const validation = deps.validator.validate(wanted);
    if (validation.kind === 'Probing' || validation.provenNow || wanted.policy.mode !== 'Full') return validation;
    if (!isProven(validation.results) || deps.proofs.get(wanted.uid)?.instance === instance) return validation;
    deps.validator.forget(wanted.uid);
    return deps.validator.validate(wanted);
  }

  function forget(uid: string): void {
    rotations.forget(uid);
    deps.validator.forget(uid);
    deps.proofs.set([[uid, undefined]]);
  }

  return { judge, forget };
}
