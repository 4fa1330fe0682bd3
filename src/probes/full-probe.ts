import { isWholeSurvey, surveyFacts, withSurvey, type SurveyFacts } from '../domain/observations/survey-facts.ts';
import type { Observations, ProbeMode } from '../domain/observations/observations.ts';
import { look } from './look.ts';
import { sweep, type OwnedObject } from './leftovers.ts';
import type { Progress } from './progress.ts';
import type { ProbeSession } from './session.ts';
import { mayWrite, surveyBrowsers, surveyByWriting, surveyRest, surveyRetention } from './survey.ts';
import { runTrial } from './trial.ts';

/** Observations, and what of them holds for every path of the bucket, where the probe saw all of that. */
export interface Probed {
  readonly seen: Observations;
  readonly facts?: SurveyFacts;
}

export interface ProbeOptions {
  /** What a survey of the bucket has found; asked after first contact. Absent: the probe surveys it. */
  readonly known: () => SurveyFacts | undefined;
  /** Gets what may still be in the bucket, also after an error or an abort. */
  readonly cleanUp: (owned: readonly OwnedObject[]) => Promise<void>;
}

/**
 * The full probe: an ordered plan whose observations are the input of all checks. It
 * stops where further requests would repeat the same failure. It writes nothing where
 * it cannot list, because it could not find the leftovers of a crash, nor where
 * retention would keep the object, or may.
 */
export function runFullProbe(session: ProbeSession, options: ProbeOptions): Promise<Probed> {
  return inBucket(session, 'Full', options, async (progress, leftovers) => {
    const facts = options.known();
    if (facts !== undefined) {
      if (mayWrite({ ...progress, seen: { ...progress.seen, ...pickSettings(facts) } })) {
        await runTrial(session, progress, { leftovers, facts });
      }
      return facts;
    }
    await surveyRetention(session, progress);
    if (mayWrite(progress) && !session.ended()) {
      const isTried = await runTrial(session, progress, { leftovers });
      if (isTried && !session.ended()) await surveyByWriting(session, progress);
      if (!session.ended()) await surveyBrowsers(session, progress);
    }
    await surveyRest(session, progress);
    return undefined;
  });
}

/** The survey alone, below the folder of the claim that it is run for. */
export function runSurvey(session: ProbeSession, options: Pick<ProbeOptions, 'cleanUp'>): Promise<Probed> {
  return inBucket(session, 'Survey', options, async (progress, leftovers) => {
    const stuck = await sweep(session, leftovers);
    await surveyRetention(session, progress);
    // Where an object of ours stays, another one would stay too.
    if (stuck === undefined && mayWrite(progress) && !session.ended()) {
      await surveyByWriting(session, progress);
      if (!session.ended()) await surveyBrowsers(session, progress);
    }
    await surveyRest(session, progress);
    return undefined;
  });
}

type Leftovers = NonNullable<Awaited<ReturnType<typeof look>>>;

/** First contact, the work where the bucket can be used, and the clean-up. The work returns what others have found. */
async function inBucket(
  session: ProbeSession,
  mode: ProbeMode,
  { cleanUp }: Pick<ProbeOptions, 'cleanUp'>,
  work: (progress: Progress, leftovers: Leftovers) => Promise<SurveyFacts | undefined>,
): Promise<Probed> {
  const progress: Progress = { seen: { mode }, owned: [], wrote: false };
  let known: SurveyFacts | undefined;
  try {
    const leftovers = await look(session, progress);
    if (leftovers !== undefined) known = await work(progress, leftovers);
  } finally {
    if (progress.wrote) await cleanUp(progress.owned);
  }
  const seen = { ...progress.seen, requests: session.requests };
  if (known !== undefined) return { seen: withSurvey(seen, known) };
  const isWhole = !session.ended() && isWholeSurvey(seen);
  return { seen, ...(isWhole && { facts: surveyFacts(seen) }) };
}

function pickSettings({ settings }: SurveyFacts): Pick<SurveyFacts, 'settings'> {
  return settings === undefined ? {} : { settings };
}
