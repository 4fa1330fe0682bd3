import { credentialDigest } from '../../domain/credentials/credential.ts';
import { declaredIdentity } from '../../domain/credentials/identity-ref.ts';
import { defined } from '../../base/defined.ts';
import { kubeTime } from '../../domain/conditions/conditions.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Secret } from '../../base/secret.ts';
import type { Credential } from '../../domain/credentials/credential-types.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import { isProven } from '../../checks/roll-up.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { Log } from '../../ports/log.ts';
import type { Outcome } from '../../runtime/controller.ts';
import type { Lane, WorkQueue } from '../../runtime/work-queue.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { InstanceDelivery } from '../delivery/instance-delivery.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { awaitsPublication, createPublisherWaits, isRecorded } from './awaited-publication.ts';
import { keyOf, keyText, parseKey } from '../../api/object-key.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';
import { dropFormerProof, dropUnaskedProof } from './former-proof.ts';
import { createGracePeriod } from './grace-period.ts';
import type { ReferenceReader, References } from '../references/references.ts';
import { createRotationTimer } from '../validation/rotation-timer.ts';
import type { Findings, StorageKind } from './findings.ts';
import type { StatusWriter } from './status-writer.ts';
import { logProbe } from './storage-log.ts';
import { tellMetrics } from './storage-telemetry.ts';
import type { StorageObject, ResolvedStorage } from './resolved-storage.ts';
import type { Validation, ValidationRequest, Validator } from '../validation/validation.ts';
import { probePolicy, requestedAt, validationRequest } from '../validation/validation-request.ts';

/** An object with all that it takes to prove its bucket, but for what it refers to. */
interface Provable<T extends StorageObject> {
  readonly subject: ResolvedStorage<T>;
  readonly storage: BucketStorage;
  readonly publication: InstancePublication;
  readonly salt: Secret<string>;
}

export interface ReconcilerDeps<T extends StorageObject> {
  readonly kind: StorageKind<T>;
  readonly references: ReferenceReader;
  readonly validator: Validator;
  readonly proofs: ObservableMap<string, Proof>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly deliveries: ObservableMap<string, InstanceDelivery>;
  readonly statuses: StatusWriter<T>;
  /** Where an object waits for its next look. */
  readonly queue: Pick<WorkQueue, 'add'>;
  readonly clouds: CloudEndpoints;
  /** NotPublic may be ignored. */
  readonly allowPublicBuckets: boolean;
  readonly metrics: StorageMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** The object is another version than the one that was looked at: the watch is about to show it. */
const MOVED_MS = 500;
/** The API server did not take the full status: CRDs are upgraded, webhooks are corrected. */
const OWED_MS = 60_000;
/** While a report is put off, what it waits for may have come without a word to us. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Brings the status of one storage to the truth: resolve, read what it refers
 * to, validate, hand the proof to the publisher, and write the status once that
 * has answered. The sole writer of the status of its kind.
 */
export function createStorageReconciler<T extends StorageObject>(deps: ReconcilerDeps<T>) {
  const rotations = createRotationTimer(deps);
  const gracePeriod = createGracePeriod(deps.clock);
  /** UIDs by key, to clean up after an object that is gone. */
  const uids = new Map<string, string>();
  const waits = createPublisherWaits(deps.clock);

  async function reconcile(key: string, context: { readonly signal: AbortSignal }): Promise<Outcome> {
    const subject = deps.kind.resolve(parseKey(key));
    const uid = subject?.object.metadata.uid ?? '';
    forgetPredecessor(key, uid);
    if (subject === undefined) return { kind: 'done' };
    uids.set(key, uid);
    if (subject.object.metadata.deletionTimestamp !== undefined) return { kind: 'done' };
    try {
      return await proceed(subject);
    } catch (error) {
      // A bug must not leave its object without a word; the controller logs and retries what we throw.
      if (!context.signal.aborted) await finish({ subject: { ...subject, problem: faultOf(error) } });
      throw error;
    }
  }

  async function proceed(subject: ResolvedStorage<T>): Promise<Outcome> {
    const { object, storage, instance, problem } = subject;
    const { publication } = publicationOf(subject);
    // The publisher has not looked at this instance yet, so nobody knows who is bound; it wakes us when it has.
    if (instance !== undefined && publication === undefined) {
      const waitMs = waits.left(object, 'FirstLook');
      if (waitMs > 0) return { kind: 'requeue', afterMs: waitMs, lane: 'fast' };
    }
    const known = { subject, ...(publication !== undefined && { publication }) };
    if (object.spec.suspend === true) return finish(known);
    dropUnaskedProof(deps.proofs, subject);
    if (problem !== undefined || storage === undefined || publication === undefined) {
      return finish({ ...known, ...handled(object) });
    }
    if (publication.salt === undefined) return finish({ subject, publication });
    return validate({ subject, storage, publication, salt: publication.salt });
  }

  async function validate(known: Provable<T>): Promise<Outcome> {
    const { subject, storage, publication } = known;
    const { object } = subject;
    const namespace = object.metadata.namespace ?? '';
    const { prover } = subject;
    const references = await deps.references.read({
      kind: object.kind,
      namespace,
      storage,
      ...(prover !== undefined && { prover }),
    });
    return references.ok
      ? prove(known, references.value)
      : finish({ subject, publication, credentialProblem: references.error, ...handled(object) });
  }

  async function prove(known: Provable<T>, references: References): Promise<Outcome> {
    const { subject, storage, publication, salt } = known;
    const { object } = subject;
    const { credential } = references;
    const digest = keyDigest(salt, credential);
    const { uid = '' } = object.metadata;
    const published = publication.claims.get(claimId({ kind: object.kind, name: object.metadata.name }));
    const isKept = isKnown(subject, published, { uid, digest, storage });
    const request = validationRequest(subject, {
      storage,
      references,
      credentialDigest: credentialDigest(salt, credential ?? declaredIdentity(storage)),
      salt,
      isRecorded: isKept,
      clouds: deps.clouds,
      allowPublicBuckets: deps.allowPublicBuckets,
    });
    rotations.look(uid, digest, published?.row?.digest);
    dropFormerProof(deps.proofs, published, { request, salt, digest });
    const key = keyText(keyOf(object));
    const wanted = { ...request, wake: (lane: Lane) => deps.queue.add(key, lane) };
    const validation = isKept ? deps.validator.validate(wanted) : validateToProve(wanted, subject.instanceKey);
    if (validation.kind === 'Probing') return { kind: 'done' };
    if (validation.probed !== undefined) logProbe(deps.log, object, validation.probed);
    if (validation.provenNow) {
      setProof(subject, { uid, storage, ...defined({ credential }), digest, salt, inputs: validation.fingerprint });
    }
    // One write tells both: the publisher answers at once, and wakes us when it has.
    const proof = isProven(validation.results) ? deps.proofs.get(uid) : undefined;
    const isAwaited = awaitsPublication(proof, published, publication.problem);
    const waitMs = isAwaited ? waits.left(object, 'Answer') : waits.over(uid);
    if (waitMs > 0) return { kind: 'requeue', afterMs: waitMs, lane: 'fast' };
    return finish({
      subject,
      references,
      digest,
      validation,
      publication,
      ...handled(object),
    });
  }

  function setProof({ instanceKey = '' }: ResolvedStorage<T>, proven: Omit<Proof, 'instance' | 'provenAt'>): void {
    const provenAt = kubeTime(deps.clock.now());
    deps.proofs.set([[proven.uid, { ...proven, instance: instanceKey, provenAt }]]);
  }

  /**
   * What is remembered of a good probe proves nothing where the ledger does not hold it and no proof is at hand any
   * more: after a recovery the claim is proven anew, and not only when the next full probe is due.
   */
  function validateToProve(wanted: ValidationRequest, instance: string | undefined): Validation {
    const validation = deps.validator.validate(wanted);
    if (validation.kind === 'Probing' || validation.provenNow || wanted.policy.mode !== 'Full') return validation;
    if (!isProven(validation.results) || deps.proofs.get(wanted.uid)?.instance === instance) return validation;
    deps.validator.forget(wanted.uid);
    return deps.validator.validate(wanted);
  }

  async function finish(findings: Findings<T>): Promise<Outcome> {
    const { object } = findings.subject;
    if (findings.validation === undefined) deps.validator.withdraw(object.metadata.uid ?? '');
    const graceMs = isDecided(findings)
      ? 0
      : gracePeriod.left(object, findings.credentialProblem ?? findings.subject.problem);
    if (graceMs > 0) return { kind: 'requeue', afterMs: Math.min(graceMs, LOOK_AGAIN_MS), lane: 'periodic' };
    const { status, afterMs } = deps.kind.status({ ...findings, ...deliveryOf(findings.subject) });
    const written = await deps.statuses.write(object, status);
    if (!written.ok) {
      const { kind, status: code, reason, message, retryAfterMs } = written.error;
      if (kind === 'Moved') return { kind: 'requeue', afterMs: MOVED_MS, lane: 'fast' };
      return {
        kind: 'retry',
        cause: `status: ${code} ${reason}: ${message}`,
        ...(retryAfterMs !== undefined && { notBeforeMs: retryAfterMs }),
      };
    }
    tellMetrics(deps.metrics, object, status, findings.publication?.fileStoresBytes);
    const owedMs = deps.statuses.owes(object) ? OWED_MS : undefined;
    const due = [afterMs, nextTry(findings), owedMs].filter((wait) => wait !== undefined);
    return due.length === 0 ? { kind: 'done' } : { kind: 'requeue', afterMs: Math.max(100, Math.min(...due)) };
  }

  function nextTry(findings: Findings<T>): number | undefined {
    const { object } = findings.subject;
    if (findings.validation !== undefined) {
      return deps.validator.nextProbeIn(object.metadata.uid ?? '', probePolicy(object));
    }
    // What the label keeps from our watch (a Secret without it, a CA) tells us nothing when it is mended.
    const problem = findings.credentialProblem ?? findings.subject.problem;
    if (problem === undefined || problem.failureClass === 'spec') return undefined;
    return problem.failureClass === 'transient' ? 5_000 : 30_000;
  }

  function publicationOf(subject: ResolvedStorage<T>): { readonly publication?: InstancePublication } {
    const { publishedBy = subject.instanceKey } = subject;
    const publication = publishedBy === undefined ? undefined : deps.publications.get(publishedBy);
    return publication === undefined ? {} : { publication };
  }

  function deliveryOf({ instanceKey }: ResolvedStorage<T>): { readonly delivery?: InstanceDelivery } {
    const delivery = instanceKey === undefined ? undefined : deps.deliveries.get(instanceKey);
    return delivery === undefined ? {} : { delivery };
  }

  function forgetPredecessor(key: string, uid: string): void {
    const before = uids.get(key);
    if (before === undefined || before === uid) return;
    uids.delete(key);
    deps.metrics.forget({ kind: deps.kind.kind, ...parseKey(key) });
    rotations.forget(before);
    gracePeriod.forget(before);
    waits.over(before);
    deps.validator.forget(before);
    deps.proofs.set([[before, undefined]]);
    deps.statuses.forget(before);
  }

  return { reconcile };
}

/** An error's name only: its text may hold anything. */
function faultOf(error: unknown): Problem {
  const { name } = error as { readonly name?: unknown };
  return {
    reason: 'InternalError',
    message: `The operator met a fault of its own (${typeof name === 'string' ? name : 'unknown'}) with this object.`,
    remedy: "It is tried again; the operator's log has the details. Please report it.",
    failureClass: 'transient',
  };
}

/** Whether the ledger holds what was proven; that of another instance, which the claim is to leave, proves nothing. */
function isKnown<T extends StorageObject>(
  { publishedBy }: ResolvedStorage<T>,
  published: ClaimPublication | undefined,
  now: Parameters<typeof isRecorded>[1],
): boolean {
  return publishedBy === undefined && isRecorded(published, now);
}

/** Whether what keeps the ledger from being known does not pass by itself: then it is reported at once. */
function isDecided<T extends StorageObject>({ publication, subject }: Findings<T>): boolean {
  const { problem } = publication ?? {};
  return subject.problem?.reason === 'LedgerUnknown' && problem !== undefined && problem.failureClass !== 'transient';
}

/** Empty where W&B signs in by an identity: nothing of it is published. */
function keyDigest(salt: Secret<string>, credential: Credential | undefined): string {
  return credential === undefined ? '' : credentialDigest(salt, credential);
}

function handled(object: StorageObject): { readonly handledRequest?: string } {
  const request = requestedAt(object);
  return request === undefined ? {} : { handledRequest: request };
}
