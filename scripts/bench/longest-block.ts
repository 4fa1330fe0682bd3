/** A time during which the event loop ran nothing else. */
export interface Block {
  /** On the clock of `process.hrtime`, in microseconds. */
  readonly from: number;
  readonly to: number;
  /** CPU time of this thread. */
  readonly cpuMs: number;
}

/** Blocks that took less of the processor, and less by the clock, are not kept. */
const KEPT_MS = 50;
const LONG_US = 100_000;

/**
 * Finds blocks of the event loop: by the clock, and by the CPU time of this thread, which other processes on the machine
 * do not make longer. It looks every so many milliseconds.
 */
export function watchBlocks(everyMs = 1): { readonly stop: () => readonly Block[] } {
  const blocks: Block[] = [];
  let last = now();
  const timer = setInterval(() => {
    const next = now();
    const cpuMs = (next.cpu - last.cpu) / 1000;
    if (cpuMs >= KEPT_MS || next.at - last.at >= LONG_US) blocks.push({ from: last.at, to: next.at, cpuMs });
    last = next;
  }, everyMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return blocks;
    },
  };
}

/** The longest time by the clock, and the longest use of the processor. They may be of different blocks. */
export function longest(blocks: readonly Block[]): { readonly longestBlockMs: number; readonly longestStepMs: number } {
  return {
    longestBlockMs: Math.max(0, ...blocks.map(({ from, to }) => (to - from) / 1000)),
    longestStepMs: Math.max(0, ...blocks.map(({ cpuMs }) => cpuMs)),
  };
}

function now(): { readonly at: number; readonly cpu: number } {
  const { user, system } = process.threadCpuUsage();
  return { at: Number(process.hrtime.bigint() / 1000n), cpu: user + system };
}
