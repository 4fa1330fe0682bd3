import { withDeadline } from '../base/with-deadline.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { KubeFailure } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { noAnswer } from './failure.ts';
import type { CacheWriter } from './object-cache.ts';
import type { Page, WatchEvent, WatchSource } from './watch-source.ts';

/**
 * State of the list/watch protocol (after kube-rs's watcher).
 *
 * - `Listing`: pages are being read. A failure begins the list again.
 * - `Watching`: the list is in the cache and events follow `resourceVersion`. A
 *   broken watch resumes there; `Expired` (410) goes back to `Listing`.
 */
export type ReflectorState<T extends KubeObject> =
  | { readonly kind: 'Listing'; readonly items: readonly T[]; readonly token?: string }
  | { readonly kind: 'Watching'; readonly resourceVersion: string };

/** The first state, and the one after any failure that leaves no valid `resourceVersion`. */
export function beginning<T extends KubeObject>(): ReflectorState<T> {
  return { kind: 'Listing', items: [] };
}

/** The state after a page: the next page, or `Watching` after the last. */
export function afterPage<T extends KubeObject>(
  state: ReflectorState<T> & { readonly kind: 'Listing' },
  page: Page<T>,
): ReflectorState<T> {
  const items = [...state.items, ...page.items];
  if (page.next !== undefined) return { kind: 'Listing', items, token: page.next };
  return { kind: 'Watching', resourceVersion: page.resourceVersion };
}

/** The state after a failure: an expired version or token cannot be resumed, everything else can. */
export function afterFailure<T extends KubeObject>(state: ReflectorState<T>, failure: KubeFailure): ReflectorState<T> {
  if (state.kind === 'Listing') return beginning();
  return failure.status === 410 || failure.reason === 'Expired' || failure.reason === 'Gone' ? beginning() : state;
}

export interface ReflectorOptions {
  /** How long the server keeps a watch open, in seconds; jittered by a tenth. */
  readonly watchSeconds: number;
  /** How long after that a silent watch is ended, in milliseconds. */
  readonly stallGraceMs: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** From 0 to 1. */
  readonly random: () => number;
}

/** 290 s: below the five minutes after which load balancers and the API server itself end a watch. */
export const REFLECTOR_DEFAULTS: ReflectorOptions = {
  watchSeconds: 290,
  stallGraceMs: 30_000,
  backoff: { baseMs: 800, maxMs: 30_000 },
  random: Math.random,
};

/** Longest time for one page of a list. */
const PAGE_DEADLINE_MS = 60_000;
/** A watch that was open this long was healthy: the next failure begins with the shortest delay again. */
const HEALTHY_MS = 5_000;

const STALLED: KubeFailure = { status: 0, reason: 'WatchStalled', message: 'the watch went silent' };
const ENDED_EARLY: KubeFailure = { status: 0, reason: 'WatchEndedEarly', message: 'the watch ended early' };

/** Progress of a watch. */
interface Progress {
  /** When the API server began to answer. */
  began?: number;
  resourceVersion: string;
}

export interface Reflector {
  /** Runs until the signal aborts; never rejects, never gives up. */
  run(signal: AbortSignal): Promise<void>;
  /** Ends the watch, which may have stalled, and lists. Resolves once a list that began after this is in the cache. */
  refresh(): Promise<void>;
  /** When the API server last sent anything, in milliseconds of the monotonic clock. */
  readonly lastContact: number;
}

/** Keeps a cache equal to what a source lists and watches. */
// eslint-disable-next-line max-lines-per-function -- list, watch and recovery share one state
export function createReflector<T extends KubeObject>(deps: {
  readonly source: WatchSource<T>;
  readonly cache: CacheWriter<T>;
  readonly clock: Clock;
  /** Shared by everything that shares the event loop; without it the first list enters the cache in one step. */
  readonly timeSlice?: TimeSlice;
  readonly log: Log;
  readonly options: ReflectorOptions;
}): Reflector {
  const { source, cache, clock, timeSlice, log, options } = deps;
  let isListed = false;
  let lastContact = clock.monotonic();
  let failures = 0;
  /** Who asked for a list, until one begins, and until it is complete. */
  const asking: (() => void)[] = [];
  const served: (() => void)[] = [];
  let endWatch: () => void = () => undefined;

  async function run(signal: AbortSignal): Promise<void> {
    let state = beginning<T>();
    while (!signal.aborted) {
      try {
        if (asking.length > 0) state = beginning();
        state = state.kind === 'Listing' ? await list(state, signal) : await watch(state, signal);
      } catch (error) {
        state = await recover(state, broken(error), signal);
      }
    }
  }

  async function list(
    state: ReflectorState<T> & { readonly kind: 'Listing' },
    signal: AbortSignal,
  ): Promise<ReflectorState<T>> {
    if (state.token === undefined) served.push(...asking.splice(0));
    const page = await withDeadline(clock, PAGE_DEADLINE_MS, (late) =>
      source.page(state.token, AbortSignal.any([signal, late])),
    );
    if (!page.ok) return recover(state, page.error, signal);
    lastContact = clock.monotonic();
    const next = afterPage(state, page.value);
    if (!isListed && timeSlice !== undefined) await putInSlices(page.value.items, timeSlice);
    if (next.kind === 'Watching') {
      cache.replace([...state.items, ...page.value.items]);
      isListed = true;
      for (const done of served.splice(0)) done();
    }
    return next;
  }

  /** Nothing relies on the cache before the first list is complete, so filling it may yield to other work. */
  async function putInSlices(items: readonly T[], timeSlice: TimeSlice): Promise<void> {
    for (const item of items) {
      await timeSlice();
      cache.put(item);
    }
  }

  async function watch(
    state: ReflectorState<T> & { readonly kind: 'Watching' },
    signal: AbortSignal,
  ): Promise<ReflectorState<T>> {
    const seconds = Math.round(options.watchSeconds * (0.9 + 0.1 * options.random()));
    const stall = new AbortController();
    const ended = AbortSignal.any([signal, stall.signal]);
    const cancel = clock.setTimer(seconds * 1000 + options.stallGraceMs, () => stall.abort());
    endWatch = () => stall.abort();
    const progress: Progress = { resourceVersion: state.resourceVersion };
    let failure: KubeFailure | undefined;
    try {
      const stream = await source.watch(state.resourceVersion, seconds, ended);
      failure = stream.ok ? await follow(progress, stream.value) : stream.error;
    } catch (error) {
      failure = broken(error);
    }
    cancel();
    if (stall.signal.aborted) failure = STALLED;
    stall.abort();
    if (asking.length > 0) return beginning();
    // Measured before the wait: a refused watch does not become healthy by waiting for the next one.
    const healthy = progress.began !== undefined && clock.monotonic() - progress.began >= HEALTHY_MS;
    if (healthy) failures = 0;
    const next: ReflectorState<T> = { kind: 'Watching', resourceVersion: progress.resourceVersion };
    // The server's own time-out is the normal end. A watch that ends at once must not be retried without a delay.
    return failure === undefined && healthy ? next : recover(next, failure ?? ENDED_EARLY, signal);
  }

  /** Writes events to the cache until the stream ends; an ERROR event is the failure. `progress` is valid also when this throws. */
  async function follow(progress: Progress, events: AsyncIterable<WatchEvent<T>>): Promise<KubeFailure | undefined> {
    progress.began = lastContact = clock.monotonic();
    for await (const event of events) {
      lastContact = clock.monotonic();
      if (event.type === 'ERROR') return statusOf(event.object);
      if (event.type === 'DELETED') cache.remove(event.object);
      else if (event.type !== 'BOOKMARK') cache.put(event.object);
      progress.resourceVersion = event.object.metadata.resourceVersion ?? progress.resourceVersion;
    }
    return undefined;
  }

  async function recover(
    state: ReflectorState<T>,
    failure: KubeFailure,
    signal: AbortSignal,
  ): Promise<ReflectorState<T>> {
    if (signal.aborted) return state;
    // The longer of both: the server may ask for a longer delay than ours, never for a shorter one.
    const wait = Math.max(failure.retryAfterMs ?? 0, delay());
    failures += 1;
    log.warn({ status: failure.status, reason: failure.reason, afterMs: Math.round(wait) }, 'watch interrupted');
    await pause(wait, signal);
    return afterFailure(state, failure);
  }

  function delay(): number {
    const ceiling = Math.min(options.backoff.maxMs, options.backoff.baseMs * 2 ** Math.min(failures, 20));
    return ceiling * (0.5 + 0.5 * options.random());
  }

  function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.setTimer(milliseconds, done);
      signal.addEventListener('abort', done);
    });
  }

  return {
    run,
    refresh: () =>
      new Promise((resolve) => {
        asking.push(resolve);
        endWatch();
      }),
    get lastContact() {
      return lastContact;
    },
  };
}

/** The `metav1.Status` of an ERROR event. */
function statusOf(object: unknown): KubeFailure {
  const { code, reason, message } = object as { code?: number; reason?: string; message?: string };
  return { status: code ?? 0, reason: reason ?? 'Unknown', message: message ?? '' };
}

/** A broken stream, or a line that is not JSON. */
function broken(error: unknown): KubeFailure {
  return { ...noAnswer(error), message: 'the watch broke' };
}
