import type { CheckResult } from '../../checks/check.ts';
import { judgeAll } from '../../checks/judge.ts';
import { isProven } from '../../checks/roll-up.ts';
import {
  failedSteps,
  type FailedStep,
  type Observations,
  type ProbeMode,
} from '../../domain/observations/observations.ts';
import { defined } from '../../base/defined.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { decideProbe, nextProbeAt, type ProbeCause, type ProbePolicy } from '../../domain/validation/probe-schedule.ts';
import type { Secret } from '../../base/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';
import type { Prober } from '../../probes/prober.ts';
import type { ProbePriority } from '../../probes/priority.ts';
import type { SurveyWanted } from '../../probes/survey-sharing.ts';
import type { Survey, Surveys } from '../../probes/surveys.ts';
import { createAwaitedProbes } from './awaited-probes.ts';
import { planProbe, surveyKeyOf } from './survey-plan.ts';
import { createSurveyUsers } from './survey-users.ts';
import { fingerprintOf, inputsOf } from './validation-inputs.ts';
import type { ValidationRequest } from './validation-request.ts';
import { remember, restore, type Memory, type Moment, type SurveyUsed } from './validation-memory.ts';

/** The log fields of a probe. */
export interface ProbeReport {
  readonly mode: ProbeMode;
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
  readonly mode: ProbeMode;
  readonly requested: string | undefined;
  /** The survey by which the object was judged when the probe began. */
  readonly survey: SurveyUsed | undefined;
}

/** A probe that has ended and was not evaluated yet. */
interface EndedProbe extends Wanted {
  readonly outcome: Result<Observations, unknown>;
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
  readonly surveys: Surveys;
  /** Random: surveys are identified without revealing by what. */
  readonly surveySalt: Secret<string>;
  /** What nobody waits for stands back until the result is called. */
  readonly hold: () => () => void;
}) {
  const users = createSurveyUsers(deps.surveys, deps.clock);
  const awaited = createAwaitedProbes(deps);
  const memories = new Map<string, Memory>();
  const underWay = new Map<string, Wanted & { readonly end: AbortController }>();
  const ended = new Map<string, EndedProbe>();
  const startedAt = deps.clock.monotonic();

  /** The present results; starts a probe if they are not enough. Throws the error of a probe, which is a bug. */
  function validate(request: ValidationRequest): Validation {
    const { uid, requested } = request;
    const inputs = inputsOf(request);
    const key = surveyKeyOf(request, deps.surveySalt);
    const follows = users.use(uid, key, request.wake);
    const memory = memories.get(uid) ?? restored(request, inputs);
    const probe = ended.get(uid);
    ended.delete(uid);
    if (probe?.inputs === inputs && probe.requested === requested) return evaluate(request, { probe, key }, memory);
    const news = newsOf(memory, inputs, key);
    if (memory === undefined || news === undefined) return goOn(request, { inputs, key, follows }, memory);
    return goOn(request, { inputs, key, follows }, judgeNews(request, memory, news), !isProven(memory.results));
  }

  /** Waits for the next probe, or begins it. `wasOpen`: a survey has just been judged, and the bucket was not proven before. */
  function goOn(
    request: ValidationRequest,
    { inputs, key, follows }: { readonly inputs: string; readonly key: string | undefined; readonly follows: boolean },
    memory: Memory | undefined,
    wasOpen = false,
  ): Validation {
    const { uid, policy, requested } = request;
    const now = deps.clock.monotonic();
    const forced = requested !== undefined && requested !== memory?.answered;
    const decision = decideProbe({ now, uid, inputs, forced, history: memory?.history, policy });
    if (decision.kind === 'Wait' && memory !== undefined) {
      memories.set(uid, memory);
      return judged(memory, wasOpen && isProven(memory.results));
    }
    const [mode, cause] = decision.kind === 'Probe' ? [decision.mode, decision.cause] : (['Full', 'Changed'] as const);
    const plan = planProbe({ mode, cause, now, policy, memory });
    const survey = key === undefined ? {} : { survey: { key, notBefore: plan.notBefore } };
    begin(
      request,
      { inputs, mode: plan.mode, requested, survey: memory?.survey },
      { priority: priorityOf(cause, memory, follows), ...survey },
    );
    return { kind: 'Probing' };
  }

  /** The survey of the bucket that the results were not judged by yet. */
  function newsOf(memory: Memory | undefined, inputs: string, key: string | undefined): Survey | undefined {
    if (key === undefined || memory?.survey === undefined || memory.history.inputs !== inputs) return undefined;
    const latest = deps.surveys.latest(key);
    return latest?.revision === memory.survey.revision ? undefined : latest;
  }

  /** Judges what holds for the bucket again, by a survey that another claim's probe made. */
  function judgeNews({ context, ignore }: ValidationRequest, memory: Memory, { facts, ...survey }: Survey): Memory {
    const seen = { mode: 'Survey', ...facts, requests: 0 } as const;
    const results = judgeAll(seen, context, { previous: memory.results, ignore });
    const { inputs } = memory.history;
    return keepAnswer(memory, remember({ inputs, mode: 'Survey', results, survey, isOwn: false }, memory, moment()));
  }

  function moment(): Moment {
    return { monotonic: deps.clock.monotonic(), wall: deps.clock.now() };
  }

  function restored(request: ValidationRequest, inputs: string): Memory | undefined {
    const { recorded, uid, policy } = request;
    if (recorded?.fingerprint !== fingerprintOf(inputs)) return undefined;
    // Without this, light probes of all objects would be due at the start.
    const lightProbeAt = startedAt - policy.intervalMs * share(uid);
    return restore(recorded, inputs, policy, { now: moment(), lightProbeAt });
  }

  function begin(
    request: ValidationRequest,
    wanted: Wanted,
    { priority, survey }: { readonly priority: ProbePriority; readonly survey?: SurveyWanted },
  ): void {
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
      request.wake(priority === 'Due' ? 'periodic' : 'fast');
    };
    const release = awaited.begin(priority);
    const origin = originOf(request);
    const how = { mode, identity, priority, ...(survey !== undefined && { survey }) };
    void deps.prober
      .run({ ...origin, uid, target, endpoint: context.endpointUrl, ...how }, end.signal)
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
      )
      .finally(release);
  }

  function evaluate(
    request: ValidationRequest,
    { probe, key }: { readonly probe: EndedProbe; readonly key: string | undefined },
    memory: Memory | undefined,
  ): Validation {
    const { inputs, mode, outcome, requested } = probe;
    if (!outcome.ok) throw outcome.error;
    const observations = outcome.value;
    const known = memory?.history.inputs === inputs ? memory : undefined;
    const results = judgeAll(observations, request.context, {
      previous: previousOf(known, mode),
      ignore: request.ignore,
    });
    // News that came during a light probe is newer than the results that the probe kept.
    const survey = observations.survey ?? (mode === 'Light' ? probe.survey : undefined);
    const own = remember({ inputs, mode, results, isOwn: true, ...defined({ survey }) }, known, moment());
    const news = newsOf(own, inputs, key);
    const next = news === undefined ? own : judgeNews(request, own, news);
    memories.set(request.uid, requested === undefined ? next : { ...next, answered: requested });
    const failures = failedSteps(observations);
    const probed = { mode, requests: observations.requests, failures, isGood: isProven(results) };
    const isProof =
      news === undefined ? probed.isGood && isTried(mode, next) : isProven(next.results) && !isProven(own.results);
    return { ...judged(next, isProof), probed };
  }

  /** Discards the probe of this object. */
  function withdraw(uid: string): void {
    underWay.get(uid)?.end.abort();
    underWay.delete(uid);
    ended.delete(uid);
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
    users.leave(uid);
    memories.delete(uid);
  }

  return { validate, nextProbeIn, withdraw, forget };
}

export type Validator = ReturnType<typeof createValidator>;

/**
 * What a user has done comes before what is due by time. When many claims rotate one Secret, the first proof publishes
 * the next key for all of a bucket: the trials of those that follow must not keep a new object waiting.
 */
function priorityOf(cause: ProbeCause, known: Memory | undefined, follows: boolean): ProbePriority {
  if (known === undefined) return 'New';
  const isConfirmation = follows && isProven(known.results);
  return cause === 'Forced' || (cause === 'Changed' && !isConfirmation) ? 'Changed' : 'Due';
}

/** Whether the result of a running probe answers what is wanted: a full probe includes a light one. */
function answers(probe: Wanted, wanted: Wanted): boolean {
  return (
    probe.inputs === wanted.inputs &&
    probe.requested === wanted.requested &&
    (probe.mode === wanted.mode || probe.mode === 'Full')
  );
}

/** Whether the path was tried too: a light probe proves nothing. */
function isTried(mode: ProbeMode, { tried }: Memory): boolean {
  return mode === 'Full' || (mode === 'Survey' && tried !== undefined);
}

/** The last request that was answered stays so. */
function keepAnswer({ answered }: Memory, next: Memory): Memory {
  return answered === undefined ? next : { ...next, answered };
}

/**
 * Results for what the probe does not see. A light probe takes the last good ones, so that its own fault does not outlast
 * it; a survey leaves the verdicts on the path as they are.
 */
function previousOf(known: Memory | undefined, mode: ProbeMode): readonly CheckResult[] {
  return (mode === 'Light' ? known?.lastGood : undefined) ?? known?.results ?? [];
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

function originOf(request: ValidationRequest): { readonly appOrigin?: string } {
  return request.context.appOrigin === undefined ? {} : { appOrigin: request.context.appOrigin };
}

/** A fixed fraction between 0 and 1, from the UID's first hex digits. */
function share(uid: string): number {
  const digits = Number.parseInt(uid.replace(/[^0-9a-f]/gi, '').slice(0, 6), 16);
  return Number.isNaN(digits) ? 0.5 : digits / 0x1000000;
}
