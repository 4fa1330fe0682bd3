import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Memory } from '../runtime/memory-keeper.ts';

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync' }) => void;

/** By how much the heap may grow beyond what a collection has left, in percent, before the next one. */
const GROWTH_PERCENT = 100;
/** Collections in small steps by which V8 gives memory back to the system once the process is idle; 2 by default. */
const REDUCING_COLLECTIONS = 4;

/** The heap of this process. */
export function createSystemMemory(): Memory {
  // V8 lets a small heap grow to four times of what is in use. `NODE_OPTIONS` does not take this flag.
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  setFlagsFromString(`--memory-reducer-gc-count=${REDUCING_COLLECTIONS}`);
  let before = performance.eventLoopUtilization();
  return {
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    // Not `process.memoryUsage()`, which opens a file: at the limit of open files it throws.
    usedBytes: () => getHeapStatistics().used_heap_size,
    collect() {
      // Node has no API for this, and a command-line flag cannot be assumed. Contexts that are created while the flag
      // is set have the function. It leaves free pages to the process; some seconds later V8 gives them back in small
      // steps. The flavor `last-resort` would do that at once, and stop the process for two to four times as long.
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as Collect;
      setFlagsFromString('--no-expose-gc');
      collect({ type: 'major', execution: 'sync' });
    },
  };
}
