import { allowsOrigin } from '../domain/observations/browser-rules.ts';
import type { SurveyFacts } from '../domain/observations/survey-facts.ts';
import type { Observations } from '../domain/observations/observations.ts';

/** Whether browsers may read answers now and could not at the time of the survey, or the other way round. */
export function contradicts(
  facts: SurveyFacts,
  { crossOrigin }: Pick<Observations, 'crossOrigin'>,
  appOrigin: string | undefined,
): boolean {
  const surveyed = facts.crossOrigin?.GET;
  const now = crossOrigin?.GET;
  if (surveyed?.ok !== true || now?.ok !== true) return false;
  return allowsOrigin(surveyed.value.allowOrigin, appOrigin) !== allowsOrigin(now.value.allowOrigin, appOrigin);
}
