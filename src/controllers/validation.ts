import type { CheckContext, CheckResult } from '../checks/check.ts';
import { judgeAll } from '../checks/judge.ts';
import { failureClass, isProven } from '../checks/roll-up.ts';
import { keyedDigest, revealCredential } from '../domain/credential.ts';
import { failedSteps, type FailedStep } from '../domain/observations.ts';
import { decideProbe, nextProbeAt, type ProbeHistory, type ProbePolicy } from '../domain/schedule.ts';
import type { FailureClass } from '../domain/problem.ts';
import type { Secret } from '../domain/secret.ts';
import type { BucketTarget } from '../domain/storage.ts';
import { TOLERATED_TRIES, tolerateFault } from '../domain/tolerance.ts';
import type { Clock } from '../ports/clock.ts';
import type { StorageMetrics } from '../ports/metrics.ts';
import type { Prober } from '../probes/prober.ts';

export interface ValidationRequest {
  readonly uid: string;
  readonly target: BucketTarget;
  readonly context: CheckContext;
  readonly ignore: readonly string[];
  readonly policy: ProbePolicy;
  /** Somebody asked for a full validation now. */
  readonly forced: boolean;
  readonly salt: Secret<string>;
  /** What the object's status says of the last full validation, for the first look after a start. */
  readonly recorded?: RecordedValidation;
  /** Reads the versions of Secret and CA again: a probe of values that changed meanwhile counts for nothing. */
  readonly unchanged: () => Promise<boolean>;
}

/** A validation as the status of an object that is Ready records it. */
export interface RecordedValidation {
  readonly fingerprint: string;
  readonly lastFullAt: number;
  readonly checks: readonly CheckResult[];
}

/** What the log tells of a probe. */
export interface ProbeReport {
  readonly mode: 'Full' | 'Light';
  readonly requests: number;
  readonly failures: readonly FailedStep[];
}

export type Validation =
  | {
      readonly kind: 'Judged';
      readonly results: readonly CheckResult[];
      /** Names what was validated: credential, CA, origin and the bucket's settings. */
      readonly fingerprint: string;
      /** A full probe ran just now and every required check passed. */
      readonly provenNow: boolean;
      /** Absent when what is known was fresh enough. */
      readonly probed?: ProbeReport;
      readonly lastFullAt: number;
    }
  /** The endpoint is at its limit, or the values changed under the probe: come back. */
  | { readonly kind: 'Later'; readonly afterMs: number };

interface Probed {
  readonly inputs: string;
  readonly mode: 'Full' | 'Light';
  readonly results: readonly CheckResult[];
}

interface Memory {
  readonly history: ProbeHistory;
  readonly results: readonly CheckResult[];
  readonly lastGood?: readonly CheckResult[];
  readonly faults: number;
}

const BUSY_RETRY_MS = 500;

/**
 * Decides when a bucket is probed, has it probed, judges what was seen, and
 * remembers it by object. Writes nothing to the cluster.
 */
export function createValidator(deps: {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly metrics: Pick<StorageMetrics, 'probed'>;
}) {
  const memories = new Map<string, Memory>();
  const startedAt = deps.clock.now();

  async function validate(request: ValidationRequest, signal: AbortSignal): Promise<Validation> {
    const inputs = inputsOf(request);
    const memory = memories.get(request.uid) ?? recall(request, inputs);
    const now = deps.clock.now();
    const decision = decideProbe({
      now,
      uid: request.uid,
      inputs,
      forced: request.forced,
      history: memory?.history,
      policy: request.policy,
    });
    if (decision.kind === 'Wait' && memory !== undefined) {
      memories.set(request.uid, memory);
      return judged(memory, false);
    }
    const known = memory?.history.inputs === inputs ? memory : undefined;
    return probe(request, { inputs, mode: decision.kind === 'Probe' ? decision.mode : 'Full', known }, signal);
  }

  async function probe(
    request: ValidationRequest,
    { inputs, mode, known }: Omit<Probed, 'results'> & { readonly known: Memory | undefined },
    signal: AbortSignal,
  ): Promise<Validation> {
    const { uid, target, ignore, context } = request;
    const started = deps.prober.tryRun(
      { ...originOf(request), uid, target, endpoint: context.endpointUrl, mode, identity: inputs },
      signal,
    );
    if (started === undefined) return { kind: 'Later', afterMs: BUSY_RETRY_MS };
    const began = deps.clock.monotonic();
    const observations = await started;
    // Broken off by our own stopping: that says nothing of the bucket.
    if (signal.aborted) return { kind: 'Later', afterMs: 0 };
    const { provider } = target.storage;
    const seconds = (deps.clock.monotonic() - began) / 1000;
    deps.metrics.probed({ provider, mode, seconds, requests: observations.requests });
    if (!(await request.unchanged())) return { kind: 'Later', afterMs: 0 };
    // What a light probe cannot see it takes from the last good results: a fault that it saw itself must not outlive itself.
    const previous = known?.lastGood ?? known?.results ?? [];
    const results = judgeAll(observations, request.context, { previous, ignore });
    const next = remember(request, { inputs, mode, results, known });
    const probed = { mode, requests: observations.requests, failures: failedSteps(observations) };
    return { ...judged(next, mode === 'Full' && isProven(results)), probed };
  }

  /** `known`: what was seen with the same inputs; what others gave says nothing of these. */
  function remember(request: ValidationRequest, probe: Probed & { readonly known: Memory | undefined }): Memory {
    const { known } = probe;
    const next = isProven(probe.results) ? afterSuccess(probe, known) : afterFailure(probe, known);
    memories.set(request.uid, next);
    return next;
  }

  function afterSuccess(probe: Probed, known: Memory | undefined): Memory {
    const now = deps.clock.now();
    const lastFullAt = probe.mode === 'Full' ? now : (known?.history.lastFullAt ?? 0);
    const history = { inputs: probe.inputs, lastFullAt, lastProbeAt: now };
    return { history, results: probe.results, lastGood: probe.results, faults: 0 };
  }

  function afterFailure(probe: Probed, known: Memory | undefined): Memory {
    const now = deps.clock.now();
    const failing = failingClass(probe.results);
    const { history, lastGood, faults = 0 } = known ?? {};
    const next = {
      inputs: probe.inputs,
      lastFullAt: history?.lastFullAt ?? 0,
      lastProbeAt: now,
      failing: { failureClass: failing, since: history?.failing?.since ?? now },
    };
    if (lastGood === undefined) return { history: next, results: probe.results, faults: faults + 1 };
    const tolerated = faults + 1 < TOLERATED_TRIES && failing === 'transient';
    const results = tolerated ? tolerateFault(probe.results, lastGood) : probe.results;
    return { history: next, results, lastGood, faults: faults + 1 };
  }

  /** What the status of a Ready object says counts as a probe: a restart re-probes nothing that is fresh. */
  function recall(request: ValidationRequest, inputs: string): Memory | undefined {
    const { recorded, uid, policy } = request;
    if (recorded?.fingerprint !== fingerprintOf(inputs)) return undefined;
    // Light probes of a whole fleet would otherwise all be due at the start.
    const lastProbeAt = startedAt - policy.intervalMs * share(uid);
    const history = { inputs, lastFullAt: recorded.lastFullAt, lastProbeAt };
    return { history, results: recorded.checks, lastGood: recorded.checks, faults: 0 };
  }

  /** Milliseconds until the next probe of an object that was validated; `undefined` when none will come by itself. */
  function nextProbeIn(uid: string, policy: ProbePolicy): number | undefined {
    const memory = memories.get(uid);
    if (memory === undefined) return undefined;
    const at = nextProbeAt(memory.history, policy, uid);
    return Number.isFinite(at) ? Math.max(0, at - deps.clock.now()) : undefined;
  }

  function forget(uid: string): void {
    memories.delete(uid);
  }

  return { validate, nextProbeIn, forget };
}

export type Validator = ReturnType<typeof createValidator>;

function judged(memory: Memory, provenNow: boolean): Validation & { kind: 'Judged' } {
  return {
    kind: 'Judged',
    results: memory.results,
    fingerprint: fingerprintOf(memory.history.inputs),
    provenNow,
    lastFullAt: memory.history.lastFullAt,
  };
}

function inputsOf({ target, context, ignore, salt }: ValidationRequest): string {
  return keyedDigest(salt, [
    JSON.stringify(target.storage),
    ...Object.values(revealCredential(target.credential)),
    target.caBundle ?? '',
    context.appOrigin ?? '',
    String(context.proxiesFileStore),
    ...ignore,
  ]);
}

/** Short enough to compare by eye; it names the inputs and tells nothing of them. */
function fingerprintOf(inputs: string): string {
  return inputs.slice(0, 16);
}

function originOf(request: ValidationRequest): { readonly appOrigin?: string } {
  return request.context.appOrigin === undefined ? {} : { appOrigin: request.context.appOrigin };
}

function failingClass(results: readonly CheckResult[]): FailureClass {
  const failure = failureClass(results);
  // Nothing failed, but something required could not be told: look again soon.
  return failure === 'none' ? 'transient' : failure;
}

/** A fixed share of one, by the UID's first hex digits. */
function share(uid: string): number {
  const digits = Number.parseInt(uid.replace(/[^0-9a-f]/gi, '').slice(0, 6), 16);
  return Number.isNaN(digits) ? 0.5 : digits / 0x1000000;
}
