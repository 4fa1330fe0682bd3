/** Runs a task, and then its clean-up, also after an error and on Ctrl-C. */
export async function runToTheEnd(task: (cleanup: AsyncDisposableStack) => Promise<void>): Promise<never> {
  let interrupt: (reason: Error) => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = reject;
  });
  // Not `once`: a second Ctrl-C must not interrupt the clean-up.
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

/** Adds to the clean-up what starts, even if it is still starting when the clean-up begins. */
export async function track<T extends { stop(): Promise<void> }>(
  cleanup: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  cleanup.defer(() => started.stop());
  return started;
}
