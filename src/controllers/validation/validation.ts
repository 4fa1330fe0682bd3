import type { CheckContext, CheckResult } from '../../checks/check.ts';
import { judgeAll } from '../../checks/judge.ts';
import { failureClass, firstFault, isProven } from '../../checks/roll-up.ts';
import { keyedDigest } from '../../domain/credentials/credential.ts';
import { failedSteps, type FailedStep, type Observations } from '../../domain/observations/observations.ts';
import { recordedTime } from '../../base/recorded-time.ts';
import { err, ok, type Result } from '../../base/result.ts';
import {
  decideProbe,
  nextProbeAt,
  type ProbeHistory,
  type ProbePolicy,
} from '../../domain/validation/probe-schedule.ts';
import type { FailureClass } from '../../domain/conditions/failure-class.ts';
import type { Secret } from '../../base/secret.ts';
import { signInParts } from '../../domain/credentials/sign-in.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import { TOLERATED_TRIES, tolerateFault } from '../../domain/validation/transient-fault.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { Prober } from '../../probes/prober.ts';
import type { Lane } from '../../runtime/work-queue.ts';

export interface ValidationRequest {
  readonly uid: string;
  readonly target: BucketTarget;
  readonly context: CheckContext;
  /** Digest of what W&B signs in with, where the bucket is proven with something else: its proof is for that. */
  readonly provenFor?: string;
  readonly ignore: readonly string[];
  readonly policy: ProbePolicy;
  /** Token of somebody's request for a full validation that has not been answered yet. */
  readonly requested?: string;
  readonly salt: Secret<string>;
  /** What the object's status says of the last full validation, for the first look after a start. */
  readonly recorded?: RecordedValidation;
  /** Called when a probe that this look began has ended: look again. */
  readonly wake: (lane: Lane) => void;
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
  /** Every required check passed in this very probe, before any fault was tolerated. */
  readonly isGood: boolean;
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
  /** A probe waits for its turn or is under way; `wake` is called when it has ended. */
  | { readonly kind: 'Probing' };

/** What a probe is for: an end for anything else counts for nothing. */
interface Wanted {
  readonly inputs: string;
  readonly mode: 'Full' | 'Light';
  readonly requested: string | undefined;
}

/** A probe that has ended and has not been judged yet. */
interface EndedProbe extends Wanted {
  readonly outcome: Result<Observations, unknown>;
}

interface Probed {
  readonly inputs: string;
  readonly mode: 'Full' | 'Light';
  readonly results: readonly CheckResult[];
}

interface Memory {
  readonly history: ProbeHistory;
  /** Wall time of the last full probe, for people; 0: never. */
  readonly lastFullTime: number;
  readonly results: readonly CheckResult[];
  readonly lastGood?: readonly CheckResult[];
  readonly faults: number;
  /** Token of the last request that a probe of it has answered. */
  readonly answered?: string;
}

/** A probe that there was none of: whatever is measured from it is due. */
const NEVER = Number.NEGATIVE_INFINITY;

function lastFullOf(memory: Memory | undefined): { readonly lastFullAt: number; readonly lastFullTime: number } {
  return { lastFullAt: memory?.history.lastFullAt ?? NEVER, lastFullTime: memory?.lastFullTime ?? 0 };
}

/**
 * Decides when a bucket is probed, has it probed, judges what was seen, and
 * remembers it by object. Probes run beside the reconciles: a store that hangs
 * holds no worker. Writes nothing to the cluster.
 */
// eslint-disable-next-line max-lines-per-function -- all steps of a validation share its memory
export function createValidator(deps: {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly metrics: Pick<StorageMetrics, 'recordProbe'>;
}) {
  const memories = new Map<string, Memory>();
  const underWay = new Map<string, Wanted & { readonly end: AbortController }>();
  const ended = new Map<string, EndedProbe>();
  const startedAt = deps.clock.monotonic();

  /** What is known of the bucket now; begins a probe where that is not enough. Throws what a probe threw: a bug. */
  function validate(request: ValidationRequest): Validation {
    const { uid, policy, requested } = request;
    const inputs = inputsOf(request);
    const memory = memories.get(uid) ?? restore(request, inputs);
    const probe = ended.get(uid);
    ended.delete(uid);
    if (probe?.inputs === inputs && probe.requested === requested) return evaluate(request, probe, memory);
    const decision = decideProbe({
      now: deps.clock.monotonic(),
      uid,
      inputs,
      forced: requested !== undefined && requested !== memory?.answered,
      history: memory?.history,
      policy,
    });
    if (decision.kind === 'Wait' && memory !== undefined) {
      memories.set(uid, memory);
      return judged(memory, false);
    }
    const [mode, cause] = decision.kind === 'Probe' ? [decision.mode, decision.cause] : (['Full', 'Changed'] as const);
    begin(request, { inputs, mode, requested }, cause === 'Changed' || cause === 'Forced');
    return { kind: 'Probing' };
  }

  function begin(request: ValidationRequest, wanted: Wanted, urgent: boolean): void {
    const { uid, target, context } = request;
    const before = underWay.get(uid);
    if (before !== undefined && answers(before, wanted)) return;
    before?.end.abort();
    const end = new AbortController();
    const probe = { ...wanted, end };
    underWay.set(uid, probe);
    const { inputs: identity, mode } = wanted;
    const began = deps.clock.monotonic();
    const complete = (outcome: EndedProbe['outcome']): void => {
      if (underWay.get(uid) !== probe) return;
      underWay.delete(uid);
      ended.set(uid, { ...wanted, outcome });
      request.wake(urgent ? 'fast' : 'periodic');
    };
    deps.prober
      .run({ ...originOf(request), uid, target, endpoint: context.endpointUrl, mode, identity, urgent }, end.signal)
      .then(
        (seen) => {
          // Broken off by our own stopping: that says nothing of the bucket.
          if (seen === undefined || end.signal.aborted) return;
          const { provider } = target.storage;
          const seconds = (deps.clock.monotonic() - began) / 1000;
          deps.metrics.recordProbe({ provider, mode, seconds, requests: seen.requests });
          complete(ok(seen));
        },
        (error: unknown) => complete(err(error)),
      );
  }

  function evaluate(request: ValidationRequest, probe: EndedProbe, memory: Memory | undefined): Validation {
    const { inputs, mode, outcome, requested } = probe;
    if (!outcome.ok) throw outcome.error;
    const observations = outcome.value;
    const known = memory?.history.inputs === inputs ? memory : undefined;
    // What a light probe cannot see it takes from the last good results: a fault that it saw itself must not outlive itself.
    const previous = known?.lastGood ?? known?.results ?? [];
    const results = judgeAll(observations, request.context, { previous, ignore: request.ignore });
    const next = remember(request, { inputs, mode, results, known });
    if (requested !== undefined) memories.set(request.uid, { ...next, answered: requested });
    const failures = failedSteps(observations);
    const probed = { mode, requests: observations.requests, failures, isGood: isProven(results) };
    return { ...judged(next, mode === 'Full' && probed.isGood), probed };
  }

  /** Nobody waits for the probe of this object any more. */
  function withdraw(uid: string): void {
    underWay.get(uid)?.end.abort();
    underWay.delete(uid);
    ended.delete(uid);
  }

  /** `known`: what was seen with the same inputs; what others gave says nothing of these. */
  function remember(request: ValidationRequest, probe: Probed & { readonly known: Memory | undefined }): Memory {
    const { known } = probe;
    const next = isProven(probe.results) ? afterSuccess(probe, known) : afterFailure(probe, known);
    memories.set(request.uid, next);
    return next;
  }

  function afterSuccess(probe: Probed, known: Memory | undefined): Memory {
    const now = deps.clock.monotonic();
    const { lastFullAt, lastFullTime } =
      probe.mode === 'Full' ? { lastFullAt: now, lastFullTime: deps.clock.now() } : lastFullOf(known);
    const history = { inputs: probe.inputs, lastFullAt, lastProbeAt: now };
    return { history, lastFullTime, results: probe.results, lastGood: probe.results, faults: 0 };
  }

  function afterFailure(probe: Probed, known: Memory | undefined): Memory {
    const now = deps.clock.monotonic();
    const { lastFullAt, lastFullTime } = lastFullOf(known);
    const failing = failingClass(probe.results);
    const { history, lastGood, faults = 0 } = known ?? {};
    const since = history?.failing?.since ?? now;
    const next = { inputs: probe.inputs, lastFullAt, lastProbeAt: now, failing: { failureClass: failing, since } };
    if (lastGood === undefined) return { history: next, lastFullTime, results: probe.results, faults: faults + 1 };
    const tolerated = faults < TOLERATED_TRIES && failing === 'transient';
    const fault = tolerated ? firstFault(probe.results) : undefined;
    const results = fault === undefined ? probe.results : tolerateFault(fault, lastGood);
    return { history: next, lastFullTime, results, lastGood, faults: faults + 1 };
  }

  /** What the status of a Ready object says counts as a probe: a restart re-probes nothing that is fresh. */
  function restore(request: ValidationRequest, inputs: string): Memory | undefined {
    const { recorded, uid, policy } = request;
    if (recorded?.fingerprint !== fingerprintOf(inputs)) return undefined;
    // A newer version has checks of which an older one told nothing: look again, as far as the policy lets us.
    const isComplete = isProven(recorded.checks);
    if (!isComplete && policy.mode === 'Full') return undefined;
    // Light probes of a whole fleet would otherwise all be due at the start.
    const lastProbeAt = isComplete ? startedAt - policy.intervalMs * share(uid) : NEVER;
    const { lastFullAt: lastFullTime, checks } = recorded;
    const now = deps.clock.now();
    // From here on it is measured by the clock that never goes back.
    const lastFullAt = deps.clock.monotonic() - (now - recordedTime(lastFullTime, now));
    return { history: { inputs, lastFullAt, lastProbeAt }, lastFullTime, results: checks, lastGood: checks, faults: 0 };
  }

  /** Milliseconds until the next probe of an object that was validated; `undefined` when none will come by itself. */
  function nextProbeIn(uid: string, policy: ProbePolicy): number | undefined {
    const memory = memories.get(uid);
    if (memory === undefined) return undefined;
    const at = nextProbeAt(memory.history, policy, uid);
    return at === Number.POSITIVE_INFINITY ? undefined : Math.max(0, at - deps.clock.monotonic());
  }

  function forget(uid: string): void {
    withdraw(uid);
    memories.delete(uid);
  }

  return { validate, nextProbeIn, withdraw, forget };
}

export type Validator = ReturnType<typeof createValidator>;

/** Whether what a probe under way will see is what is wanted: a full one also tells what a light one would. */
function answers(probe: Wanted, wanted: Wanted): boolean {
  return (
    probe.inputs === wanted.inputs &&
    probe.requested === wanted.requested &&
    (probe.mode === wanted.mode || probe.mode === 'Full')
  );
}

function judged(memory: Memory, provenNow: boolean): Validation & { kind: 'Judged' } {
  return {
    kind: 'Judged',
    results: memory.results,
    fingerprint: fingerprintOf(memory.history.inputs),
    provenNow,
    lastFullAt: memory.lastFullTime,
  };
}

/** Digest of all that a validation takes in. */
export function inputsOf({ target, context, ignore, salt, provenFor }: Omit<ValidationRequest, 'wake'>): string {
  return keyedDigest(salt, [
    JSON.stringify(target.storage),
    ...signInParts(target.credential),
    target.caBundle ?? '',
    context.appOrigin ?? '',
    String(context.proxiesFileStore),
    ...ignore,
    ...(provenFor === undefined ? [] : [`for ${provenFor}`]),
  ]);
}

/** Short enough to compare by eye; it names the inputs and tells nothing of them. */
export function fingerprintOf(inputs: string): string {
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
