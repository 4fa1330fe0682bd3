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
  /** Digest of the credential of W&B, if the bucket is proven with another one. */
  readonly provenFor?: string;
  readonly ignore: readonly string[];
  readonly policy: ProbePolicy;
  /** Token of a request for a full validation that has not been answered yet. */
  readonly requested?: string;
  readonly salt: Secret<string>;
  /** The last full validation in the object's status, for the first reconcile after a start. */
  readonly recorded?: RecordedValidation;
  /** Called when a probe that this call started has ended: reconcile again. */
  readonly wake: (lane: Lane) => void;
}

/** A validation in the status of a Ready object. */
export interface RecordedValidation {
  readonly fingerprint: string;
  readonly lastFullAt: number;
  readonly checks: readonly CheckResult[];
}

/** The log fields of a probe. */
export interface ProbeReport {
  readonly mode: 'Full' | 'Light';
  readonly requests: number;
  readonly failures: readonly FailedStep[];
  /** Every required check passed in this probe, without tolerated faults. */
  readonly isGood: boolean;
}

export type Validation =
  | {
      readonly kind: 'Judged';
      readonly results: readonly CheckResult[];
      /** Identifies the inputs of the validation: credential, CA, origin and the bucket's settings. */
      readonly fingerprint: string;
      /** A full probe has just run and every required check passed. */
      readonly provenNow: boolean;
      /** Absent if the known results were fresh enough. */
      readonly probed?: ProbeReport;
      readonly lastFullAt: number;
    }
  /** A probe is queued or running; `wake` is called when it has ended. */
  | { readonly kind: 'Probing' };

/** The inputs of a probe: its result counts for nothing else. */
interface Wanted {
  readonly inputs: string;
  readonly mode: 'Full' | 'Light';
  readonly requested: string | undefined;
}

/** A probe that has ended and was not evaluated yet. */
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
  /** Wall time of the last full probe, for display; 0: never. */
  readonly lastFullTime: number;
  readonly results: readonly CheckResult[];
  readonly lastGood?: readonly CheckResult[];
  readonly faults: number;
  /** Token of the last request that a probe has answered. */
  readonly answered?: string;
}

/** The time of a probe that never ran: everything that is measured from it is due. */
const NEVER = Number.NEGATIVE_INFINITY;

function lastFullOf(memory: Memory | undefined): { readonly lastFullAt: number; readonly lastFullTime: number } {
  return { lastFullAt: memory?.history.lastFullAt ?? NEVER, lastFullTime: memory?.lastFullTime ?? 0 };
}

/**
 * Decides when a bucket is probed, starts the probe, evaluates it, and keeps the results by object. Probes run outside
 * of reconciles, so a store that hangs blocks no worker. Writes nothing to the cluster.
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

  /** The present results; starts a probe if they are not enough. Throws the error of a probe, which is a bug. */
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
          // Aborted by the validator itself, so the result does not count.
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
    // Results that a light probe cannot give are taken from the last good ones, so that a fault of a light probe does
    // not outlast it.
    const previous = known?.lastGood ?? known?.results ?? [];
    const results = judgeAll(observations, request.context, { previous, ignore: request.ignore });
    const next = remember(request, { inputs, mode, results, known });
    if (requested !== undefined) memories.set(request.uid, { ...next, answered: requested });
    const failures = failedSteps(observations);
    const probed = { mode, requests: observations.requests, failures, isGood: isProven(results) };
    return { ...judged(next, mode === 'Full' && probed.isGood), probed };
  }

  /** Discards the probe of this object. */
  function withdraw(uid: string): void {
    underWay.get(uid)?.end.abort();
    underWay.delete(uid);
    ended.delete(uid);
  }

  /** `known`: earlier results with the same inputs. Results of other inputs do not count. */
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

  /** The validation in the status of a Ready object counts as a probe, so that a restart does not repeat fresh ones. */
  function restore(request: ValidationRequest, inputs: string): Memory | undefined {
    const { recorded, uid, policy } = request;
    if (recorded?.fingerprint !== fingerprintOf(inputs)) return undefined;
    // The recorded results lack checks of this version: probe again, as soon as the policy allows.
    const isComplete = isProven(recorded.checks);
    if (!isComplete && policy.mode === 'Full') return undefined;
    // Without this, light probes of all objects would be due at the start.
    const lastProbeAt = isComplete ? startedAt - policy.intervalMs * share(uid) : NEVER;
    const { lastFullAt: lastFullTime, checks } = recorded;
    const now = deps.clock.now();
    // From here on it is measured by the monotonic clock.
    const lastFullAt = deps.clock.monotonic() - (now - recordedTime(lastFullTime, now));
    return { history: { inputs, lastFullAt, lastProbeAt }, lastFullTime, results: checks, lastGood: checks, faults: 0 };
  }

  /** Milliseconds until the next probe of a validated object; `undefined` if none will run by itself. */
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

/** Whether the result of a running probe answers what is wanted: a full probe includes a light one. */
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

/** Digest of all inputs of a validation. */
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

/** Short enough to compare by eye. It identifies the inputs without revealing them. */
export function fingerprintOf(inputs: string): string {
  return inputs.slice(0, 16);
}

function originOf(request: ValidationRequest): { readonly appOrigin?: string } {
  return request.context.appOrigin === undefined ? {} : { appOrigin: request.context.appOrigin };
}

function failingClass(results: readonly CheckResult[]): FailureClass {
  const failure = failureClass(results);
  // Nothing failed, but a required check is undecided: probe again soon.
  return failure === 'none' ? 'transient' : failure;
}

/** A fixed fraction between 0 and 1, from the UID's first hex digits. */
function share(uid: string): number {
  const digits = Number.parseInt(uid.replace(/[^0-9a-f]/gi, '').slice(0, 6), 16);
  return Number.isNaN(digits) ? 0.5 : digits / 0x1000000;
}
