import { bareAddress } from '../../domain/publication/file-store-address.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { placeOf } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageObject } from './resolved-storage.ts';

/**
 * `FirstRun`: the publisher's first run for the instance after a start; `Answer`: its answer to a proof. A probe
 * between the two may take any time.
 */
export type PublisherStep = 'FirstRun' | 'Answer';

/** How long each object has waited for a step of the publisher; a new generation starts again. */
export function createPublisherWaits(clock: Clock) {
  const waiting = new Map<
    string,
    { readonly generation: number; readonly step: PublisherStep; readonly since: number }
  >();

  /** Milliseconds for which to wait for the publisher; 0 when the wait is over. */
  function left({ metadata: { uid = '', generation = 0 } }: StorageObject, step: PublisherStep): number {
    const now = clock.monotonic();
    const before = waiting.get(uid);
    const since = before?.generation === generation && before.step === step ? before.since : now;
    waiting.set(uid, { generation, step, since });
    return Math.max(0, since + INTERVALS.grace.publisher - now);
  }

  /** The publisher has answered, or the object is gone. */
  function over(uid: string): 0 {
    waiting.delete(uid);
    return 0;
  }

  return { left, over };
}

export type PublisherWaits = ReturnType<typeof createPublisherWaits>;

/** Whether the validation in a status counts: only if the ledger holds the same proof for this incarnation. */
export function isRecorded(
  published: ClaimPublication | undefined,
  now: { readonly uid: string; readonly digest: string; readonly storage: BucketStorage },
): boolean {
  const { record, row } = published ?? {};
  if (record === undefined || record.uid !== now.uid || record.digest !== now.digest) return false;
  if (placeOf(record.address) !== placeOf(now.storage)) return false;
  if (row === undefined) return !record.hasRow && record.kind === 'TeamStorage';
  return row.digest === now.digest && bareAddress(row.address) === bareAddress(now.storage);
}

/** Whether the publisher has not answered to a proof yet. */
export function awaitsPublication(
  proof: Proof | undefined,
  publication: ClaimPublication | undefined,
  problem: Problem | undefined,
): boolean {
  if (proof === undefined || problem !== undefined) return false;
  const { record, served, refusal, waitsFor, unplaced = proof.digest } = publication ?? {};
  // Of a former proof, such as for the former key of a Secret, the answer says nothing.
  if ((refusal !== undefined || waitsFor !== undefined) && unplaced === proof.digest) return false;
  if (record === undefined || placeOf(record.address) !== placeOf(proof.storage)) return true;
  return record.digest !== proof.digest || served === 'No';
}
