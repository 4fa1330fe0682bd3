import type { InstanceStorageStatus, TeamStorageStatus } from '../api/resources.ts';
import { kubeTime, type Condition, type ConditionDraft } from '../domain/conditions.ts';
import { computeReadiness, suspendedConditions, type GateVerdict } from '../domain/readiness.ts';
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
    return { conditions: suspendedConditions(previous, { generation, now: kubeTime(now) }) };
  }
  const { conditions, stallsInMs } = computeReadiness({ generation, now, previous, reported, ...verdict() });
  return { conditions, ...(stallsInMs !== undefined && { afterMs: stallsInMs }) };
}
