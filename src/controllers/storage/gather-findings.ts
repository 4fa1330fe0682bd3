import { defined } from '../../base/defined.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { credentialDigest } from '../../domain/credentials/credential.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import { serverRun, type InstanceDelivery } from '../delivery/instance-delivery.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';
import { claimView, type ClaimView } from '../publication/publication-views.ts';
import type { ReferenceReader } from '../references/references.ts';
import { requestedAt } from '../validation/validation-request.ts';
import { createPublisherWaits } from './awaited-publication.ts';
import type { CurrentReferences, Findings } from './findings.ts';
import { dropWaitingProof } from './former-proof.ts';
import { createBucketProof, type BucketProofDeps } from './prove-bucket.ts';
import type { ResolvedStorage, StorageObject } from './resolved-storage.ts';

export interface GatherDeps extends Omit<BucketProofDeps, 'waits'> {
  readonly references: Pick<ReferenceReader, 'read'>;
  readonly publications: Pick<ObservableMap<string, InstancePublication>, 'get'>;
  readonly deliveries: Pick<ObservableMap<string, InstanceDelivery>, 'get'>;
  readonly clock: Clock;
}

/** The result of gathering: findings, or the wait for an event that wakes the object. */
export type Gathered<T extends StorageObject> =
  | { readonly kind: 'Found'; readonly findings: Findings<T> }
  /** `afterMs`: when to stop waiting; absent if the event comes in any case. */
  | { readonly kind: 'Awaited'; readonly afterMs?: number };

/** Gathers the findings about one object, step by step, up to the first step that fails. */
export function createGathering<T extends StorageObject>(deps: GatherDeps) {
  const waits = createPublisherWaits(deps.clock);
  const bucketProof = createBucketProof<T>({ ...deps, waits });

  async function gather(resolved: ResolvedStorage<T>): Promise<Gathered<T>> {
    const { object, storage, instance, problem } = resolved;
    const published = publishedFor(resolved);
    // The publisher has not run for this instance, so it is unknown which claims are bound; it wakes the object when it
    // has.
    if (instance !== undefined && published === undefined) {
      const waitMs = waits.left(object, 'FirstRun');
      if (waitMs > 0) return { kind: 'Awaited', afterMs: waitMs };
    }
    const known = { resolved, ...defined({ published }) };
    if (object.spec.suspend === true) return unchecked(known);
    const answered = { ...known, ...defined({ handledRequest: requestedAt(object) }) };
    if (problem !== undefined || storage === undefined || published === undefined) return unchecked(answered);
    if (published.salt === undefined) return unchecked(known);
    const references = await readReferences(resolved, storage, published.salt);
    if (!references.ok) return unchecked({ ...answered, references });
    const proving = { resolved, storage, published, salt: published.salt, references: references.value };
    const judged = bucketProof.judge(proving);
    if (judged.kind === 'Awaited') return judged;
    const validation = { ...judged.validation, server: serverOf(resolved) };
    return { kind: 'Found', findings: { ...answered, references, validation } };
  }

  /** Without validation. */
  function unchecked(findings: Findings<T>): Gathered<T> {
    dropWaitingProof(deps.proofs, findings);
    return { kind: 'Found', findings };
  }

  async function readReferences(
    { object, prover }: ResolvedStorage<T>,
    storage: BucketStorage,
    salt: Secret<string>,
  ): Promise<Result<CurrentReferences, Problem>> {
    const { kind, metadata } = object;
    const wanted = { kind, namespace: metadata.namespace ?? '', storage, ...defined({ prover }) };
    const read = await deps.references.read(wanted);
    if (!read.ok) return read;
    const { credential } = read.value;
    return ok({ ...read.value, digest: credential === undefined ? '' : credentialDigest(salt, credential) });
  }

  function publishedFor({ object, instanceKey, publishedBy = instanceKey }: ResolvedStorage<T>): ClaimView | undefined {
    const publication = publishedBy === undefined ? undefined : deps.publications.get(publishedBy);
    return publication && claimView(publication, object);
  }

  /** The delivery wakes the objects that wait for the server. */
  function serverOf({ instance, instanceKey = '', publishedBy = instanceKey }: ResolvedStorage<T>): ServerRun {
    return serverRun(instance, deps.deliveries.get(instanceKey), deps.publications.get(publishedBy)?.server?.hash);
  }

  function forget(uid: string): void {
    waits.over(uid);
    bucketProof.forget(uid);
  }

  return { gather, forget };
}
