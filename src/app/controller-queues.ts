import { INTERVALS } from '../domain/intervals.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { QueueMetrics, RuntimeMetrics } from '../ports/metrics.ts';
import { createBackoff } from '../runtime/backoff.ts';
import { createController, type Reconcile } from '../runtime/controller.ts';
import type { Component } from '../runtime/manager.ts';
import { createWorkQueue, type WorkQueue } from '../runtime/work-queue.ts';

/** For calls to the API server, and for bugs. Probes run outside of reconciles. */
const RECONCILE_DEADLINE_MS = 60_000;
const DRAIN_MS = 15_000;

/** The queue of one controller, with its metrics under the same name. */
export interface ControllerQueue {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly metrics: QueueMetrics;
}

/** What all controllers of a process share. */
export interface ControllerContext {
  readonly runtime: RuntimeMetrics;
  readonly clock: Clock;
  readonly timeSlice: TimeSlice;
  readonly log: Log;
}

export function createControllerQueue(name: string, { clock, runtime }: ControllerContext): ControllerQueue {
  const metrics = runtime.queue(name, () => queue.depth);
  const queue = createWorkQueue(clock, metrics);
  return { name, queue, metrics };
}

/** Runs a controller on a queue. */
export function runController(
  { name, queue, metrics }: ControllerQueue,
  reconcile: Reconcile,
  options: ControllerContext & {
    readonly workers: number;
    /** For tests: a number from 0 to 1. */
    readonly random?: () => number;
  },
): Component {
  const { runtime, clock, timeSlice, log, workers, random = Math.random } = options;
  return createController({
    name,
    queue,
    metrics: { ...runtime.controller(name), retried: () => metrics.retried() },
    reconcile,
    workers,
    backoff: createBackoff({ baseMs: INTERVALS.backoff.base, maxMs: INTERVALS.backoff.most, random }),
    deadlineMs: RECONCILE_DEADLINE_MS,
    drainMs: DRAIN_MS,
    clock,
    timeSlice,
    log,
  });
}
