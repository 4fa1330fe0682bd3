import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import { defined } from '../base/defined.ts';
import { err, type Result } from '../base/result.ts';
import { withDeadline } from '../base/with-deadline.ts';
import type { BucketStorage } from '../domain/bucket/storage.ts';
import type { BucketClient } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp, PlainRequest, PlainResponse } from '../ports/http.ts';
import type { CallSeen } from './adaptive-limit.ts';

/** Longest wait for an interim answer. */
const INTERIM_MS = 2000;

/** A call to the store, run with the signal that ends it. */
type Call<T> = (signal: AbortSignal) => Promise<Result<T, BucketFailure>>;

/** One running probe: the bucket, plain HTTP, deadlines, and the count of requests. */
export interface ProbeSession {
  readonly bucket: BucketClient;
  readonly uid: string;
  readonly path: string;
  readonly provider: BucketStorage['provider'];
  readonly appOrigin?: string;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Pauses after which a deleted object is looked for again. */
  readonly lookAgainMs: readonly number[];
  /** Number of requests to the store so far, including those of the clean-up. */
  readonly requests: number;
  /** Whether the probe was aborted: nothing more is sent. */
  ended(): boolean;
  /** Runs one call with the deadline of a single request; a call that ignores the signal is not waited for. */
  call<T>(run: Call<T>): Promise<Result<T, BucketFailure>>;
  /** The same for a signature: most are made here and no request, so it is not counted as one. */
  sign<T>(run: Call<T>): Promise<Result<T, BucketFailure>>;
  /**
   * The same for a call that creates something. The end of the probe does not abort
   * it: the store may still process the request, and a clean-up that did not wait for
   * the answer would look for leftovers too early.
   */
  create<T>(run: Call<T>): Promise<Result<T, BucketFailure>>;
  /**
   * Sends one plain request with the same deadline; a PUT or POST is waited for like `create`. For what only
   * announces a body the deadline is shorter: servers may leave that without an answer.
   */
  send(request: PlainRequest): Promise<Result<PlainResponse, BucketFailure>>;
  /** Waits, and no longer than the probe runs. */
  pause(milliseconds: number): Promise<void>;
  /** The same session with another end, for the clean-up. */
  until(signal: AbortSignal): ProbeSession;
}

export interface SessionOptions {
  readonly bucket: BucketClient;
  readonly http: PlainHttp;
  readonly uid: string;
  readonly path: string;
  readonly provider: BucketStorage['provider'];
  readonly appOrigin?: string;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly callDeadlineMs: number;
  readonly lookAgainMs: readonly number[];
  /** Ends the probe as a whole. */
  readonly signal: AbortSignal;
  /** Awaited before each request; `undefined`: at once. */
  readonly beforeRequest?: () => Promise<void> | undefined;
  /** Called for each call of the store that has ended by itself. */
  readonly onCall: (call: CallSeen) => void;
}

export function createSession(options: SessionOptions): ProbeSession {
  return sessionWith(options, { plain: 0, calls: 0 });
}

/** Plain requests, and calls of the driver, each of which sends one request unless the driver counts them itself. */
interface Count {
  plain: number;
  calls: number;
}

function sessionWith(options: SessionOptions, count: Count): ProbeSession {
  const { clock, signal } = options;

  const withProbe = (late: AbortSignal): AbortSignal => AbortSignal.any([signal, late]);
  /** The end of the probe does not end it. */
  const alone = (late: AbortSignal): AbortSignal => late;

  function counted<T>(what: keyof Count, ...how: Parameters<typeof inTime<T>>): Promise<Result<T, BucketFailure>> {
    if (!signal.aborted) count[what] += 1;
    return inTime(...how);
  }

  /** Not part of the time that a call takes. */
  async function inTurn<T>(ask: () => Promise<Result<T, BucketFailure>>): Promise<Result<T, BucketFailure>> {
    const turn = options.beforeRequest?.();
    if (turn !== undefined) await turn;
    return ask();
  }

  async function timed<T>(
    run: () => Promise<Result<T, BucketFailure>>,
    failureIn: (value: T) => BucketFailure | undefined = () => undefined,
  ): Promise<Result<T, BucketFailure>> {
    const began = clock.monotonic();
    const seen = await run();
    const failure = seen.ok ? failureIn(seen.value) : seen.error;
    // What the probe's end has aborted says nothing of the store.
    if (!signal.aborted) options.onCall({ milliseconds: clock.monotonic() - began, ...defined({ failure }) });
    return seen;
  }

  function send(request: PlainRequest): Promise<Result<PlainResponse, BucketFailure>> {
    const run: Call<PlainResponse> = (end) => options.http.send(request, end);
    // Not timed: it may wait in vain.
    if (request.announces !== undefined) return inTurn(() => counted('plain', run, withProbe, INTERIM_MS));
    const endBy = creates(request) ? alone : withProbe;
    return inTurn(() =>
      timed(
        () => counted('plain', run, endBy),
        (answer) => (answer.status < 400 ? undefined : options.bucket.explain(answer)),
      ),
    );
  }

  async function inTime<T>(
    run: Call<T>,
    endBy: (late: AbortSignal) => AbortSignal,
    deadlineMs = options.callDeadlineMs,
  ): Promise<Result<T, BucketFailure>> {
    if (signal.aborted) return err({ kind: 'DeadlineExceeded' });
    return withDeadline(clock, deadlineMs, (late) => orExpired(run, endBy(late)));
  }

  return {
    bucket: options.bucket,
    uid: options.uid,
    path: options.path,
    provider: options.provider,
    ...(options.appOrigin !== undefined && { appOrigin: options.appOrigin }),
    clock,
    randomId: options.randomId,
    lookAgainMs: options.lookAgainMs,
    get requests() {
      return count.plain + (options.bucket.requestsSent?.() ?? count.calls);
    },
    ended: () => signal.aborted,
    call: (run) => inTurn(() => timed(() => counted('calls', run, withProbe))),
    sign: (run) => inTime(run, withProbe),
    create: (run) => inTurn(() => timed(() => counted('calls', run, alone))),
    send,
    pause: async (milliseconds) => {
      if (milliseconds > 0) await withDeadline(clock, milliseconds, (late) => aborted(withProbe(late)));
    },
    until: (other) => sessionWith({ ...options, signal: other }, count),
  };
}

/** The result of the call, or `DeadlineExceeded`, even if the call ignores its signal. */
async function orExpired<T>(run: Call<T>, end: AbortSignal): Promise<Result<T, BucketFailure>> {
  const expired = Promise.withResolvers<Result<never, BucketFailure>>();
  const expire = (): void => expired.resolve(err({ kind: 'DeadlineExceeded' }));
  end.addEventListener('abort', expire);
  try {
    return await Promise.race([run(end), expired.promise]);
  } finally {
    // A combined signal with a listener is never garbage-collected.
    end.removeEventListener('abort', expire);
  }
}

/** Resolves when the signal is aborted. */
async function aborted(end: AbortSignal): Promise<void> {
  if (end.aborted) return;
  await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
}

function creates({ method }: PlainRequest): boolean {
  return method === 'PUT' || method === 'POST';
}
