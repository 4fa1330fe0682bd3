import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { bucket, EMPTY, onlyRecord, proofOf, proven, team, update } from '../../../test/support/fakes/publication.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { rowOf, type ClaimRecord, type Row } from '../../domain/publication/ledger.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { awaitsPublication, createPublisherWaits, isRecorded } from './awaited-publication.ts';
import type { StorageObject } from './resolved-storage.ts';

const storage = bucket('b', 'teams/omega');
const omega = team('omega', storage);
const { ledger } = update(EMPTY, [proven(omega, 'd1')]);
const record = onlyRecord(ledger, omega);
const row = rowOf(ledger, record)!;
const now = { uid: 'uid-omega', digest: 'd1', storage };

function publication(changes: {
  readonly record?: Partial<ClaimRecord>;
  readonly row?: Partial<Row>;
}): ClaimPublication {
  return { record: { ...record, ...changes.record }, row: { ...row, ...changes.row }, served: 'Yes' };
}

describe('a status that disagrees with the ledger counts for nothing', () => {
  it('counts where uid, digests and address agree', () => {
    expect(isRecorded(publication({}), now)).toBe(true);
  });

  it.each<[string, ClaimPublication | undefined, typeof now]>([
    ['nothing is published', undefined, now],
    [
      'the ledger is older: it holds the former key',
      publication({ record: { digest: 'd0' }, row: { digest: 'd0' } }),
      now,
    ],
    ['the row is another than was proven for it', publication({ row: { digest: 'd0' } }), now],
    ['a recovered record was not proven since', publication({ record: { digest: undefined as never } }), now],
    ['another incarnation held it', publication({ record: { uid: 'uid-before' } }), now],
    ['it is unknown which incarnation held it', publication({ record: { uid: undefined as never } }), now],
    ['it is bound at another place', publication({}), { ...now, storage: bucket('b', 'teams/kappa') }],
    [
      'the row has another address',
      publication({ row: { address: { ...row.address, region: 'eu-1' } as never } }),
      now,
    ],
    ['the Secret holds another key today', publication({}), { ...now, digest: 'd2' }],
    ['the row is missing', { record, served: 'No' }, now],
  ])('does not count where %s', (_, published, inputs) => {
    expect(isRecorded(published, inputs)).toBe(false);
  });

  it('counts without a row exactly where none is needed', () => {
    expect(isRecorded({ record: { ...record, hasRow: false }, served: 'NotNeeded' }, now)).toBe(true);
    expect(isRecorded({ record: { ...record, kind: 'InstanceStorage' }, served: 'No' }, now)).toBe(false);
  });
});

describe('an answer of the publisher to a proof', () => {
  const refusal: Problem = { reason: 'FileStoresFull', message: 'Full.', failureClass: 'external' };
  const proof = { ...proofOf(storage, 'd2'), instance: 'ns/wandb' };

  it.each<[string, ClaimPublication | undefined, Problem | undefined, boolean]>([
    ['is awaited where there is none', undefined, undefined, true],
    ['is awaited while the ledger holds the former key', publication({}), undefined, true],
    ['is that its key is published', publication({ record: { digest: proof.digest } }), undefined, false],
    [
      'is that others must prove the key too',
      { ...publication({}), waitsFor: ['kappa'], unplaced: proof.digest },
      undefined,
      false,
    ],
    ['is a refusal', { ...publication({}), refusal, unplaced: proof.digest }, undefined, false],
    ['is a refusal of whatever is proven', { ...publication({}), refusal }, undefined, false],
    [
      'is not the refusal of a proof of the former key',
      { ...publication({}), refusal, unplaced: 'd1' },
      undefined,
      true,
    ],
    [
      'is not that the former key waits for others',
      { ...publication({}), waitsFor: ['kappa'], unplaced: 'd1' },
      undefined,
      true,
    ],
    ['is not awaited while the instance cannot publish', publication({}), refusal, false],
  ])('%s', (_, published, problem, isAwaited) => {
    expect(awaitsPublication(proof, published, problem)).toBe(isAwaited);
  });
});

describe('createPublisherWaits', () => {
  const object = (generation = 1): StorageObject => teamObject('omega', {}, { generation });

  it('waits for half a minute and no longer', () => {
    const clock = createFakeClock();
    const { left } = createPublisherWaits(clock);
    expect(left(object(), 'Answer')).toBe(30_000);
    clock.advance(30_000);
    expect(left(object(), 'Answer')).toBe(0);
  });

  it('gives the answer to a proof its own half minute, however long the probe took after the first run', () => {
    const clock = createFakeClock();
    const { left } = createPublisherWaits(clock);
    left(object(), 'FirstRun');
    clock.advance(300_000);
    expect(left(object(), 'Answer')).toBe(30_000);
  });

  it('begins anew with each generation and after each answer', () => {
    const clock = createFakeClock();
    const { left, over } = createPublisherWaits(clock);
    left(object(), 'Answer');
    clock.advance(20_000);
    expect(left(object(2), 'Answer')).toBe(30_000);
    clock.advance(20_000);
    over(object().metadata.uid ?? '');
    expect(left(object(2), 'Answer')).toBe(30_000);
  });
});
