import type { Observations } from '../domain/observations.ts';
import type { BucketTarget } from '../domain/storage.ts';
import type { BucketClient, OpenBucket } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp } from '../ports/http.ts';
import { removeLeftovers, runFullProbe, runLightProbe } from './plan.ts';
import { createSession, type ProbeSession } from './session.ts';

export interface ProbeRequest {
  /** UID of the CR: probe objects live below it. */
  readonly uid: string;
  readonly target: BucketTarget;
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
  /** Runs a probe, or joins the same one under way; `undefined` when the endpoint is at its limit (put the key back). */
  tryRun(request: ProbeRequest, signal: AbortSignal): Promise<Observations> | undefined;
}

export function createProber(deps: {
  readonly openBucket: OpenBucket;
  readonly http: PlainHttp;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly limits: ProbeLimits;
}): Prober {
  const running = new Map<string, Promise<Observations>>();
  const busy = new Map<string, number>();

  function tryRun(request: ProbeRequest, signal: AbortSignal): Promise<Observations> | undefined {
    const id = `${request.mode} ${request.identity} ${request.appOrigin ?? ''}`;
    const same = running.get(id);
    if (same !== undefined) return same;
    const endpoint = endpointOf(request.target);
    const count = busy.get(endpoint) ?? 0;
    if (count >= deps.limits.perEndpoint) return undefined;
    busy.set(endpoint, count + 1);
    const probe = run(request, signal).finally(() => {
      running.delete(id);
      const left = (busy.get(endpoint) ?? 1) - 1;
      if (left === 0) busy.delete(endpoint);
      else busy.set(endpoint, left);
    });
    running.set(id, probe);
    return probe;
  }

  async function run(request: ProbeRequest, signal: AbortSignal): Promise<Observations> {
    const bucket = await deps.openBucket(request.target);
    const late = new AbortController();
    const cancel = deps.clock.setTimer(deps.limits.probeDeadlineMs, () => late.abort());
    const session = sessionFor(request, bucket, AbortSignal.any([signal, late.signal]));
    try {
      if (request.mode === 'Light') return await runLightProbe(session);
      return await runFullProbe(session, (leftovers) => cleanUp(request, bucket, leftovers));
    } finally {
      cancel();
      bucket.close();
    }
  }

  /** With a deadline of its own: the probe's may have passed. */
  async function cleanUp(
    request: ProbeRequest,
    bucket: BucketClient,
    leftovers: Parameters<typeof removeLeftovers>[1],
  ): Promise<void> {
    const late = new AbortController();
    const cancel = deps.clock.setTimer(deps.limits.callDeadlineMs, () => late.abort());
    try {
      await removeLeftovers(sessionFor(request, bucket, late.signal), leftovers);
    } finally {
      cancel();
    }
  }

  function sessionFor(request: ProbeRequest, bucket: BucketClient, signal: AbortSignal): ProbeSession {
    return createSession({
      bucket,
      http: deps.http,
      uid: request.uid,
      path: request.target.storage.path,
      ...(request.appOrigin !== undefined && { appOrigin: request.appOrigin }),
      clock: deps.clock,
      randomId: deps.randomId,
      callDeadlineMs: deps.limits.callDeadlineMs,
      signal,
    });
  }

  return { tryRun };
}

function endpointOf({ storage }: BucketTarget): string {
  return storage.provider === 'S3' ? `aws ${storage.region}` : `${storage.endpoint.host}:${storage.endpoint.port}`;
}
