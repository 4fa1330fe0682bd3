import { recordId, type ClaimRecord, type Ledger } from '../../../../src/domain/publication/ledger.ts';
import type { Slot } from '../universe.ts';
import type { Context } from './context.ts';
import type { Known } from './known.ts';
import { reasonToLeave } from './leaving-records.ts';

/**
 * P2: an entry leaves with the last record that needs it. Marks the buckets that may leave the Secret.
 *
 * An entry that is not needed any more leaves: its claims sign in by the
 * server's own identity, on the cloud where that reaches the bucket.
 */
export function judgeRowsLeft(context: Context, known: Known, before: Ledger, after: Ledger): void {
  const { slot, mayLeave } = known;
  const buckets = new Set(before.claims.filter(({ hasRow }) => hasRow).map(({ address }) => address.name));
  for (const bucket of buckets) {
    if (hasEntry(after, bucket)) continue;
    const kept = after.claims.filter(
      (record) =>
        record.address.name === bucket &&
        record.kind === 'TeamStorage' &&
        before.claims.some((one) => recordId(one) === recordId(record) && one.hasRow),
    );
    const needed = kept.filter((record) => !needsNone(context, slot, record));
    if (needed.length === 0) mayLeave.add(bucket);
    else
      context.fail(`P2 ${needed.map(({ name }) => name).join(', ')} on ${bucket} lost the entry though it is needed`);
  }
  if (hasInstanceBucket(before) && !hasInstanceBucket(after)) mayLeave.add('slot');
}

/**
 * A ledger that was lost came back without a record: its bucket may leave if no claim kept it.
 *
 * A claim whose record was in that ledger alone and in no list, because the outputs could not be written yet, is not
 * known any more: it keeps no entry of others.
 */
export function noteLeftMeanwhile(context: Context, known: Known, before: Ledger, after: Ledger): void {
  const isThere = new Map(after.claims.map((record) => [recordId(record), record]));
  for (const [bucket, records] of Map.groupBy(before.claims, ({ address }) => address.name)) {
    if (hasEntry(after, bucket)) continue;
    const served = records.filter(({ hasRow }) => hasRow);
    const listed = served.filter((record) => known.listed.has(recordId(record)));
    // Who came with a write of the ledger alone, to a bucket that others have, is not known any more.
    const mayLeave = (listed.length > 0 ? listed : served).every((record) => {
      // It may sign in by another identity by now.
      const now = isThere.get(recordId(record)) ?? record;
      return needsNone(context, known.slot, now) || reasonToLeave(context, { known, record, after }) !== undefined;
    });
    if (mayLeave) known.mayLeave.add(bucket);
  }
  const hadSlot = before.claims.filter(({ kind }) => kind === 'InstanceStorage');
  const isAsked = hadSlot.every((record) => reasonToLeave(context, { known, record, after }) !== undefined);
  if (!hasInstanceBucket(after) && isAsked) known.mayLeave.add('slot');
}

/** Whether W&B reaches the bucket of the claim by its own identity. */
function needsNone({ world }: Context, { namespace, name }: Slot, record: ClaimRecord): boolean {
  const instance = world.truth.instances.reader.get({ namespace, name });
  const isNative = instance === undefined || instance.spec.deployment.cloud === 'AWS' || world.held.size > 0;
  return record.address.provider === 'S3' && isNative && record.mode === 'Ambient';
}

function hasEntry({ claims }: Ledger, bucket: string): boolean {
  return claims.some(({ hasRow, address }) => hasRow && address.name === bucket);
}

function hasInstanceBucket({ claims }: Ledger): boolean {
  return claims.some(({ kind }) => kind === 'InstanceStorage');
}
