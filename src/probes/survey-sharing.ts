import { withDeadline } from '../base/with-deadline.ts';
import type { SurveyFacts } from '../domain/observations/survey-facts.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { Clock } from '../ports/clock.ts';
import { contradicts } from './contradiction.ts';
import type { Probed } from './full-probe.ts';
import type { RunningSurvey, Survey, Surveys } from './surveys.ts';
import type { Urgency } from './urgency.ts';

/** Which survey a probe may use. */
export interface SurveyWanted {
  /** Claims with equal keys see the same bucket as the same identity. */
  readonly key: string;
  /** Monotonic time: a survey that began earlier does not answer. */
  readonly notBefore: number;
}

/** The same with how soon somebody waits for it. */
export type SurveyAwaited = SurveyWanted & { readonly urgency: Urgency };

/** A probe that may survey its bucket. */
export interface ProbeTurn {
  /** What a survey has found by the time the bucket was reached. */
  readonly known: () => SurveyFacts | undefined;
  /** To be called at the moment of its turn. */
  readonly hasTurn: () => void;
  /** Ends its wait for a turn. */
  readonly replaced?: AbortSignal;
}

/** Runs a probe in its turn; `undefined`: it has ended before that. */
type RunProbe = (turn: ProbeTurn) => Promise<Probed | undefined>;

/**
 * Lets claims share the survey of their bucket. The first one that asks for it is the pilot: its probe surveys the bucket,
 * and the others wait without holding a turn. After a pilot that ends without facts, because it was withdrawn or met a
 * fault of its own path, nobody waits for another one: who reaches the bucket next is the pilot, and what it finds is used
 * by all who reach the bucket later.
 */
export function createSurveySharing(surveys: Surveys, clock: Clock, waitDeadlineMs: number) {
  const answer = (wanted: SurveyWanted): Survey | undefined => answerAmong(surveys, wanted);

  /** A trial with the facts of others, or with those of its own survey. */
  function tryPath(wanted: SurveyAwaited, signal: AbortSignal, probe: RunProbe): Promise<Observations | undefined> {
    return afterOthers(wanted, signal, (announced) => pilot(wanted, announced, probe));
  }

  /** The facts of others, or of a survey that is run for them. */
  function survey(wanted: SurveyAwaited, signal: AbortSignal, probe: RunProbe): Promise<Observations | undefined> {
    return afterOthers(wanted, signal, async (announced) => {
      const found = answer(wanted);
      if (found === undefined) return pilot(wanted, announced, probe);
      announced?.end(true);
      return { mode: 'Survey', ...found.facts, survey: numberOf(found), requests: 0 };
    });
  }

  /** After the surveys of others; once more when another one took the place of this one before it had its turn. */
  async function afterOthers(
    wanted: SurveyAwaited,
    signal: AbortSignal,
    run: (announced: RunningSurvey | undefined) => Promise<Observations | undefined>,
  ): Promise<Observations | undefined> {
    for (;;) {
      const announced = await othersEnd(wanted, signal);
      const seen = await run(announced);
      if (seen !== undefined || announced?.replaced.aborted !== true || signal.aborted) return seen;
    }
  }

  /**
   * Waits until there is an answer, or nobody else surveys the bucket, or another one has tried in vain. Announces a survey
   * at that moment, so that the next one waits for it; `undefined` where none is needed, or another one is announced. What
   * is urgent does not wait for one that itself waits with a lower priority.
   */
  async function othersEnd(wanted: SurveyAwaited, signal: AbortSignal): Promise<RunningSurvey | undefined> {
    return withDeadline(clock, waitDeadlineMs, async (late) => {
      const end = AbortSignal.any([signal, late]);
      for (;;) {
        if (answer(wanted) !== undefined) return undefined;
        const own = surveys.begin(wanted.key, wanted.urgency);
        if (own !== undefined) return own;
        const other = surveys.underWay(wanted.key);
        if (other === undefined || !(await shouldLookAgain(other, { end, urgency: wanted.urgency }))) {
          return answer(wanted) === undefined ? surveys.begin(wanted.key, wanted.urgency) : undefined;
        }
      }
    });
  }

  /** Runs the probe, which surveys the bucket unless there is an answer by the time the bucket is reached. */
  async function pilot(
    wanted: SurveyAwaited,
    announced: RunningSurvey | undefined,
    probe: RunProbe,
  ): Promise<Observations | undefined> {
    let beganAt = clock.monotonic();
    let used: Survey | undefined;
    let facts: SurveyFacts | undefined;
    try {
      const probed = await probe({
        known() {
          beganAt = clock.monotonic();
          used = answer(wanted);
          return used?.facts;
        },
        hasTurn: () => announced?.hasTurn(),
        ...(announced !== undefined && { replaced: announced.replaced }),
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

function answerAmong(surveys: Surveys, { key, notBefore }: SurveyWanted): Survey | undefined {
  const survey = surveys.latest(key);
  return survey !== undefined && survey.beganAt >= notBefore ? survey : undefined;
}

function numberOf({ revision, beganAt }: Survey): NonNullable<Observations['survey']> {
  return { revision, beganAt };
}

/**
 * Waits for the survey of another one. True: it found facts, or this one has become more urgent meanwhile. False: it was in
 * vain, or the wait is over.
 */
async function shouldLookAgain(
  other: Promise<boolean>,
  { end, urgency }: { readonly end: AbortSignal; readonly urgency: Urgency },
): Promise<boolean> {
  if (end.aborted) return false;
  const decided = Promise.withResolvers<boolean>();
  const abort = (): void => decided.resolve(false);
  end.addEventListener('abort', abort);
  const unlisten = urgency.onRaised(() => decided.resolve(true));
  try {
    return await Promise.race([other, decided.promise]);
  } finally {
    unlisten();
    end.removeEventListener('abort', abort);
  }
}
