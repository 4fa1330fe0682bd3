import { readFileSync } from 'node:fs';

/** A time during which the event loop ran nothing else. */
export interface Block {
  /** On the clock of `process.hrtime`, in microseconds. */
  readonly from: number;
  readonly to: number;
  /** CPU time of this thread. */
  readonly cpuMs: number;
  /** Time for which this thread could have run, and others had the processors. 0 where the kernel does not tell. */
  readonly waitMs: number;
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
    const waitMs = (next.wait - last.wait) / 1000;
    if (cpuMs >= KEPT_MS || next.at - last.at >= LONG_US) blocks.push({ from: last.at, to: next.at, cpuMs, waitMs });
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

/** The longest blocks; they need not be the same ones. */
export interface LongestBlocks {
  /** By the clock. */
  readonly longestBlockMs: number;
  /** Without the time in which others had the processors. */
  readonly longestOwnMs: number;
  /** By the use of the processor. */
  readonly longestStepMs: number;
}

export function longest(blocks: readonly Block[]): LongestBlocks {
  const most = (of: (block: Block) => number): number => Math.max(0, ...blocks.map(of));
  return {
    longestBlockMs: most(({ from, to }) => (to - from) / 1000),
    longestOwnMs: most(({ from, to, waitMs }) => (to - from) / 1000 - waitMs),
    longestStepMs: most(({ cpuMs }) => cpuMs),
  };
}

/** The clock of all processes of the machine, in microseconds. */
export function hrtimeUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** All in microseconds. */
function now(): { readonly at: number; readonly cpu: number; readonly wait: number } {
  const { user, system } = process.threadCpuUsage();
  return { at: hrtimeUs(), cpu: user + system, wait: waited() };
}

/** The second number of the kernel's statistics of this thread: nanoseconds for which it has waited for a processor. */
function waited(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
