import { describe, expect, it } from '@jest/globals';
import { omit } from '../../../test/support/fakes/omit.ts';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { boundBucketOf } from '../bucket/bucket-id.ts';
import type { Problem } from '../conditions/problem.ts';
import type { ClaimRecord } from '../publication/ledger.ts';
import type { Resolution } from './resolve-claim.ts';
import { boundAt, heldAt, recordHere, standsAt } from './whereabouts.ts';

const HERE = bucket('here');
const ELSEWHERE = bucket('elsewhere');
const PROBLEM: Problem = { reason: 'InstanceNotFound', message: '', remedy: '', failureClass: 'reference' };
const known = { ledgersIn: () => [{ instance: 'wandb', ledger: EMPTY }] };
/** The ledger of wandb has not been read. */
const unknown = { ledgersIn: () => [{ instance: 'wandb' }, { instance: 'lab', ledger: EMPTY }] };

function recordAt(place: typeof HERE, changes: Partial<ClaimRecord> = {}, instance = 'wandb') {
  const claim = proven(team('omega', place), 'd1');
  return { instance, record: { ...onlyRecord(update(EMPTY, [claim]).ledger, claim), ...changes } };
}

/** How omega resolves, with a policy for a change of its bucket. */
function resolution(changes: Partial<Resolution> = {}, policy: 'Forbid' | 'Allow' = 'Forbid'): Resolution {
  const object = teamObject('omega', { bucketChangePolicy: policy });
  return { object, instanceName: 'wandb', storage: HERE, records: [], ...changes };
}

const nowhere = (changes: Partial<Resolution> = {}, policy: 'Forbid' | 'Allow' = 'Forbid'): Resolution =>
  omit(resolution(changes, policy), 'storage');

describe('the record that holds a claim elsewhere', () => {
  const old = recordAt(ELSEWHERE);
  const former = recordAt(ELSEWHERE, { uid: 'uid-of-a-former-object' });

  it.each<[string, Resolution, ClaimRecord | undefined]>([
    ['a claim without records', resolution(), undefined],
    ['a claim that must not move', resolution({ records: [old] }), old.record],
    ['a claim that may move', resolution({ records: [old] }, 'Allow'), undefined],
    [
      'a claim that may move, to a place that is not known',
      nowhere({ records: [old], problem: PROBLEM }, 'Allow'),
      old.record,
    ],
    ['a claim with a record here as well', resolution({ records: [old, recordAt(HERE)] }), undefined],
    [
      'a claim with a record here, of another instance',
      resolution({ records: [recordAt(HERE, {}, 'lab')] }),
      recordAt(HERE).record,
    ],
    ['a former object, where the present one names a bucket', resolution({ records: [former] }), former.record],
    ['a former object, where the place is not known', nowhere({ records: [former], problem: PROBLEM }), former.record],
    ['a former object, where the present one names no bucket', nowhere({ records: [former] }), undefined],
    ['this object, which names no bucket any more', nowhere({ records: [old] }), old.record],
    [
      'an object that is not known, where the present one names no bucket',
      nowhere({ records: [{ ...old, record: omit(old.record, 'uid') }] }),
      omit(old.record, 'uid'),
    ],
  ])('of %s', (_, one, wanted) => {
    expect(heldAt(one)).toEqual(wanted);
    const standing = standsAt(known, one);
    expect(standing).toEqual(
      wanted !== undefined
        ? { address: wanted.address, bound: true }
        : one.storage && { address: one.storage, bound: recordHere(one) !== undefined },
    );
  });

  it('is the one that was bound last', () => {
    const at = (boundRevision: number) => recordAt(bucket(`b${boundRevision}`), { boundRevision });
    expect(heldAt(resolution({ records: [at(2), at(5), at(3)] }))?.boundRevision).toBe(5);
  });
});

describe('when a claim was bound where it resolves', () => {
  it('is what the ledger says', () => {
    const here = recordAt(HERE, { boundAt: '2026-03-01T00:00:00Z', boundRevision: 7 });
    expect(recordHere(resolution({ records: [recordAt(ELSEWHERE), here] }))).toBe(here.record);
    expect(boundAt(known, resolution({ records: [here] }))).toEqual({ at: '2026-03-01T00:00:00Z', revision: 7 });
    expect(recordHere(resolution({ records: [recordAt(ELSEWHERE)] }))).toBeUndefined();
    expect(recordHere(nowhere({ records: [here] }))).toBeUndefined();
  });

  const bound = (place: typeof HERE): Resolution => ({
    ...resolution(),
    object: teamObject('omega', {}, { status: { boundBucket: boundBucketOf(place) } }),
  });

  it('is what its status says while the ledger has not been read', () => {
    expect(boundAt(unknown, bound(HERE))).toEqual({ at: '2026-01-02T00:00:00Z', revision: 0 });
    expect(standsAt(unknown, bound(HERE))).toEqual({ address: HERE, bound: true });
  });

  it('is not known where the status names another place, the ledger is there, or it resolves nowhere', () => {
    expect(boundAt(unknown, bound(ELSEWHERE))).toBeUndefined();
    expect(boundAt(unknown, resolution())).toBeUndefined();
    expect(boundAt(known, bound(HERE))).toBeUndefined();
    expect(boundAt(unknown, { ...bound(HERE), instanceName: 'lab' })).toBeUndefined();
    expect(boundAt(unknown, omit(bound(HERE), 'storage'))).toBeUndefined();
    expect(standsAt(unknown, omit(bound(HERE), 'storage'))).toBeUndefined();
  });
});
