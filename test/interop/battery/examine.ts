import { PROBE_LIMITS } from '../../../src/probes/prober.ts';
import { isDeepStrictEqual } from 'node:util';
import { isProven } from '../../../src/checks/roll-up.ts';
import { failedChecks, probeBucket, textsOf, type Outcome } from '../../contract/probe-outcome.ts';
import type { Reasons, Store, Verdict } from '../stores/store.ts';
import { withClockAhead } from './clock-ahead.ts';
import type { Attempt, Situation } from './situation.ts';

/** What a situation came to. */
export interface Finding {
  readonly verdict: Verdict;
  /** What is not as it should be; none: everything is. */
  readonly faults: readonly string[];
}

/** Bounds on what a probe sends. */
const MOST_REQUESTS = { Full: 30, Light: 2 } as const;
const PROBE_FOLDER = '.wandb-storage-probe/';

/** Makes a situation on a store, probes it with the real prober, and holds the verdict against the right one. */
export async function examine(store: Store, situation: Situation): Promise<Finding> {
  const name = situation.bucketName?.();
  const objectLock = situation.objectLock ?? false;
  const bucket = await store.createBucket({ objectLock, ...(name !== undefined && { name }) });
  const attempt = await situation.prepare(store, bucket);
  const outcome = await probe(attempt);
  const right = rightFor(store, situation, attempt);
  const failed = failedChecks(outcome).filter((check) => !right.isKnown(check));
  const verdict = verdictOf(outcome, attempt, failed);
  const faults = [
    ...difference('verdict', verdict, right.verdict),
    ...(right.verdict === 'Ready'
      ? difference('warnings', beyond(outcome.reasons, store, attempt), right.warnings)
      : difference('failed checks', failed, right.failed)),
    ...badWords(outcome, attempt, situation),
    ...badTraces(outcome, attempt, await store.everything(bucket)),
  ];
  return { verdict, faults };
}

/** What is right in a situation on this store. */
function rightFor(store: Store, situation: Situation, { mode }: Attempt) {
  const { verdict = situation.verdict, warnings = situation.warnings ?? {} } = store.exceptions[situation.id] ?? {};
  const always = Object.entries(mode === 'Light' ? {} : (store.neverReady?.failures ?? {}));
  if (verdict !== 'Ready') {
    // What every bucket of the store fails is told where nothing else is wrong.
    const isKnown = (check: string): boolean => always.some(([name]) => name === check);
    return { verdict, warnings, failed: [verdict[0]], isKnown };
  }
  return { verdict: always[0] ?? verdict, warnings, failed: always.map(([check]) => check), isKnown: () => false };
}

function probe({ place, mode = 'Full', clockAheadMinutes = 0 }: Attempt): Promise<Outcome> {
  const { net, appOrigin } = place;
  return withClockAhead(clockAheadMinutes, () =>
    probeBucket(place, { net, appOrigin, mode, lookAgainMs: PROBE_LIMITS.lookAgainMs }),
  );
}

/** A light probe proves nothing: it must only refute nothing. */
function verdictOf({ results }: Outcome, { mode = 'Full' }: Attempt, failed: readonly string[]): Verdict {
  const failure = results.find(({ name, result }) => result === 'Fail' && failed.includes(name));
  if (failure !== undefined) return [failure.name, failure.reason];
  if (mode === 'Light' || isProven(results)) return 'Ready';
  const open = results.find(({ result }) => result === 'Unknown');
  return [open?.name ?? '', open?.reason ?? ''];
}

/** Reasons of which the store is not always warned. */
function beyond(reasons: Reasons, { baseline }: Store, { mode = 'Full' }: Attempt): Reasons {
  const isNews = ([check, reason]: readonly [string, string]): boolean =>
    baseline[check] !== reason && !(mode === 'Light' && reason === 'NotObserved');
  return Object.fromEntries(Object.entries(reasons).filter(isNews));
}

function badWords(outcome: Outcome, { place }: Attempt, { says }: Situation): readonly string[] {
  const { credential } = place.target;
  const secret = credential.kind === 'AccessKey' ? credential.secretAccessKey.reveal() : undefined;
  const words = wordsOf(outcome);
  return [
    ...(says === undefined || says.test(words) ? [] : [`nothing says ${String(says)}: ${words}`]),
    ...(secret !== undefined && textsOf(outcome).includes(secret) ? ['a message shows the secret key'] : []),
  ];
}

function badTraces({ seen }: Outcome, { mode = 'Full' }: Attempt, left: readonly string[]): readonly string[] {
  const isVersioned = seen.settings?.versioning?.ok === true && seen.settings.versioning.value.enabled;
  const remains = isVersioned ? left.filter((line) => !line.includes(PROBE_FOLDER)) : left;
  return [
    ...(seen.requests <= MOST_REQUESTS[mode] ? [] : [`${seen.requests} requests were sent`]),
    ...(remains.length === 0 ? [] : [`left behind: ${remains.join(', ')}`]),
  ];
}

function difference(what: string, found: unknown, wanted: unknown): readonly string[] {
  if (isDeepStrictEqual(found, wanted)) return [];
  return [`${what}: ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`];
}

function wordsOf({ results }: Outcome): string {
  const failure = results.find(({ result }) => result === 'Fail');
  return `${failure?.message ?? ''} ${failure?.remedy ?? ''}`;
}
