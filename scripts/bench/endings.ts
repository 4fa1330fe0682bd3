/** Collects how to end what was started. */
export interface Endings {
  add(end: () => Promise<void>): void;
  /** Remembers how to stop what starts. */
  track<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T>;
}

/** Runs a task, and ends everything that it started whatever becomes of it, also on Ctrl-C. */
export async function runToTheEnd(task: (endings: Endings) => Promise<void>): Promise<never> {
  let interrupt: (reason: Error) => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = reject;
  });
  // Again and again: a second Ctrl-C must not cut the clean-up short.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interrupt(new Error(`ended by ${signal}`)));
  }
  const list: (() => Promise<void>)[] = [];
  const endings: Endings = {
    add: (end) => void list.push(end),
    async track(starting) {
      const started = await starting;
      list.push(() => started.stop());
      return started;
    },
  };
  try {
    await Promise.race([task(endings), interrupted]);
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
  } finally {
    for (const end of list.reverse()) await end().catch(() => undefined);
  }
  process.exit();
}
