/** Runs a task, and ends everything that it left for the clean-up whatever becomes of it, also on Ctrl-C. */
export async function runToTheEnd(task: (cleanup: AsyncDisposableStack) => Promise<void>): Promise<never> {
  let interrupt: (reason: Error) => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = reject;
  });
  // Again and again: a second Ctrl-C must not cut the clean-up short.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interrupt(new Error(`ended by ${signal}`)));
  }
  const cleanup = new AsyncDisposableStack();
  try {
    await Promise.race([task(cleanup), interrupted]);
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
  } finally {
    await cleanup.disposeAsync().catch(() => undefined);
  }
  process.exit();
}

/** Leaves to the clean-up what starts, however long that takes. */
export async function track<T extends { stop(): Promise<void> }>(
  cleanup: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  cleanup.defer(() => started.stop());
  return started;
}
