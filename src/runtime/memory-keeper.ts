import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Component } from './manager.ts';

const LOOK_EVERY_MS = 5_000;
/** A process that works less than this is at rest: a pause of some tens of milliseconds delays nobody. */
const RESTING_SHARE = 0.1;
/** What is not worth a collection. */
const GROWTH_BYTES = 12 * 1024 * 1024;

/** The process's heap and how busy it is. */
export interface Memory {
  /** Share of the time since the last call in which the process was at work. */
  busyShare(): number;
  usedBytes(): number;
  collect(): void;
}

/**
 * Gives memory back after work is done. V8 collects only while it allocates, so what a start with many objects leaves
 * behind would stay for hours; an operator is at rest most of the time, and that is what its node pays for. Measured
 * with 600 storages (`npm run bench -- converge --objects 600`): 144 MB at rest, and 278 MB without it, which is what
 * the start took at most.
 */
export function createMemoryKeeper(deps: { readonly memory: Memory; readonly clock: Clock }): Component {
  const { memory, clock } = deps;
  let cancel: CancelTimer = () => undefined;
  /** Bytes in use after the last collection. */
  let kept = 0;

  function look(): void {
    if (memory.busyShare() < RESTING_SHARE && memory.usedBytes() - kept > GROWTH_BYTES) {
      memory.collect();
      kept = memory.usedBytes();
    }
    cancel = clock.setTimer(LOOK_EVERY_MS, look);
  }

  return {
    name: 'memory',
    start() {
      memory.busyShare();
      cancel = clock.setTimer(LOOK_EVERY_MS, look);
      return Promise.resolve();
    },
    stop() {
      cancel();
      return Promise.resolve();
    },
  };
}
