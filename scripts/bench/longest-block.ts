/** A time during which the event loop ran nothing else. */
export interface Block {
  /** On the clock of `process.hrtime`, in microseconds. */
  readonly from: number;
  readonly to: number;
  /** CPU time of this thread. */
  readonly cpuMs: number;
}

/** Shorter blocks are not kept. */
const KEPT_MS = 50;

/**
 * Finds blocks of the event loop by the CPU time of this thread, not by the clock: other processes on the machine do
 * not make them longer.
 */
export function watchBlocks(): { readonly stop: () => readonly Block[] } {
  const blocks: Block[] = [];
  let last = now();
  const timer = setInterval(() => {
    const next = now();
    const cpuMs = (next.cpu - last.cpu) / 1000;
    if (cpuMs >= KEPT_MS) blocks.push({ from: last.at, to: next.at, cpuMs });
    last = next;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return blocks;
    },
  };
}

function now(): { readonly at: number; readonly cpu: number } {
  const { user, system } = process.threadCpuUsage();
  return { at: Number(process.hrtime.bigint() / 1000n), cpu: user + system };
}
