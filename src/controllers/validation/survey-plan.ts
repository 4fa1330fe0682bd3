import type { Check, CheckContext } from '../../checks/check.ts';
import { openChecks } from '../../checks/roll-up.ts';
import { without } from '../../base/defined.ts';
import type { Secret } from '../../base/secret.ts';
import { keyedDigest } from '../../domain/credentials/credential.ts';
import { signInParts } from '../../domain/credentials/sign-in.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { ProbeMode } from '../../domain/observations/observations.ts';
import type { ProbeCause, ProbePolicy } from '../../domain/validation/probe-schedule.ts';
import type { Memory } from './validation-memory.ts';

/**
 * Identifies the bucket as the identity sees it: claims of several namespaces with the same key share a survey. Path,
 * names of Secrets and ignored checks are not among it. `undefined` for objects that are only read: they use none.
 */
export function surveyKeyOf(
  {
    target,
    context,
    policy,
  }: {
    readonly target: BucketTarget;
    readonly context: Pick<CheckContext, 'endpointUrl' | 'appOrigin'>;
    readonly policy: ProbePolicy;
  },
  salt: Secret<string>,
): string | undefined {
  if (policy.mode === 'ReadOnly') return undefined;
  const { storage, credential, caBundle } = target;
  return keyedDigest(salt, [
    JSON.stringify(
      without({ ...storage, caBundle: undefined, actAs: undefined }, 'path', 'credentials', 'caBundle', 'actAs'),
    ),
    context.endpointUrl,
    ...signInParts(credential),
    caBundle ?? '',
    context.appOrigin ?? '',
  ]);
}

interface Planning {
  readonly mode: 'Full' | 'Light';
  readonly cause: ProbeCause;
  /** Monotonic. */
  readonly now: number;
  readonly policy: ProbePolicy;
  readonly memory: Memory | undefined;
}

interface Plan {
  readonly mode: ProbeMode;
  readonly notBefore: number;
}

/**
 * What a due probe does, and how old a survey may be that it uses: one survey serves many trials, a failing trial does
 * not repeat a fresh survey, and a failing survey is repeated without the trials.
 */
export function planProbe({ mode, cause, now, policy, memory }: Planning): Plan {
  if (mode === 'Light') return { mode, notBefore: now };
  switch (cause) {
    case 'Forced':
      return { mode, notBefore: now };
    case 'Changed':
      return { mode, notBefore: now - policy.intervalMs };
    case 'Due':
      return { mode, notBefore: now - policy.fullIntervalMs / 2 };
    case 'Retry':
      return planRetry({ mode, now, policy, memory });
  }
}

/**
 * A failing survey is repeated once for all its claims; a failing trial uses the survey that is there. Without a survey,
 * one that began after the last probe is new enough.
 */
function planRetry({ mode, now, policy, memory }: Omit<Planning, 'cause'>): Plan {
  const results = memory?.results ?? [];
  const open = openChecks(results);
  const isCause = ({ name }: Check): boolean =>
    results.find((result) => result.name === name)?.reason !== 'PrerequisiteFailed';
  const oldest = now - policy.fullIntervalMs;
  if (!open.filter(isCause).some(({ decidedBy }) => decidedBy !== undefined)) return { mode, notBefore: oldest };
  const isRepeated = open.every(({ decidedBy }) => decidedBy === 'Survey') && hasSurveyAndTrial(memory, oldest);
  const last = memory?.survey?.beganAt ?? memory?.history.lastProbeAt ?? now;
  return { mode: isRepeated ? 'Survey' : mode, notBefore: last + 1 };
}

/** The path is tried again in its own interval, however long the survey fails. */
function hasSurveyAndTrial(memory: Memory | undefined, triedAfter: number): boolean {
  return memory?.survey !== undefined && memory.tried !== undefined && memory.tried.monotonic > triedAfter;
}
