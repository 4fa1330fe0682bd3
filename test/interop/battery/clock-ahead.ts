const RealDate = Date;

/** Runs something in a process whose clock is ahead: what signs takes the time from `Date`. Not for two at once. */
export async function withClockAhead<T>(minutes: number, run: () => Promise<T>): Promise<T> {
  if (minutes === 0) return run();
  const now = (): number => RealDate.now() + minutes * 60_000;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
  try {
    return await run();
  } finally {
    globalThis.Date = RealDate;
  }
}
