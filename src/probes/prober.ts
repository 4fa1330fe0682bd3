import { withDeadline } from '../base/with-deadline.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { BucketTarget } from '../domain/bucket/target.ts';
import type { OpenBucket } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp } from '../ports/http.ts';
import { removeFolders, removeOwned, sweepLeftovers, type OwnedObject } from './leftovers.ts';
import { runFullProbe, runLightProbe } from './plan.ts';
import { createLimiter, type Limits } from './limiter.ts';
import { createSession, type ProbeSession } from './session.ts';

export interface ProbeRequest {
  /** UID of the CR: probe objects live below it. */
  readonly uid: string;
  readonly target: BucketTarget;
  /** Names the store, for the limit of probes at one. */
  readonly endpoint: string;
  readonly mode: 'Full' | 'Light';
  /** A new, edited or rotated object: its turn comes before periodic work. */
  readonly urgent: boolean;
  readonly appOrigin?: string;
  /** Equal texts mean that the probes would see the same: they are done once. */
  readonly identity: string;
}

export interface ProbeLimits extends Limits {
  /** Longest time for one probe, and for its clean-up. */
  readonly probeDeadlineMs: number;
  /** Longest time for one request. */
  readonly callDeadlineMs: number;
}

/**
 * Four at one endpoint: enough to hide a store's latency, too few to trouble it.
 * 256 in all: what hangs costs a socket and a few kB, and ends by its deadline.
 */
export const PROBE_LIMITS: ProbeLimits = {
  perEndpoint: 4,
  inAll: 256,
  probeDeadlineMs: 60_000,
  callDeadlineMs: 10_000,
};

export interface Prober {
  /**
   * Runs a probe when its turn has come, or joins the same one. An abort
   * withdraws the caller's interest: the probe ends early, with what it has seen,
   * once nobody is left who wants it. `undefined`: it was withdrawn before it began.
   */
  run(request: ProbeRequest, signal: AbortSignal): Promise<Observations | undefined>;
  /** Ends all probes and waits until each has taken away what it had in its bucket. */
  stop(): Promise<void>;
}

export interface ProberDeps {
  readonly openBucket: OpenBucket;
  readonly http: PlainHttp;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly limits: ProbeLimits;
}

/** A probe that waits or is under way, and how many want it. */
interface Running {
  readonly outcome: Promise<Observations | undefined>;
  /** The one that it runs for. */
  readonly uid: string;
  readonly end: AbortController;
  waiters: number;
}

export function createProber(deps: ProberDeps): Prober {
  const running = new Map<string, Running>();
  const turns = createLimiter(deps.limits);
  let stopped = false;

  async function run(request: ProbeRequest, signal: AbortSignal): Promise<Observations | undefined> {
    const id = JSON.stringify([request.mode, request.identity, request.appOrigin ?? '']);
    let same = running.get(id);
    // One that is being ended would tell half of it: begin when it is gone.
    while (same?.end.signal.aborted === true) {
      await same.outcome.catch(() => undefined);
      same = running.get(id);
    }
    if (signal.aborted || stopped) return undefined;
    const probe = same ?? start(id, request);
    wait(probe, signal);
    const seen = await probe.outcome;
    // Its clean-up was for the one that it ran for: what a crash left under this UID is still there.
    if (seen?.mode === 'Full' && probe.uid !== request.uid) await takeTurn(request, signal, sweepLeftovers);
    return seen;
  }

  function start(id: string, request: ProbeRequest): Running {
    const end = new AbortController();
    const outcome = takeTurn(request, end.signal, probeWith(deps, request)).finally(() => running.delete(id));
    const probe = { outcome, uid: request.uid, end, waiters: 0 };
    running.set(id, probe);
    return probe;
  }

  async function takeTurn<T>(request: ProbeRequest, signal: AbortSignal, work: Work<T>): Promise<T | undefined> {
    const endTurn = await turns.acquire(request.endpoint, request.urgent, signal);
    if (endTurn === undefined) return undefined;
    try {
      return await withSession({ deps, request, signal }, work);
    } finally {
      endTurn();
    }
  }

  async function stop(): Promise<void> {
    stopped = true;
    const all = [...running.values()];
    for (const { end } of all) end.abort();
    await Promise.allSettled(all.map(({ outcome }) => outcome));
  }

  return { run, stop };
}

function wait(probe: Running, signal: AbortSignal): void {
  probe.waiters += 1;
  const leave = (): void => {
    probe.waiters -= 1;
    if (probe.waiters === 0) probe.end.abort();
  };
  signal.addEventListener('abort', leave, { once: true });
  const forget = (): void => signal.removeEventListener('abort', leave);
  probe.outcome.then(forget, forget);
}

/** What is done with a bucket in one turn. */
type Work<T> = (session: ProbeSession) => Promise<T>;

function probeWith({ limits }: ProberDeps, { mode }: ProbeRequest): Work<Observations> {
  if (mode === 'Light') return runLightProbe;
  return (session) => runFullProbe(session, (owned) => cleanUp(session, owned, limits.callDeadlineMs));
}

async function withSession<T>(
  {
    deps,
    request,
    signal,
  }: { readonly deps: ProberDeps; readonly request: ProbeRequest; readonly signal: AbortSignal },
  work: Work<T>,
): Promise<T> {
  const { clock, limits } = deps;
  const bucket = await deps.openBucket(request.target);
  const options = {
    bucket,
    http: deps.http,
    uid: request.uid,
    path: request.target.storage.path,
    provider: request.target.storage.provider,
    ...(request.appOrigin !== undefined && { appOrigin: request.appOrigin }),
    clock,
    randomId: deps.randomId,
    callDeadlineMs: limits.callDeadlineMs,
  };
  try {
    return await withDeadline(clock, limits.probeDeadlineMs, (late) =>
      work(createSession({ ...options, signal: AbortSignal.any([signal, late]) })),
    );
  } finally {
    bucket.close();
  }
}

/** With a deadline of its own: the probe's may have passed. */
async function cleanUp(session: ProbeSession, owned: readonly OwnedObject[], deadlineMs: number): Promise<void> {
  await withDeadline(session.clock, deadlineMs, async (late) => {
    const own = session.until(late);
    await removeOwned(own, owned);
    await removeFolders(own);
  });
}
