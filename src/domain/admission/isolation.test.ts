import { describe, expect, it } from '@jest/globals';
import { s3 } from '../../../test/support/fakes/observations.ts';
import { CoTenants, type Tenant } from './co-tenants.ts';
import { isolationViolation, judgeIsolation, type IsolationInput } from './isolation.ts';

const BUCKET = 'aws/acme-wandb';
const OMEGA = 'TeamStorage/ns/omega';
const INSTANCE = 'InstanceStorage/ns/wandb';

function neighbour(name: string, changes: Partial<Tenant> = {}): Tenant {
  return {
    id: `TeamStorage/ns/${name}`,
    kind: 'TeamStorage',
    namespace: 'ns',
    name,
    bucket: BUCKET,
    path: `teams/${name}`,
    bound: true,
    required: false,
    rank: name,
    ...changes,
  };
}

const kappa = neighbour('kappa');

interface Case {
  readonly neighbours?: readonly Tenant[];
  readonly required?: boolean;
  readonly changes?: Partial<IsolationInput>;
}

/** The isolation of team omega, in `teams/omega` and bound there. */
function judged({ neighbours = [], required = false, changes = {} }: Case) {
  const tenants = new CoTenants();
  for (const tenant of neighbours) tenants.set(tenant.id, tenant);
  const asker = { id: OMEGA, namespace: 'ns', onlyBound: required, instance: INSTANCE };
  return judgeIsolation({
    team: 'omega',
    storage: { ...s3, path: 'teams/omega' },
    instance: { name: 'wandb', sameBucket: false },
    sharing: tenants.others(BUCKET, asker),
    overlapping: tenants.overlapping(BUCKET, 'teams/omega', asker),
    ...changes,
  });
}

describe('who else can reach the files of a team', () => {
  it.each<[string, Case, string, readonly string[]]>([
    ['no other team', {}, 'ExclusiveBucket', []],
    [
      'all, in the same bucket as the instance',
      { neighbours: [kappa], changes: { instance: { name: 'wandb', sameBucket: true } } },
      'SameAsInstanceBucket',
      ['kappa'],
    ],
    ['a team in another sub-path', { neighbours: [kappa] }, 'SharedBucket', ['kappa']],
    ['a team in the whole bucket', { neighbours: [neighbour('kappa', { path: '' })] }, 'PathOverlap', ['kappa']],
    ['those who did while it had no bucket', { changes: { filesLeftIn: 'wandb' } }, 'FilesLeftInInstanceBucket', []],
    [
      'no other team, where a newcomer is refused in its favour',
      { required: true, neighbours: [neighbour('kappa', { bound: false })] },
      'ExclusiveBucket',
      [],
    ],
    [
      'an incumbent, also where it requires to be alone',
      { required: true, neighbours: [kappa] },
      'SharedBucket',
      ['kappa'],
    ],
  ])('%s', (_who, surroundings, reason, sharedWith) => {
    const { condition, sharedWith: others } = judged(surroundings);
    expect(condition).toMatchObject({ status: reason === 'ExclusiveBucket' ? 'True' : 'False', reason });
    expect(others).toEqual(sharedWith);
  });

  it('all, on the instance bucket', () => {
    const none = { names: [], more: false };
    const { condition, sharedWith } = judgeIsolation({
      team: 'omega',
      instance: { name: 'wandb', sameBucket: false },
      sharing: none,
      overlapping: none,
    });
    expect(condition).toMatchObject({ status: 'False', reason: 'UsesInstanceBucket' });
    expect(sharedWith).toEqual([]);
  });

  it('names the five oldest and states that there are others', () => {
    const neighbours = Array.from({ length: 8 }, (_, index) =>
      neighbour(`team-${String(index)}`, { rank: `2026-01-0${String(9 - index)}` }),
    );
    const { condition, sharedWith } = judged({ neighbours });
    expect(condition.message).toContain('team-7, team-6, team-5, team-4, team-3 and others');
    expect(sharedWith).toEqual(['team-7', 'team-6', 'team-5', 'team-4', 'team-3']);
  });

  it('reports files that were left behind, besides any other cause', () => {
    const { condition, filesLeftIn } = judged({ neighbours: [kappa], changes: { filesLeftIn: 'wandb' } });
    expect(condition.reason).toBe('SharedBucket');
    expect(filesLeftIn).toBe('wandb');
  });

  it('names no claim of another namespace', () => {
    const other = neighbour('kappa', { id: 'TeamStorage/other/kappa', namespace: 'other' });
    expect(judged({ neighbours: [other] }).sharedWith).toEqual(['(in another namespace)']);
  });
});

describe('a claim beside one that requires an exclusive bucket', () => {
  const incumbent = neighbour('kappa', { required: true });

  it.each<[string, Tenant, string, boolean]>([
    ['is refused where that is bound', incumbent, OMEGA, true],
    ['is accepted where that is not bound yet', { ...incumbent, bound: false }, OMEGA, false],
    ['is accepted where no claim requires it', kappa, OMEGA, false],
    ['is not refused by itself', incumbent, incumbent.id, false],
  ])('%s', (_what, other, asker, refused) => {
    const tenants = new CoTenants();
    tenants.set(other.id, other);
    expect(tenants.excluder(BUCKET, asker) !== undefined).toBe(refused);
  });

  it('is refused with the name of the holder and what to do', () => {
    expect(isolationViolation('TeamStorage kappa')).toEqual({
      reason: 'IsolationViolated',
      message: 'TeamStorage kappa uses the same bucket and requires to be alone in it (spec.isolation: Required).',
      remedy: 'Give this storage a bucket of its own.',
      failureClass: 'reference',
    });
  });
});
