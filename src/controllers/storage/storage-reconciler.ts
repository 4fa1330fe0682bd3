import { parseKey } from '../../api/object-key.ts';
import { defined } from '../../base/defined.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { Outcome } from '../../runtime/controller.ts';
import { createIncarnations } from '../incarnations.ts';
import { probePolicy } from '../validation/validation-request.ts';
import type { Findings, StorageKind } from './findings.ts';
import { createGathering, type GatherDeps, type Gathered } from './gather-findings.ts';
import { createGracePeriod } from './grace-period.ts';
import type { StorageObject } from './resolved-storage.ts';
import type { StatusFailure, StatusWriter } from './status-writer.ts';
import { recordStatus } from './storage-telemetry.ts';

export interface ReconcilerDeps<T extends StorageObject> extends GatherDeps {
  readonly kind: StorageKind<T>;
  readonly statuses: StatusWriter<T>;
  readonly metrics: StorageMetrics;
  /** Whether this process acts for the object `namespace/name`. */
  readonly actsOn: (key: string) => boolean;
}

/**
 * Reconciles one storage: gathers the findings, then writes its status, events and metrics from them, once. The only
 * writer of the status of its kind.
 */
export function createStorageReconciler<T extends StorageObject>(deps: ReconcilerDeps<T>) {
  const gathering = createGathering<T>(deps);
  const gracePeriod = createGracePeriod(deps.clock);
  const seen = createIncarnations((uid, key) => {
    deps.metrics.forget({ kind: deps.kind.kind, ...parseKey(key) });
    gathering.forget(uid);
    gracePeriod.forget(uid);
    deps.statuses.forget(uid);
  });

  async function reconcile(key: string, context: { readonly signal: AbortSignal }): Promise<Outcome> {
    // An object that moved to another shard is forgotten as one that was deleted.
    const resolved = deps.actsOn(key) ? deps.kind.resolve(parseKey(key)) : undefined;
    seen(key, resolved?.object.metadata.uid);
    if (resolved === undefined || resolved.object.metadata.deletionTimestamp !== undefined) return { kind: 'done' };
    try {
      const gathered = await gathering.gather(resolved);
      return gathered.kind === 'Found' ? await finish(gathered.findings) : awaiting(gathered);
    } catch (error) {
      // After a bug the object must still get a status. The controller logs the error and retries.
      if (!context.signal.aborted) await finish({ resolved: { ...resolved, problem: faultOf(error) } });
      throw error;
    }
  }

  async function finish(findings: Findings<T>): Promise<Outcome> {
    const { object } = findings.resolved;
    if (findings.validation === undefined) deps.validator.withdraw(object.metadata.uid ?? '');
    const graceMs = isDecided(findings) ? 0 : gracePeriod.left(object, problemOf(findings));
    if (graceMs > 0) {
      const afterMs = Math.min(graceMs, INTERVALS.storage.delayedReport);
      return { kind: 'requeue', afterMs, lane: 'periodic' };
    }
    const { status, afterMs, fileStoresBytes } = deps.kind.report(findings);
    const written = await deps.statuses.write(object, status);
    if (!written.ok) return notWritten(written.error);
    recordStatus(deps.metrics, object, status, fileStoresBytes);
    const isRefused = deps.statuses.wasRefused(object);
    const due = [afterMs, nextTry(findings), isRefused ? INTERVALS.storage.refusedStatus : undefined];
    return requeue(due.filter((wait) => wait !== undefined));
  }

  /** When to retry what no watch reports. */
  function nextTry(findings: Findings<T>): number | undefined {
    const { object } = findings.resolved;
    if (findings.validation !== undefined) {
      return deps.validator.nextProbeIn(object.metadata.uid ?? '', probePolicy(object));
    }
    const problem = problemOf(findings);
    return problem && INTERVALS.storage.problem[problem.failureClass];
  }

  return { reconcile };
}

function awaiting({ afterMs }: Gathered<StorageObject> & { readonly kind: 'Awaited' }): Outcome {
  return afterMs === undefined ? { kind: 'done' } : { kind: 'requeue', afterMs, lane: 'fast' };
}

function requeue(due: readonly number[]): Outcome {
  return due.length === 0 ? { kind: 'done' } : { kind: 'requeue', afterMs: Math.max(100, Math.min(...due)) };
}

function notWritten({ kind, status, reason, message, retryAfterMs }: StatusFailure): Outcome {
  if (kind === 'Moved') return { kind: 'requeue', afterMs: INTERVALS.storage.afterConflict, lane: 'fast' };
  const cause = `status: ${status} ${reason}: ${message}`;
  return { kind: 'retry', cause, ...defined({ notBeforeMs: retryAfterMs }) };
}

/** Why the bucket cannot be validated. */
function problemOf<T extends StorageObject>({ references, resolved }: Findings<T>): Problem | undefined {
  return references?.ok === false ? references.error : resolved.problem;
}

/** The error's name only: its text may contain secrets. */
function faultOf(error: unknown): Problem {
  const { name } = error as { readonly name?: unknown };
  return {
    reason: 'InternalError',
    message: `The operator failed on this object because of an internal error (${typeof name === 'string' ? name : 'unknown'}).`,
    remedy: "The operator tries again. The operator's log has the details. Please report the error.",
    failureClass: 'transient',
  };
}

/** Whether the ledger is unknown for a cause that does not pass by itself: then it is reported at once. */
function isDecided<T extends StorageObject>({ published, resolved }: Findings<T>): boolean {
  const { problem } = published ?? {};
  return resolved.problem?.reason === 'LedgerUnknown' && problem !== undefined && problem.failureClass !== 'transient';
}
