import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { createSurveys } from '../../probes/surveys.ts';
import { createSurveyUsers } from './survey-users.ts';

it('wakes each claim once, also when another one leaves meanwhile', () => {
  const surveys = createSurveys();
  const clock = createFakeClock();
  const users = createSurveyUsers(surveys, clock);
  const woken: number[] = [];
  for (let claim = 0; claim < 250; claim++) users.use(String(claim), 'bucket', () => woken.push(claim));
  surveys.keep('bucket', { facts: {}, beganAt: 0 });
  surveys.keep('bucket', { facts: { hidesAbsence: true }, beganAt: 1 });
  expect(woken).toHaveLength(100);
  users.leave('7');
  clock.advance(500);
  clock.advance(500);
  expect(woken).toEqual(Array.from({ length: 250 }, (_, claim) => claim));
});
