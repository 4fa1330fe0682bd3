import type { InstanceStorageStatus, TeamStorageStatus } from '../api/resources.ts';
import { findCondition, kubeTime, type Condition, type ConditionDraft } from '../domain/conditions.ts';
import { judgedSpec } from '../domain/judged-spec.ts';
import { computeReadiness, suspendedConditions, type GateVerdict, type SuspendedInput } from '../domain/readiness.ts';
import { boundBucket, rotation, storageFacts } from '../domain/storage-facts.ts';
import type { LedgerStore } from '../domain/ledger.ts';
import { storeOfPublication } from '../domain/update-ledger.ts';
import { serverRun } from './instance-delivery.ts';
import type { Findings } from './storage-reconciler.ts';
import type { StorageObject } from './subject.ts';

/** The fields that the status of both kinds has. */
export type CommonStatus = Pick<TeamStorageStatus, keyof TeamStorageStatus & keyof InstanceStorageStatus>;

/** How the gates of one kind stand, and what Ready says when all are open. */
export interface Verdict {
  readonly gates: readonly GateVerdict[];
  readonly readyReason: string;
  readonly readyMessage: string;
}

/** Fields that describe the bucket and its last validation: they stand until the next one replaces them. */
const CARRIED_OVER = [
  'boundBucket',
  'provider',
  'bucket',
  'region',
  'address',
  'credentialMode',
  'principal',
  'checks',
  'rotation',
  'config',
  'lastFullValidationTime',
  'lastHandledReconcileAt',
  'judgedSpec',
] as const satisfies readonly (keyof CommonStatus)[];

/** The part of the status that both kinds compute alike. */
export function commonStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { object } = findings.subject;
  const previous: CommonStatus = object.status ?? {};
  const kept = Object.fromEntries(
    CARRIED_OVER.filter((field) => previous[field] !== undefined).map((field) => [field, previous[field]]),
  ) as CommonStatus;
  return {
    ...kept,
    ...bucketStatus(findings),
    observedGeneration: object.metadata.generation ?? 0,
    ...(object.spec.suspend !== true && { judgedSpec: judgedSpec(object.spec) }),
    ...(findings.handledRequest !== undefined && { lastHandledReconcileAt: findings.handledRequest }),
  };
}

function bucketStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { object, storage } = findings.subject;
  if (storage === undefined) return {};
  const store = storeOf(findings);
  const bound = boundBucket(object.status?.boundBucket, store, object.spec.bucketChangePolicy ?? 'Forbid');
  return {
    ...storageFacts(storage, findings.references?.signIn),
    ...(bound !== undefined && { boundBucket: bound }),
    ...validationStatus(findings, store),
  };
}

function validationStatus<T extends StorageObject>(
  findings: Findings<T>,
  store: LedgerStore | undefined,
): CommonStatus {
  const { validation } = findings;
  if (validation === undefined) return {};
  return {
    checks: validation.results.map((result) => ({ ...result })),
    rotation: rotation(validation.fingerprint, store, {
      previous: findings.subject.object.status?.rotation,
      server: serverRun(findings.subject.instance, findings.delivery, findings.publication?.server?.hash),
    }),
    ...(validation.lastFullAt > 0 && { lastFullValidationTime: kubeTime(validation.lastFullAt) }),
  };
}

/** What the ledger holds for the object. */
export function storeOf<T extends StorageObject>(findings: Findings<T>): LedgerStore | undefined {
  return storeOfPublication(findings.publication?.claims.get(findings.subject.object.metadata.uid ?? ''));
}

/** The conditions, and when one of them turns by itself. */
export function conditionsOf(
  object: StorageObject,
  verdict: () => Verdict,
  reported: readonly ConditionDraft[],
  now: number,
): { readonly conditions: readonly Condition[]; readonly afterMs?: number } {
  const previous = object.status?.conditions ?? [];
  const generation = object.metadata.generation ?? 0;
  if (object.spec.suspend === true) {
    return { conditions: suspendedConditions(previous, { generation, now: kubeTime(now), ...pastOf(object) }) };
  }
  const { conditions, stallsInMs } = computeReadiness({ generation, now, previous, reported, ...verdict() });
  return { conditions, ...(stallsInMs !== undefined && { afterMs: stallsInMs }) };
}

/** What a suspended object was judged and proven for, as its own status tells. */
function pastOf({ metadata, spec, status }: StorageObject): Pick<SuspendedInput, 'isJudged' | 'wasProven'> {
  const conditions = status?.conditions ?? [];
  const judgedGeneration = findCondition(conditions, 'Ready')?.observedGeneration ?? -1;
  return {
    // Statuses of earlier versions do not name the spec.
    isJudged:
      status?.judgedSpec === undefined
        ? judgedGeneration >= (metadata.generation ?? 0)
        : status.judgedSpec === judgedSpec(spec),
    wasProven:
      status?.boundBucket !== undefined ||
      ['Ready', 'Published'].some((type) => findCondition(conditions, type)?.status === 'True'),
  };
}
