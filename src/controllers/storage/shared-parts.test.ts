import { expect, it } from '@jest/globals';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { withSharedParts } from './shared-parts.ts';

const AT = '2026-01-01T00:00:00Z';

/** As parsed from JSON: no text is the same object as that of another one. */
function read(name: string, message: string) {
  const status = {
    bucket: name,
    checks: [
      { name: 'CanList', result: 'Passed', reason: 'Passed' },
      { message, name: 'CanWrite', reason: 'AccessDenied', result: 'Failed' },
    ],
    conditions: [{ type: 'Ready', status: 'False', reason: 'AccessDenied', message, lastTransitionTime: AT }],
  };
  return teamObject(name, {}, { status: JSON.parse(JSON.stringify(status)) as never });
}

it('keeps equal results and conditions of many objects once, and changes nothing', () => {
  const [one, two, other] = [read('one', 'It is denied.'), read('two', 'It is denied.'), read('other', 'It is full.')];
  const shared = [one, two, other].map(withSharedParts);
  expect(shared).toEqual([one, two, other]);
  const [first, second, third] = shared.map(({ status }) => [status?.checks ?? [], status?.conditions ?? []].flat());
  expect(second).toHaveLength(3);
  second?.forEach((part, index) => expect(part).toBe(first?.[index]));
  expect(third?.[0]).toBe(first?.[0]);
});

it('leaves an object without a status as it is', () => {
  const object = teamObject('new');
  expect(withSharedParts(object)).toBe(object);
});
