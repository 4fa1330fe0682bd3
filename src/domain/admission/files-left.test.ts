import { expect, it } from '@jest/globals';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import type { TeamStorage } from '../../api/resources.ts';
import type { ClaimRecord } from '../publication/ledger.ts';
import { filesLeftByStatus, filesLeftIn } from './files-left.ts';

const AT = '2026-01-01T00:00:00Z';
const claim = proven(team('omega', bucket('a')), 'd1');
const published = onlyRecord(update(EMPTY, [claim]).ledger, claim);
type Status = NonNullable<TeamStorage['status']>;

function omegaWith(status?: Partial<Status>): TeamStorage {
  return teamObject('omega', { team: 'omega' }, status === undefined ? {} : { status: status });
}

function condition(type: string, reason: string, status: 'True' | 'False' = 'True') {
  return { type, status, reason, message: '', observedGeneration: 1, lastTransitionTime: AT };
}

function recordWith(changes: Partial<ClaimRecord>) {
  return { instance: 'wandb', record: { ...published, ...changes } };
}

/** A team that was Ready on the bucket of its instance. */
const WORKED: Partial<Status> = {
  conditions: [condition('Isolated', 'UsesInstanceBucket'), condition('Ready', 'Ready')],
  instanceRef: { name: 'lab' },
};

it.each<[string, Partial<Status> | undefined, string | undefined]>([
  ['a new team has no status', undefined, undefined],
  ['a status without conditions says nothing', {}, undefined],
  ['the team was Ready on the bucket of its instance', WORKED, 'lab'],
  ['what the status has recorded counts', { ...WORKED, isolation: { filesLeftIn: 'prod' } }, 'prod'],
  [
    'a team that was never Ready has left no files',
    {
      ...WORKED,
      conditions: [condition('Isolated', 'UsesInstanceBucket'), condition('Ready', 'Validating', 'False')],
    },
    undefined,
  ],
  [
    'a team with a bucket of its own has left no files',
    { ...WORKED, conditions: [condition('Isolated', 'OwnBucket'), condition('Ready', 'Ready')] },
    undefined,
  ],
  ['it is not said which instance it was', { conditions: WORKED.conditions ?? [] }, undefined],
])('by its status: %s', (_, status, wanted) => {
  expect(filesLeftByStatus(omegaWith(status))).toBe(wanted);
  expect(filesLeftIn(omegaWith(status), [])).toBe(wanted);
});

it('is what the ledger has recorded of the team, before its status', () => {
  expect(filesLeftIn(omegaWith(WORKED), [recordWith({ filesLeftIn: 'prod', team: 'omega' })])).toBe('prod');
  expect(filesLeftIn(omegaWith(), [recordWith({}), recordWith({ filesLeftIn: 'prod', team: 'omega' })])).toBe('prod');
});

it('takes a record that does not know its team for one of this team, and none of another team', () => {
  const record = { ...omit(published, 'team'), filesLeftIn: 'prod' };
  expect(filesLeftIn(omegaWith(), [{ instance: 'wandb', record }])).toBe('prod');
  expect(filesLeftIn(omegaWith(), [recordWith({ filesLeftIn: 'prod', team: 'kappa' })])).toBeUndefined();
});
