import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Memory } from '../runtime/memory-keeper.ts';

type Collect = (options: {
  readonly type: 'major';
  readonly flavor: 'last-resort';
  readonly execution: 'sync';
}) => void;

/** The heap of this process. */
export function createSystemMemory(): Memory {
  let before = performance.eventLoopUtilization();
  return {
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    usedBytes: () => process.memoryUsage().heapUsed,
    collect() {
      // Node has no API for this, and a command-line flag cannot be assumed. Contexts that are created while the flag
      // is set have the function. `last-resort` also returns free pages to the system.
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as Collect;
      setFlagsFromString('--no-expose-gc');
      collect({ type: 'major', flavor: 'last-resort', execution: 'sync' });
    },
  };
}
