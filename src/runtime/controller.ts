import { withDeadline } from '../base/with-deadline.ts';
import type { CancelTimer, Clock, TimeSlice } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ControllerMetrics, QueueMetrics } from '../ports/metrics.ts';
import type { Backoff } from './backoff.ts';
import type { Component } from './manager.ts';
import type { Lane, WorkQueue } from './work-queue.ts';

/**
 * What follows a reconcile. `done`: nothing until the next event; `requeue`: another
 * run at a known time; `retry`: after a failure, counted and with backoff.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'requeue'; readonly afterMs: number; readonly lane?: Lane }
  /** `notBeforeMs`: from the server's `Retry-After`. */
  | { readonly kind: 'retry'; readonly cause: string; readonly notBeforeMs?: number };

export interface ReconcileContext {
  /** Aborted when the deadline passes and when the controller stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Brings the object of a key to its desired state; level-based: it sees no event, only the key. */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<Outcome>;

export interface ControllerOptions {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly backoff: Backoff;
  readonly reconcile: Reconcile;
  /** At least 1; half of them, at least one of two, serve only the fast lane. */
  readonly workers: number;
  /** Longest time for one reconcile, in milliseconds. */
  readonly deadlineMs: number;
  /** Longest wait for running reconciles when stopping, in milliseconds. */
  readonly drainMs: number;
  readonly clock: Clock;
  /** Shared by all controllers of a process. */
  readonly timeSlice: TimeSlice;
  readonly log: Log;
  readonly metrics?: ControllerMetrics & Pick<QueueMetrics, 'retried'>;
}

/** The outcomes under the names that controller-runtime's metrics use. */
const RESULTS = { done: 'success', requeue: 'requeue_after', retry: 'error' } as const;

/** The loop between a queue and a reconcile function. A thrown error is a bug: it is logged and retried, and other keys go on. */
export function createController(options: ControllerOptions): Component {
  const { name, queue, backoff, clock, metrics } = options;
  const log = options.log.child({ controller: name });
  const stopping = new AbortController();
  const workers: Promise<void>[] = [];
  let sequence = 0;

  async function work(lane: Lane): Promise<void> {
    for (;;) {
      await options.timeSlice();
      const key = await queue.get(lane);
      if (key === undefined) return;
      try {
        const outcome = await measured(key);
        // An aborted run needs no retry: the next process begins with every key.
        if (!stopping.signal.aborted) settle(key, outcome);
      } finally {
        queue.done(key);
      }
    }
  }

  async function measured(key: string): Promise<Outcome> {
    const began = clock.monotonic();
    metrics?.active(1);
    try {
      const outcome = await run(key);
      metrics?.reconciled(RESULTS[outcome.kind], (clock.monotonic() - began) / 1000);
      return outcome;
    } finally {
      metrics?.active(-1);
    }
  }

  async function run(key: string): Promise<Outcome> {
    sequence += 1;
    const context = { log: log.child({ key, reconcile: sequence }) };
    try {
      return await withDeadline(clock, options.deadlineMs, (late) =>
        options.reconcile(key, { ...context, signal: AbortSignal.any([late, stopping.signal]) }),
      );
    } catch (error) {
      if (!stopping.signal.aborted) context.log.error({ error }, 'reconcile threw');
      return { kind: 'retry', cause: 'internal error' };
    }
  }

  function settle(key: string, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'done':
        backoff.forget(key);
        return;
      case 'requeue':
        backoff.forget(key);
        queue.addAfter(key, outcome.afterMs, outcome.lane ?? 'periodic');
        return;
      case 'retry': {
        // The longer of both: the server may ask for a longer delay than ours, never for a shorter one.
        const afterMs = Math.max(backoff.next(key), outcome.notBeforeMs ?? 0);
        metrics?.retried();
        log.warn({ key, cause: outcome.cause, afterMs: Math.round(afterMs) }, 'reconcile will be retried');
        queue.addAfter(key, afterMs, 'periodic');
      }
    }
  }

  return {
    name,
    start() {
      metrics?.workers(options.workers);
      for (let index = 0; index < options.workers; index += 1) {
        workers.push(work(index % 2 === 1 ? 'fast' : 'periodic'));
      }
      return Promise.resolve();
    },
    async stop() {
      queue.shutDown();
      stopping.abort();
      let cancel: CancelTimer = () => undefined;
      const tooLate = new Promise<void>((resolve) => {
        cancel = clock.setTimer(options.drainMs, resolve);
      });
      await Promise.race([Promise.allSettled(workers), tooLate]);
      cancel();
    },
  };
}
