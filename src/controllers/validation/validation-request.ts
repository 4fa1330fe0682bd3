import { FLUX_REQUESTED_AT_ANNOTATION, REQUESTED_AT_ANNOTATION } from '../../api/resources.ts';
import type { CheckContext } from '../../checks/check.ts';
import { mayIgnore } from '../../checks/ignorable.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { declaredSignIn, describeSignIn } from '../../domain/credentials/identity-ref.ts';
import { appOrigin } from '../../domain/spec/instance-settings.ts';
import { withinBounds } from '../../domain/status/status-limits.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { parseDuration, type ProbePolicy } from '../../domain/validation/probe-schedule.ts';
import type { Secret } from '../../base/secret.ts';
import { principalOf, workloadOf } from '../../domain/credentials/sign-in.ts';
import {
  identityEndpoint,
  otherEndpointOfServer,
  storeEndpoint,
  type CloudEndpoints,
} from '../../domain/bucket/store-endpoint.ts';
import { defined } from '../../base/defined.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { Lane } from '../../runtime/work-queue.ts';
import { ambientRef } from '../references/ambient.ts';
import type { References } from '../references/references.ts';
import type { StorageObject, ResolvedStorage } from '../storage/resolved-storage.ts';
import type { RecordedValidation } from './validation-memory.ts';

/** What the validator needs to know of an object. */
export interface ValidationRequest {
  readonly uid: string;
  readonly target: BucketTarget;
  readonly context: CheckContext;
  /** Digest of the credential of W&B, if the bucket is proven with another one. */
  readonly provenFor?: string;
  readonly ignore: readonly string[];
  readonly policy: ProbePolicy;
  /** Token of a request for a full validation that has not been answered yet. */
  readonly requested?: string;
  readonly salt: Secret<string>;
  /** The last full validation in the object's status, for the first reconcile after a start. */
  readonly recorded?: RecordedValidation;
  /** Called when a probe that this call started has ended: reconcile again. */
  readonly wake: (lane: Lane) => void;
}

interface Known {
  readonly storage: BucketStorage;
  readonly references: References;
  /** Of the credential that W&B signs in with. */
  readonly credentialDigest: string;
  readonly salt: Secret<string>;
  /** Whether the ledger holds a proof for the object, so that the one in its status counts. */
  readonly isRecorded: boolean;
  readonly clouds: CloudEndpoints;
  readonly allowPublicBuckets: boolean;
}

/** The input of the validator for an object. */
export function validationRequest<T extends StorageObject>(
  resolved: ResolvedStorage<T>,
  known: Known,
): Omit<ValidationRequest, 'wake'> {
  const { object } = resolved;
  const { caBundle, signIn } = known.references;
  const recorded = known.isRecorded ? recordedValidation(object) : undefined;
  const request = requestedAt(object);
  const isOpen = request !== undefined && request !== object.status?.lastHandledReconcileAt;
  return {
    uid: object.metadata.uid ?? '',
    target: { storage: known.storage, credential: signIn, ...(caBundle !== undefined && { caBundle }) },
    context: checkContext(resolved, known),
    ...(resolved.prover !== undefined && { provenFor: known.credentialDigest }),
    ignore: mayIgnore(object.spec.validation?.ignore ?? [], { withFlag: known.allowPublicBuckets }),
    policy: probePolicy(object),
    ...(isOpen && { requested: request }),
    salt: known.salt,
    ...(recorded !== undefined && { recorded }),
  };
}

function checkContext<T extends StorageObject>(
  { instance, object, prover }: ResolvedStorage<T>,
  { storage, references, clouds, salt }: Known,
): CheckContext {
  const ref = prover ?? declaredSignIn(storage);
  const origin = instance === undefined ? undefined : appOrigin(instance.spec);
  return {
    storage,
    namespace: object.metadata.namespace ?? '',
    principal: principalOf(references.signIn, salt),
    signIn: ref.kind === 'Ambient' ? ambientRef(references.signIn) : ref,
    ...((prover !== undefined || ref.kind === 'Ambient') && { provenFor: principalOfWandb(storage, references, salt) }),
    ...identityContext(storage, references, clouds),
    endpointUrl: storeEndpoint(storage, clouds),
    ...defined({ serverEndpointUrl: otherEndpointOfServer(storage, clouds) }),
    proxiesFileStore: instance?.spec.deployment.proxiesFileStore ?? false,
    ...(origin !== undefined && { appOrigin: origin }),
  };
}

/** Names that trust policies and errors of identity services need. */
function identityContext(
  storage: BucketStorage,
  { signIn }: References,
  clouds: CloudEndpoints,
): Pick<CheckContext, 'workload' | 'identityUrl'> {
  const workload = workloadOf(signIn);
  const identityUrl = identityEndpoint(storage, signIn, clouds);
  return { ...(workload !== undefined && { workload }), ...(identityUrl !== undefined && { identityUrl }) };
}

/** The principal of W&B, if the operator proves with another one. */
function principalOfWandb(storage: BucketStorage, { credential }: References, salt: Secret<string>): string {
  return credential === undefined ? describeSignIn(declaredSignIn(storage)) : principalOf(credential, salt);
}

/** The effective policy. Invalid durations that admission did not refuse fall back to the default. */
export function probePolicy(object: StorageObject): ProbePolicy {
  const validation = object.spec.validation;
  return {
    mode: validation?.mode ?? 'Full',
    intervalMs: parseDuration(validation?.interval ?? '') ?? INTERVALS.validation.light,
    fullIntervalMs: parseDuration(validation?.fullInterval ?? '') ?? INTERVALS.validation.full,
  };
}

/**
 * The token of the latest request for a validation, by the operator's annotation or by Flux's: both hold times. If the
 * times cannot be compared, the operator's annotation counts.
 */
export function requestedAt({ kind, metadata: { annotations = {} } }: StorageObject): string | undefined {
  const ours = annotations[REQUESTED_AT_ANNOTATION];
  const flux = annotations[FLUX_REQUESTED_AT_ANNOTATION];
  if (ours === undefined || flux === undefined) return acknowledged(kind, ours ?? flux);
  return acknowledged(kind, (Date.parse(flux) || 0) > (Date.parse(ours) || 0) ? flux : ours);
}

/** A token in the form that the status can hold. One that it cannot hold would be requested again for ever. */
function acknowledged(kind: string, token: string | undefined): string | undefined {
  return withinBounds(kind, { lastHandledReconcileAt: token }).lastHandledReconcileAt;
}

function recordedValidation(object: StorageObject): ValidationRequest['recorded'] {
  const { conditions = [], checks, lastFullValidationTime, rotation } = object.status ?? {};
  const ready = findCondition(conditions, 'Ready');
  if (ready?.status !== 'True' || checks === undefined || rotation?.credentialFingerprint === undefined)
    return undefined;
  const at = Date.parse(lastFullValidationTime ?? '');
  return Number.isNaN(at) ? undefined : { fingerprint: rotation.credentialFingerprint, lastFullAt: at, checks };
}
