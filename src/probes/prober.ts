import { defined } from '../base/defined.ts';
import { withDeadline } from '../base/with-deadline.ts';
import type { Observations, ProbeMode } from '../domain/observations/observations.ts';
import type { BucketTarget } from '../domain/bucket/target.ts';
import type { OpenBucket } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp } from '../ports/http.ts';
import { runFullProbe, runSurvey, type Probed } from './full-probe.ts';
import { removeFolders, removeOwned, sweepLeftovers, type OwnedObject } from './leftovers.ts';
import type { CallSeen } from './adaptive-limit.ts';
import { runLightProbe } from './light-probe.ts';
import { createLimiter, type Limiter, type Limits } from './limiter.ts';
import type { ProbePriority } from './priority.ts';
import { createSession, type ProbeSession } from './session.ts';
import { createSurveySharing, type ProbeTurn, type SurveyWanted } from './survey-sharing.ts';
import type { Surveys } from './surveys.ts';
import type { Turn } from './turn.ts';
import { createUrgency, type Urgency } from './urgency.ts';

export interface ProbeRequest {
  /** UID of the CR: part of the prefix of probe objects. */
  readonly uid: string;
  readonly target: BucketTarget;
  /** Identifies the store, for the limit of requests in flight at one store. */
  readonly endpoint: string;
  readonly mode: ProbeMode;
  readonly priority: ProbePriority;
  readonly appOrigin?: string;
  /** Probes with equal identities would see the same: they are run once. */
  readonly identity: string;
  /** Absent: the probe surveys the bucket for itself alone. */
  readonly survey?: SurveyWanted;
}

export interface ProbeLimits extends Limits {
  /** Longest time for one probe, and for its clean-up. */
  readonly probeDeadlineMs: number;
  /** Longest time for one request. */
  readonly callDeadlineMs: number;
  /** Longest time that a probe waits for the surveys of others. */
  readonly waitDeadlineMs: number;
  /** Pauses after which a deleted object is looked for again: stores with eventual consistency show it for a while. */
  readonly lookAgainMs: readonly number[];
}

/**
 * Four at one endpoint, until more is known of it: enough to hide a store's latency, too few to be a load.
 * 256 in all: a probe that hangs costs a socket and a few kB until its deadline.
 */
export const PROBE_LIMITS: ProbeLimits = {
  perEndpoint: { least: 2, first: 4, most: 16 },
  inAll: 256,
  probeDeadlineMs: 60_000,
  callDeadlineMs: 10_000,
  waitDeadlineMs: 75_000,
  lookAgainMs: [1000, 2000, 4000],
};

export interface Prober {
  /**
   * Runs a probe when a slot is free, or joins an equal one. An abort withdraws the
   * caller: a probe without callers ends early, with its observations so far.
   * `undefined`: it was aborted before it began.
   */
  run(request: ProbeRequest, signal: AbortSignal): Promise<Observations | undefined>;
  /** Ends all probes and waits until each has removed its objects. */
  stop(): Promise<void>;
}

export interface ProberDeps {
  readonly openBucket: OpenBucket;
  readonly http: PlainHttp;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly limits: ProbeLimits;
  readonly surveys: Surveys;
}

/** A probe that waits or runs, and the number of its callers. */
interface Running {
  readonly outcome: Promise<Observations | undefined>;
  /** The CR that it runs for. */
  readonly uid: string;
  readonly end: AbortController;
  /** That of who waits for it and comes soonest; it stays when that one leaves. */
  readonly urgency: Urgency;
  waiters: number;
}

/** A request, and how soon anybody waits for its probe. */
interface ProbeWanted {
  readonly request: ProbeRequest;
  readonly urgency: Urgency;
}

export function createProber(deps: ProberDeps): Prober & Pick<Limiter, 'endpoints' | 'hold'> {
  const running = new Map<string, Running>();
  const turns = createLimiter(deps.limits, deps.clock);
  const sharing = createSurveySharing(deps.surveys, deps.clock, deps.limits.waitDeadlineMs);
  let stopped = false;

  async function run(request: ProbeRequest, signal: AbortSignal): Promise<Observations | undefined> {
    const id = JSON.stringify([request.mode, request.identity, request.appOrigin ?? '']);
    let same = running.get(id);
    // A probe that is being aborted has incomplete observations: wait for its end and begin a new one.
    while (same?.end.signal.aborted === true) {
      await same.outcome.catch(() => undefined);
      same = running.get(id);
    }
    if (signal.aborted || stopped) return undefined;
    same?.urgency.raise(request.priority);
    const probe = same ?? start(id, request);
    wait(probe, signal);
    const seen = await probe.outcome;
    // The joined probe cleaned up under another UID: leftovers of a crash under this UID remain.
    if (seen?.mode === 'Full' && probe.uid !== request.uid) {
      await takeTurn({ request, urgency: createUrgency(request.priority) }, { signal }, sweepLeftovers);
    }
    return seen;
  }

  function start(id: string, request: ProbeRequest): Running {
    const end = new AbortController();
    const urgency = createUrgency(request.priority);
    const outcome = probeWith({ request, urgency }, end.signal).finally(() => running.delete(id));
    const probe = { outcome, uid: request.uid, end, urgency, waiters: 0 };
    running.set(id, probe);
    return probe;
  }

  /** Any probe; its survey is renewed where a trial or a light probe saw something else. */
  async function probeWith(wanted: ProbeWanted, signal: AbortSignal): Promise<Observations | undefined> {
    const { request } = wanted;
    const { mode, appOrigin } = request;
    const isLight = mode === 'Light';
    const seen = await (isLight ? takeTurn(wanted, { signal }, runLightProbe) : probeFully(wanted, signal));
    const isOwn = mode !== 'Survey' && seen !== undefined;
    const survey = isOwn ? sharing.renewal(request.survey, seen, appOrigin) : undefined;
    if (survey !== undefined) await probeFully({ ...wanted, request: { ...request, mode: 'Survey', survey } }, signal);
    return seen;
  }

  /** A full probe or a survey. */
  async function probeFully(wanted: ProbeWanted, signal: AbortSignal): Promise<Observations | undefined> {
    const { mode, survey } = wanted.request;
    const probe = ({ known, hasTurn, replaced }: ProbeTurn): Promise<Probed | undefined> => {
      const wait = replaced === undefined ? signal : AbortSignal.any([signal, replaced]);
      return takeTurn(wanted, { signal, wait, hasTurn }, (session) => {
        const cleanUp = (owned: readonly OwnedObject[]) => removeAll(session, owned, deps.limits.callDeadlineMs);
        const options = { known, cleanUp };
        return mode === 'Survey' ? runSurvey(session, options) : runFullProbe(session, options);
      });
    };
    if (survey === undefined) return (await probe({ known: () => undefined, hasTurn: () => undefined }))?.seen;
    const awaited = { ...survey, urgency: wanted.urgency };
    return mode === 'Survey' ? sharing.survey(awaited, signal, probe) : sharing.tryPath(awaited, signal, probe);
  }

  async function takeTurn<T>(
    { request, urgency }: ProbeWanted,
    { signal, wait = signal, hasTurn }: TurnOptions,
    work: Work<T>,
  ): Promise<T | undefined> {
    const { endpoint, target } = request;
    const turn = await turns.acquire({ endpoint, bucket: target.storage.name, urgency, ...defined({ hasTurn }) }, wait);
    if (turn === undefined) return undefined;
    try {
      return await withSession({ deps, request, signal, turn }, work);
    } finally {
      turn.end();
    }
  }

  async function stop(): Promise<void> {
    stopped = true;
    const all = [...running.values()];
    for (const probe of all) withdraw(probe);
    turns.stop();
    await Promise.allSettled(all.map(({ outcome }) => outcome));
  }

  return { run, stop, endpoints: () => turns.endpoints(), hold: turns.hold };
}

/** What it has written is removed at once: who asks next waits for that. */
function withdraw({ end, urgency }: Running): void {
  end.abort();
  urgency.raise('Changed');
}

function wait(probe: Running, signal: AbortSignal): void {
  probe.waiters += 1;
  const leave = (): void => {
    probe.waiters -= 1;
    if (probe.waiters === 0) withdraw(probe);
  };
  signal.addEventListener('abort', leave, { once: true });
  const forget = (): void => signal.removeEventListener('abort', leave);
  probe.outcome.then(forget, forget);
}

interface TurnOptions {
  /** Ends the work, and the wait for the turn. */
  readonly signal: AbortSignal;
  /** Ends the wait for the turn alone. */
  readonly wait?: AbortSignal;
  readonly hasTurn?: () => void;
}

/** The work on a bucket in one slot. */
type Work<T> = (session: ProbeSession) => Promise<T>;

async function withSession<T>(
  {
    deps,
    request,
    signal,
    turn,
  }: {
    readonly deps: ProberDeps;
    readonly request: ProbeRequest;
    readonly signal: AbortSignal;
    readonly turn: Turn;
  },
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
    lookAgainMs: limits.lookAgainMs,
    beforeRequest: () => turn.beforeRequest(),
    onCall: (call: CallSeen) => turn.saw(call),
  };
  try {
    return await withDeadline(clock, limits.probeDeadlineMs, (late) =>
      work(createSession({ ...options, signal: AbortSignal.any([signal, late]) })),
    );
  } finally {
    bucket.close();
  }
}

/** Has its own deadline: that of the probe may have passed. */
async function removeAll(session: ProbeSession, owned: readonly OwnedObject[], deadlineMs: number): Promise<void> {
  await withDeadline(session.clock, deadlineMs, async (late) => {
    const own = session.until(late);
    await removeOwned(own, owned);
    await removeFolders(own);
  });
}
