import type { Observations } from '../domain/observations.ts';
import type { BucketTarget } from '../domain/storage.ts';
import type { OpenBucket } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp } from '../ports/http.ts';
import { removeOwned, type OwnedObject } from './leftovers.ts';
import { runFullProbe, runLightProbe } from './plan.ts';
import { createSession, type ProbeSession } from './session.ts';

export interface ProbeRequest {
  /** UID of the CR: probe objects live below it. */
  readonly uid: string;
  readonly target: BucketTarget;
  /** Names the store: so many probes at a time, and no more, are sent to one. */
  readonly endpoint: string;
  readonly mode: 'Full' | 'Light';
  readonly appOrigin?: string;
  /** Equal texts mean that the probes would see the same: they are done once. */
  readonly identity: string;
}

export interface ProbeLimits {
  /** Probes at one endpoint at a time. */
  readonly perEndpoint: number;
  /** Longest time for one probe, and for its clean-up. */
  readonly probeDeadlineMs: number;
  /** Longest time for one request. */
  readonly callDeadlineMs: number;
}

/** Four at a time: enough to hide a store's latency, too few to trouble it. */
export const PROBE_LIMITS: ProbeLimits = { perEndpoint: 4, probeDeadlineMs: 60_000, callDeadlineMs: 10_000 };

export interface Prober {
  /**
   * Runs a probe, or joins the same one under way; `undefined` when the endpoint
   * is at its limit (put the key back). An abort withdraws the caller's interest:
   * the probe ends early, with what it has seen, once nobody is left who wants it.
   */
  tryRun(request: ProbeRequest, signal: AbortSignal): Promise<Observations> | undefined;
}

export interface ProberDeps {
  readonly openBucket: OpenBucket;
  readonly http: PlainHttp;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly limits: ProbeLimits;
}

/** A probe under way and how many wait for it. */
interface Running {
  readonly outcome: Promise<Observations>;
  readonly end: AbortController;
  waiters: number;
}

export function createProber(deps: ProberDeps): Prober {
  const running = new Map<string, Running>();
  const busy = new Map<string, number>();

  function tryRun(request: ProbeRequest, signal: AbortSignal): Promise<Observations> | undefined {
    const id = JSON.stringify([request.mode, request.identity, request.appOrigin ?? '']);
    const same = running.get(id);
    // One that is being ended would tell half of it: come back when it is gone.
    if (same?.end.signal.aborted === true) return undefined;
    const probe = same ?? start(id, request);
    if (probe !== undefined) wait(probe, signal);
    return probe?.outcome;
  }

  function start(id: string, request: ProbeRequest): Running | undefined {
    const { endpoint } = request;
    const count = busy.get(endpoint) ?? 0;
    if (count >= deps.limits.perEndpoint) return undefined;
    busy.set(endpoint, count + 1);
    const end = new AbortController();
    const outcome = runProbe(deps, request, end.signal).finally(() => {
      running.delete(id);
      const left = (busy.get(endpoint) ?? 1) - 1;
      if (left === 0) busy.delete(endpoint);
      else busy.set(endpoint, left);
    });
    const probe = { outcome, end, waiters: 0 };
    running.set(id, probe);
    return probe;
  }

  return { tryRun };
}

function wait(probe: Running, signal: AbortSignal): void {
  probe.waiters += 1;
  const leave = (): void => {
    probe.waiters -= 1;
    if (probe.waiters === 0) probe.end.abort();
  };
  if (signal.aborted) {
    leave();
    return;
  }
  signal.addEventListener('abort', leave, { once: true });
  const forget = (): void => signal.removeEventListener('abort', leave);
  probe.outcome.then(forget, forget);
}

async function runProbe(deps: ProberDeps, request: ProbeRequest, signal: AbortSignal): Promise<Observations> {
  const { clock, limits } = deps;
  const bucket = await deps.openBucket(request.target);
  const late = new AbortController();
  const cancel = clock.setTimer(limits.probeDeadlineMs, () => late.abort());
  const session = createSession({
    bucket,
    http: deps.http,
    uid: request.uid,
    path: request.target.storage.path,
    ...(request.appOrigin !== undefined && { appOrigin: request.appOrigin }),
    clock,
    randomId: deps.randomId,
    callDeadlineMs: limits.callDeadlineMs,
    signal: AbortSignal.any([signal, late.signal]),
  });
  try {
    if (request.mode === 'Light') return await runLightProbe(session);
    return await runFullProbe(session, (owned) => cleanUp(session, owned, limits.callDeadlineMs));
  } finally {
    cancel();
    bucket.close();
  }
}

/** With a deadline of its own: the probe's may have passed. */
async function cleanUp(session: ProbeSession, owned: readonly OwnedObject[], deadlineMs: number): Promise<void> {
  const late = new AbortController();
  const cancel = session.clock.setTimer(deadlineMs, () => late.abort());
  try {
    await removeOwned(session.until(late.signal), owned);
  } finally {
    cancel();
  }
}
