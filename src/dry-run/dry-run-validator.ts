import type { CheckResult } from '../checks/check.ts';
import { judgeAll } from '../checks/judge.ts';
import { isProven } from '../checks/roll-up.ts';
import { fingerprintOf, inputsOf } from '../controllers/validation/validation-inputs.ts';
import type { ValidationRequest } from '../controllers/validation/validation-request.ts';
import type { Validation, Validator } from '../controllers/validation/validation.ts';
import type { SignIn } from '../domain/credentials/sign-in.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { Clock } from '../ports/clock.ts';

/** What is asked about a bucket: the operator's own request, and the digest of its inputs. */
export interface BucketQuestion {
  readonly request: Omit<ValidationRequest, 'wake'>;
  readonly inputs: string;
  readonly mode: Observations['mode'];
}

/** Where observations come from: a probe of the bucket, or nowhere. */
export interface Observer {
  /** `undefined`: it was interrupted. */
  observe(question: BucketQuestion): Promise<Observations | undefined>;
  /**
   * Without observations a bucket counts as proven unless a check that needs none fails, so that the outputs can be
   * computed as they will be if all goes well.
   */
  readonly assumesProof: boolean;
}

/** The observer that sends nothing. */
export const UNOBSERVED: Observer = {
  observe: ({ mode }) => Promise.resolve({ mode, requests: 0 }),
  assumesProof: true,
};

export interface DryRunValidator extends Validator {
  /** Waits until every observation that was asked for is there. */
  idle(): Promise<void>;
}

/** Stands where the operator has its validator: each bucket is observed once, and nothing is remembered. */
export function createDryRunValidator(deps: {
  readonly observer: Observer;
  readonly clock: Clock;
  /** With such a sign-in nothing is proven. */
  readonly isStandIn: (signIn: SignIn) => boolean;
}): DryRunValidator {
  const { observer, clock } = deps;
  const seen = new Map<string, Observations | undefined>();
  const underWay = new Map<string, Promise<void>>();

  function validate(request: ValidationRequest): Validation {
    const inputs = inputsOf(request);
    const id = `${request.uid} ${inputs}`;
    const observations = seen.get(id);
    if (observations !== undefined) return judged(request, inputs, observations);
    if (!underWay.has(id) && !seen.has(id)) underWay.set(id, observe(id, { request, inputs, mode: modeOf(request) }));
    return { kind: 'Probing' };
  }

  async function observe(id: string, question: BucketQuestion): Promise<void> {
    try {
      seen.set(id, await observer.observe(question));
    } finally {
      underWay.delete(id);
    }
  }

  function judged(request: ValidationRequest, inputs: string, observations: Observations): Validation {
    const results = judgeAll(observations, request.context, { ignore: request.ignore });
    const isGood = observer.assumesProof ? results.every(({ result }) => result !== 'Fail') : isProven(results);
    return {
      kind: 'Judged',
      results,
      fingerprint: fingerprintOf(inputs),
      provenNow: isGood && modeOf(request) === 'Full' && !deps.isStandIn(request.target.credential),
      lastFullAt: observer.assumesProof ? 0 : clock.now(),
    };
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  return { validate, idle, nextProbeIn: () => undefined, withdraw: () => undefined, forget: () => undefined };
}

function modeOf({ policy }: Pick<ValidationRequest, 'policy'>): Observations['mode'] {
  return policy.mode === 'ReadOnly' ? 'Light' : 'Full';
}

/** Whether a check was decided, or only reports that nothing was observed. */
export function isDecided({ result, reason }: CheckResult): boolean {
  return !(result === 'Unknown' && reason === 'NotObserved') && reason !== 'PrerequisiteFailed';
}
