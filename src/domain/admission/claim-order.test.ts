import { expect, it } from '@jest/globals';
import { instanceObject, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { precedence, type Standing } from './claim-order.ts';

const NEITHER: Standing = { proven: false };
const PROVEN: Standing = { proven: true };
const bound = (revision: number, at: string): Standing => ({ bound: { at, revision }, proven: true });
const team = (name: string, at = '2026-01-01T00:00:00Z', namespace = 'ns') =>
  precedence(teamObject(name, {}, { namespace, creationTimestamp: at }), NEITHER);

it.each<[string, readonly string[]]>([
  [
    'what is bound, then what is proven, then the rest, whatever their age',
    [
      precedence(teamObject('c', {}, { creationTimestamp: '2026-01-03T00:00:00Z' }), bound(1, '2026-02-01T00:00:00Z')),
      precedence(teamObject('b', {}, { creationTimestamp: '2026-01-02T00:00:00Z' }), PROVEN),
      precedence(teamObject('a', {}, { creationTimestamp: '2026-01-01T00:00:00Z' }), NEITHER),
    ],
  ],
  [
    'the lower revision, as a number, whatever the clock said',
    [
      precedence(teamObject('b'), bound(9, '2026-02-09T00:00:00Z')),
      precedence(teamObject('a'), bound(10, '2026-02-01T00:00:00Z')),
    ],
  ],
  [
    'the earlier binding of one revision',
    [
      precedence(teamObject('b'), bound(1, '2026-02-01T00:00:00Z')),
      precedence(teamObject('a'), bound(1, '2026-02-02T00:00:00Z')),
    ],
  ],
  ['the elder', [team('b', '2026-01-01T00:00:00Z'), team('a', '2026-01-01T00:00:01Z')]],
  [
    'the instance before a team of its age',
    [precedence(instanceObject('z', {}, { creationTimestamp: '2026-01-01T00:00:00Z' }), NEITHER), team('a')],
  ],
  ['the namespace, then the name', [team('z', undefined, 'n2'), team('a'), team('b')]],
  // Which of the two comes first does not matter; that they are not the same does.
  ['one of two whose names are the same without a separator', [team('a', undefined, 'ns'), team('sa', undefined, 'n')]],
])('comes first: %s', (_, ranks) => {
  expect([...ranks].sort()).toEqual(ranks);
  expect(new Set(ranks).size).toBe(ranks.length);
});
