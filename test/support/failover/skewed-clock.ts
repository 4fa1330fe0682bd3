/**
 * Loaded into a process before its own code (`--import`): its wall clock is off by BYOB_TEST_SKEW_MS, as that of a node
 * without NTP, and steps by BYOB_TEST_STEP_MS with each SIGUSR2, forth and back. The monotonic clock and the timers stay
 * as they are.
 */
const skewMs = numberIn('BYOB_TEST_SKEW_MS');
const stepMs = numberIn('BYOB_TEST_STEP_MS');
let isStepped = false;
process.on('SIGUSR2', () => (isStepped = !isStepped));
const RealDate = Date;
const now = (): number => RealDate.now() + skewMs + (isStepped ? stepMs : 0);

globalThis.Date = new Proxy(RealDate, {
  construct: (_target, args, newTarget) =>
    Reflect.construct(RealDate, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});

function numberIn(variable: string): number {
  const number = Number(process.env[variable] ?? 0);
  if (!Number.isFinite(number)) throw new Error(`${variable} is no number`);
  return number;
}
