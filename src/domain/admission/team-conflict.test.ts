import { describe, expect, it } from '@jest/globals';
import type { TeamStorage } from '../../api/resources.ts';
import { teamConflict } from './team-conflict.ts';

function claim(name: string, at: string, team = 'omega'): TeamStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name, uid: `uid-${name}`, creationTimestamp: `2026-01-01T00:00:${at}Z` },
    spec: { team },
  };
}

const nobody = (): boolean => false;
const only = (name: string) => (uid: string) => uid === `uid-${name}`;

describe('of two claims on one team', () => {
  const [older, newer] = [claim('z', '01'), claim('a', '02')];
  const both = [older, newer];

  it.each([
    ['the older wins', nobody, 'z'],
    ['a bound one wins over an older one', only('a'), 'a'],
    ['the older wins when both are bound', () => true, 'z'],
  ] as const)('%s', (_, isBound, winner) => {
    const losers = both.filter((one) => teamConflict(one, both, isBound) !== undefined);

    expect(losers.map(({ metadata }) => metadata.name)).toEqual(winner === 'z' ? ['a'] : ['z']);
  });

  it('the name decides when they are of the same second', () => {
    const twins = [claim('b', '01'), claim('a', '01')];

    expect(teamConflict(twins[0]!, twins, nobody)?.message).toContain('TeamStorage a.');
    expect(teamConflict(twins[1]!, twins, nobody)).toBeUndefined();
  });

  it('the loser is told the name of the rival that comes first, and what to do', () => {
    const three = [claim('c', '03'), claim('b', '02'), claim('a', '01')];

    expect(teamConflict(three[0]!, three, nobody)).toEqual({
      reason: 'TeamConflict',
      message: 'Team omega is already claimed by TeamStorage a.',
      remedy: expect.stringContaining('Delete one of the two'),
      failureClass: 'reference',
    });
  });
});

it('claims on other teams, and the claim itself, are no rivals', () => {
  const own = claim('b', '02');

  expect(teamConflict(own, [own, claim('a', '01', 'kappa')], nobody)).toBeUndefined();
});
