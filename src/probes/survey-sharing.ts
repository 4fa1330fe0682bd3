import { withDeadline } from '../base/with-deadline.ts';
import type { SurveyFacts } from '../domain/observations/survey-facts.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { Clock } from '../ports/clock.ts';
import { contradicts } from './contradiction.ts';
import type { Probed } from './full-probe.ts';
import type { RunningSurvey, Survey, Surveys } from './surveys.ts';

/** Which survey a probe may use. */
export interface SurveyWanted {
  /** Claims with equal keys see the same bucket as the same identity. */
  readonly key: string;
  /** Monotonic time: a survey that began earlier does not answer. */
  readonly notBefore: number;
}

/** Runs a probe in its turn. `known`: what a survey has found by the time the bucket was reached. */
type RunProbe = (known: () => SurveyFacts | undefined) => Promise<Probed | undefined>;

/**
 * Lets claims share the survey of their bucket. The first one that asks for it is the pilot: its probe surveys the bucket,
 * and the others wait without holding a turn. After a pilot that ends without facts, because it was withdrawn or met a
 * fault of its own path, nobody waits for another one: who reaches the bucket next is the pilot, and what it finds is used
 * by all who reach the bucket later.
 */
export function createSurveySharing(surveys: Surveys, clock: Clock, waitDeadlineMs: number) {
  function answer({ key, notBefore }: SurveyWanted): Survey | undefined {
    const survey = surveys.latest(key);
    return survey !== undefined && survey.beganAt >= notBefore ? survey : undefined;
  }

  /** A trial with the facts of others, or with those of its own survey. */
  async function tryPath(
    wanted: SurveyWanted,
    signal: AbortSignal,
    probe: RunProbe,
  ): Promise<Observations | undefined> {
    const turn = await othersEnd(wanted, signal);
    return pilot(wanted, turn, probe);
  }

  /** The facts of others, or of a survey that is run for them. */
  async function survey(wanted: SurveyWanted, signal: AbortSignal, probe: RunProbe): Promise<Observations | undefined> {
    const turn = await othersEnd(wanted, signal);
    const found = answer(wanted);
    if (found === undefined) return pilot(wanted, turn, probe);
    turn?.end(true);
    return { mode: 'Survey', ...found.facts, survey: numberOf(found), requests: 0 };
  }

  /**
   * Waits until there is an answer, or nobody else surveys the bucket, or another one has tried in vain. Announces a survey
   * at that moment, so that the next one waits for it; `undefined` where none is needed, or another one is announced.
   */
  async function othersEnd(wanted: SurveyWanted, signal: AbortSignal): Promise<RunningSurvey | undefined> {
    return withDeadline(clock, waitDeadlineMs, async (late) => {
      const end = AbortSignal.any([signal, late]);
      for (;;) {
        if (answer(wanted) !== undefined) return undefined;
        const other = surveys.underWay(wanted.key);
        if (other === undefined || !(await orAborted(other, end))) {
          return answer(wanted) === undefined ? surveys.begin(wanted.key) : undefined;
        }
      }
    });
  }

  /** Runs the probe, which surveys the bucket unless there is an answer by the time the bucket is reached. */
  async function pilot(
    wanted: SurveyWanted,
    announced: RunningSurvey | undefined,
    probe: RunProbe,
  ): Promise<Observations | undefined> {
    let beganAt = clock.monotonic();
    let used: Survey | undefined;
    let facts: SurveyFacts | undefined;
    try {
      const probed = await probe(() => {
        beganAt = clock.monotonic();
        used = answer(wanted);
        return used?.facts;
      });
      facts = probed?.facts;
      if (facts !== undefined) used = surveys.keep(wanted.key, { facts, beganAt });
      return probed === undefined || used === undefined ? probed?.seen : { ...probed.seen, survey: numberOf(used) };
    } finally {
      announced?.end(facts !== undefined);
    }
  }

  /** The survey that is due at once, because a light probe saw something else; `undefined` where none is. */
  function renewal(
    wanted: SurveyWanted | undefined,
    seen: Observations,
    appOrigin: string | undefined,
  ): SurveyWanted | undefined {
    if (wanted === undefined) return undefined;
    const { key } = wanted;
    const latest = surveys.latest(key);
    const notBefore = clock.monotonic();
    const isDue =
      latest !== undefined && contradicts(latest.facts, seen, appOrigin) && surveys.mayRenew(key, notBefore);
    return isDue ? { key, notBefore } : undefined;
  }

  return { tryPath, survey, renewal };
}

function numberOf({ revision, beganAt }: Survey): NonNullable<Observations['survey']> {
  return { revision, beganAt };
}

/** What the promise resolves with; false at the abort. */
async function orAborted(promise: Promise<boolean>, end: AbortSignal): Promise<boolean> {
  if (end.aborted) return false;
  const aborted = Promise.withResolvers<boolean>();
  const abort = (): void => aborted.resolve(false);
  end.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    end.removeEventListener('abort', abort);
  }
}
