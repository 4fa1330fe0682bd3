import type { CheckContext, CheckResult } from '../../../src/checks/check.ts';
import { judgeAll } from '../../../src/checks/judge.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';

/** What is not well or not known, as the status shows it: of each check `name: reason`, its message and its remedy. */
export function reportOf(seen: Observations, context: CheckContext): readonly string[] {
  return told(seen, context, ({ result }) => result !== 'Pass' && result !== 'Skip');
}

/** The same without what is not known. */
export function faultsIn(seen: Observations, context: CheckContext): readonly string[] {
  return told(seen, context, ({ result }) => result === 'Fail' || result === 'Warn');
}

function told(seen: Observations, context: CheckContext, isTold: (result: CheckResult) => boolean): readonly string[] {
  return judgeAll(seen, context, { ignore: [] })
    .filter(isTold)
    .flatMap(({ name, reason, message = '', remedy }) => [`${name}: ${reason}`, message, remedy ?? []].flat());
}
