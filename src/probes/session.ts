import type { BucketFailure } from '../domain/bucket-failure.ts';
import { err, type Result } from '../domain/result.ts';
import type { BucketClient } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlainHttp, PlainRequest, PlainResponse } from '../ports/http.ts';

/** One probe at work: the bucket, the plain way to it, deadlines, and a count of what was sent. */
export interface ProbeSession {
  readonly bucket: BucketClient;
  readonly uid: string;
  readonly path: string;
  readonly appOrigin?: string;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Requests sent so far. */
  readonly requests: number;
  /** Runs one call with the deadline of a single request. */
  call<T>(run: (signal: AbortSignal) => Promise<Result<T, BucketFailure>>): Promise<Result<T, BucketFailure>>;
  /** Sends one plain request with the same deadline. */
  send(request: PlainRequest): Promise<Result<PlainResponse, BucketFailure>>;
}

export interface SessionOptions {
  readonly bucket: BucketClient;
  readonly http: PlainHttp;
  readonly uid: string;
  readonly path: string;
  readonly appOrigin?: string;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly callDeadlineMs: number;
  /** Ends the probe as a whole. */
  readonly signal: AbortSignal;
}

export function createSession(options: SessionOptions): ProbeSession {
  const { clock } = options;
  let requests = 0;

  async function call<T>(
    run: (signal: AbortSignal) => Promise<Result<T, BucketFailure>>,
  ): Promise<Result<T, BucketFailure>> {
    if (options.signal.aborted) return err({ kind: 'DeadlineExceeded' });
    const late = new AbortController();
    const cancel = clock.setTimer(options.callDeadlineMs, () => late.abort());
    requests += 1;
    try {
      return await run(AbortSignal.any([options.signal, late.signal]));
    } finally {
      cancel();
    }
  }

  return {
    bucket: options.bucket,
    uid: options.uid,
    path: options.path,
    ...(options.appOrigin !== undefined && { appOrigin: options.appOrigin }),
    clock,
    randomId: options.randomId,
    get requests() {
      return requests;
    },
    call,
    send: (request) => call((signal) => options.http.send(request, signal)),
  };
}
