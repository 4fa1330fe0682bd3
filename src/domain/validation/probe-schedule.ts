import { sha256 } from '../../base/digest.ts';
import { INTERVALS } from '../intervals.ts';
import type { FailureClass } from '../conditions/failure-class.ts';

/** Why a probe runs. */
export type ProbeCause = 'Changed' | 'Forced' | 'Retry' | 'Due';

export type ProbeDecision =
  { readonly kind: 'Probe'; readonly mode: 'Full' | 'Light'; readonly cause: ProbeCause } | { readonly kind: 'Wait' };

/** The probes of one object so far; all times in milliseconds on a monotonic clock. */
export interface ProbeHistory {
  /** Digest of everything that a probe depends on: bucket, credential, CA, origin, ignored checks. */
  readonly inputs: string;
  readonly lastFullAt: number;
  readonly lastProbeAt: number;
  /** Set while the last probe's results keep the object from being Ready. */
  readonly failing?: { readonly failureClass: FailureClass; readonly since: number };
}

export interface ProbePolicy {
  readonly mode: 'Full' | 'ReadOnly';
  readonly intervalMs: number;
  readonly fullIntervalMs: number;
}

/**
 * Decides whether to probe now: a pure function of the history and the time. A validation that is fresh by
 * `lastFullValidationTime` is not repeated after a restart or a failover.
 */
export function decideProbe(request: {
  readonly now: number;
  readonly uid: string;
  readonly inputs: string;
  readonly forced: boolean;
  readonly history: ProbeHistory | undefined;
  readonly policy: ProbePolicy;
}): ProbeDecision {
  const { now, history, policy } = request;
  const full = policy.mode === 'ReadOnly' ? 'Light' : 'Full';
  if (request.forced) return { kind: 'Probe', mode: full, cause: 'Forced' };
  if (history?.inputs !== request.inputs) return { kind: 'Probe', mode: full, cause: 'Changed' };
  if (now < nextProbeAt(history, policy, request.uid)) return { kind: 'Wait' };
  if (history.failing !== undefined) return { kind: 'Probe', mode: full, cause: 'Retry' };
  const mode = now >= fullDueAt(history, policy, request.uid) ? full : 'Light';
  return { kind: 'Probe', mode, cause: 'Due' };
}

/** When the next probe is due, on the clock of the history. */
export function nextProbeAt(history: ProbeHistory, policy: ProbePolicy, uid: string): number {
  if (history.failing !== undefined) {
    const delay = retryDelay(history.failing.failureClass, history.lastProbeAt - history.failing.since, uid);
    return delay === undefined ? Number.POSITIVE_INFINITY : history.lastProbeAt + delay;
  }
  const light = history.lastProbeAt + spread(policy.intervalMs, `${uid} light`);
  return Math.min(light, fullDueAt(history, policy, uid));
}

function fullDueAt(history: ProbeHistory, policy: ProbePolicy, uid: string): number {
  return history.lastFullAt + spread(policy.fullIntervalMs, `${uid} full`);
}

/** The wait after a failed try, by how long the cause has lasted; `undefined` if only an edit helps. */
export function retryDelay(failureClass: FailureClass, failingForMs: number, uid: string): number | undefined {
  switch (failureClass) {
    case 'spec':
      return undefined;
    case 'transient': {
      // Doubling: wait as long as it has failed for. With full jitter that is the same at each computation.
      const { least, most } = INTERVALS.validation.transient;
      const ceiling = Math.min(Math.max(failingForMs, least), most);
      return Math.max(least / 2, ceiling * fraction(`${uid} ${failingForMs}`));
    }
    case 'reference':
    case 'external': {
      let reached = 0;
      for (const step of INTERVALS.validation.external) {
        // The actual wait with its jitter: with a nominal sum, an object with a shorter wait would take the same step
        // twice.
        const wait = spread(step, uid);
        reached += wait;
        if (failingForMs < reached) return wait;
      }
      return spread(INTERVALS.validation.external.at(-1) ?? 0, uid);
    }
  }
}

/**
 * Ten per cent either way, fixed for the text: the probes of many objects spread out, and each object keeps its own
 * rhythm.
 */
function spread(milliseconds: number, text: string): number {
  return Math.round(milliseconds * (0.9 + 0.2 * fraction(text)));
}

function fraction(text: string): number {
  return parseInt(sha256(text).slice(0, 8), 16) / 2 ** 32;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Parses a Go duration such as `1h30m`; `undefined` if it is invalid or not positive. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32 || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return total > 0 ? total : undefined;
}
