import { describe, expect, it } from '@jest/globals';
import type { TeamStorage } from '../../api/resources.ts';
import type { Standing } from './claim-order.ts';
import { teamConflict } from './team-conflict.ts';

function claim(name: string, at: string, team = 'omega'): TeamStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name, uid: `uid-${name}`, creationTimestamp: `2026-01-01T00:00:${at}Z` },
    spec: { team },
  };
}

const NEITHER: Standing = { proven: false };
const BOUND: Standing = { bound: { at: '2026-01-02T00:00:00Z', revision: 3 }, proven: false };

const noStanding = (): Standing => NEITHER;
const only =
  (name: string, standing = BOUND) =>
  ({ metadata }: TeamStorage): Standing =>
    metadata.name === name ? standing : NEITHER;

describe('of two claims on one team', () => {
  const [older, newer] = [claim('z', '01'), claim('a', '02')];
  const both = [older, newer];

  it.each([
    ['the older wins', noStanding, 'z'],
    ['a bound one wins over an older one', only('a'), 'a'],
    ['a proven one wins over an older one', only('a', { proven: true }), 'a'],
    ['the older wins when both are bound in one step', () => BOUND, 'z'],
    [
      'the one that was bound first wins, be it younger and whatever the clock said then',
      ({ metadata }: TeamStorage) =>
        metadata.name === 'a'
          ? { ...BOUND, bound: { at: '2026-12-01T00:00:00Z', revision: 1 } }
          : { ...BOUND, bound: { at: '2026-01-01T00:00:00Z', revision: 2 } },
      'a',
    ],
  ] as const)('%s', (_, standingOf, winner) => {
    const losers = both.filter((one) => teamConflict(one, both, standingOf) !== undefined);

    expect(losers.map(({ metadata }) => metadata.name)).toEqual(winner === 'z' ? ['a'] : ['z']);
  });

  it('the name decides when they are of the same second', () => {
    const twins = [claim('b', '01'), claim('a', '01')];

    expect(teamConflict(twins[0]!, twins, noStanding)?.message).toContain('TeamStorage a.');
    expect(teamConflict(twins[1]!, twins, noStanding)).toBeUndefined();
  });

  it('the refusal names the rival that comes first, and what to do', () => {
    const three = [claim('c', '03'), claim('b', '02'), claim('a', '01')];

    expect(teamConflict(three[0]!, three, noStanding)).toEqual({
      reason: 'TeamConflict',
      message: 'Team omega is already claimed by TeamStorage a.',
      remedy: 'Correct spec.team, or delete this TeamStorage, c: W&B has one storage for a team.',
      failureClass: 'reference',
    });
  });
});

it('states that the rival is published, where it is', () => {
  const both = [claim('z', '01'), claim('a', '02')];

  expect(teamConflict(both[0]!, both, only('a'))?.message).toBe(
    'Team omega is already claimed by TeamStorage a, which is published.',
  );
});

it('does not suggest to delete what is in use, where both are published', () => {
  const both = [claim('z', '01'), claim('a', '02')];
  const remedy = teamConflict(both[1]!, both, () => BOUND)?.remedy;

  expect(remedy).toMatch(/^Before you delete anything, check in the team's settings in W&B which bucket the team has/);
  expect(remedy).not.toContain('delete this TeamStorage');
});

it('claims on other teams, and the claim itself, are no rivals', () => {
  const own = claim('b', '02');

  expect(teamConflict(own, [own, claim('a', '01', 'kappa')], noStanding)).toBeUndefined();
});
