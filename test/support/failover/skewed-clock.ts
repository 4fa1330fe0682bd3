/**
 * Loaded into a process before its own code (`--import`): its wall clock is off by BYOB_TEST_SKEW_MS, as that of a node
 * without NTP. The monotonic clock and the timers stay as they are.
 */
const skewMs = Number(process.env['BYOB_TEST_SKEW_MS']);
if (!Number.isFinite(skewMs)) throw new Error('BYOB_TEST_SKEW_MS is no number');
const RealDate = Date;
const now = (): number => RealDate.now() + skewMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (_target, args, newTarget) =>
    Reflect.construct(RealDate, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
