import { describe, expect, it } from '@jest/globals';
import { s3 } from '../../../test/fakes/observations.ts';
import { isolationViolation, judgeIsolation, type Neighbour, type Surroundings } from './isolation.ts';

function alone(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    team: 'omega',
    required: false,
    bound: true,
    storage: { ...s3, path: 'teams/omega' },
    instance: { name: 'wandb', sameBucket: false },
    neighbours: [],
    usedInstanceBucket: false,
    ...changes,
  };
}

const kappa: Neighbour = { name: 'kappa', path: 'teams/kappa', bound: true, required: false };

/** As `alone`, on the instance bucket. */
function onInstance(): Surroundings {
  const { team, required, bound, instance, neighbours, usedInstanceBucket } = alone();
  return { team, required, bound, instance, neighbours, usedInstanceBucket };
}

describe('who else reaches the files of a team', () => {
  it.each<[string, Surroundings, string, readonly string[]]>([
    ['nobody', alone(), 'ExclusiveBucket', []],
    ['everybody, on the instance bucket', onInstance(), 'UsesInstanceBucket', []],
    [
      'everybody, in the same bucket as the instance',
      alone({ instance: { name: 'wandb', sameBucket: true }, neighbours: [kappa] }),
      'SameAsInstanceBucket',
      ['kappa'],
    ],
    ['a team in another sub-path', alone({ neighbours: [kappa] }), 'SharedBucket', ['kappa']],
    ['a team in the whole bucket', alone({ neighbours: [{ ...kappa, path: '' }] }), 'PathOverlap', ['kappa']],
    ['those who did while it had no bucket', alone({ usedInstanceBucket: true }), 'FilesLeftInInstanceBucket', []],
    [
      'nobody, where a newcomer is refused for its sake',
      alone({ required: true, neighbours: [{ ...kappa, bound: false }] }),
      'ExclusiveBucket',
      [],
    ],
    [
      'an incumbent, also where it requires to be alone',
      alone({ required: true, neighbours: [kappa] }),
      'SharedBucket',
      ['kappa'],
    ],
  ])('%s', (_who, surroundings, reason, sharedWith) => {
    const { condition, sharedWith: others } = judgeIsolation(surroundings);
    expect(condition).toMatchObject({ status: reason === 'ExclusiveBucket' ? 'True' : 'False', reason });
    expect(others).toEqual(sharedWith);
  });

  it('names five and counts the others', () => {
    const neighbours = Array.from({ length: 8 }, (_, index) => ({ ...kappa, name: `team-${String(index)}` }));
    const { condition } = judgeIsolation(alone({ neighbours }));
    expect(condition.message).toContain('team-0, team-1, team-2, team-3, team-4 and 3 more');
  });
});

describe('a claim beside one that requires to be alone', () => {
  const incumbent = { ...kappa, required: true };

  it.each<[string, Surroundings, boolean]>([
    ['is refused where that is bound', alone({ bound: false, neighbours: [incumbent] }), true],
    ['is left alone where it is bound itself', alone({ neighbours: [incumbent] }), false],
    [
      'is accepted where that is not bound yet',
      alone({ bound: false, neighbours: [{ ...incumbent, bound: false }] }),
      false,
    ],
    ['is accepted where nobody requires it', alone({ bound: false, neighbours: [kappa] }), false],
  ])('%s', (_what, surroundings, refused) => {
    expect(isolationViolation(surroundings)?.reason).toBe(refused ? 'IsolationViolated' : undefined);
  });
});
