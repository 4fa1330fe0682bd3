import { placeOf, type ClaimRecord } from '../publication/ledger.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import type { Standing } from './claim-order.ts';
import type { Resolution } from './resolve-claim.ts';
import { isBoundTo, isUnknown, type BoundRecord, type Claimant, type World } from './world.ts';

type Ledgers = Pick<World, 'ledgersIn'>;

/** Where a claim counts among others: where its spec resolves to, or where a record holds it. */
export function standsAt(
  world: Ledgers,
  resolution: Resolution,
): { readonly address: BucketAddress; readonly bound: boolean } | undefined {
  const held = heldAt(resolution);
  if (held !== undefined) return { address: held.address, bound: true };
  const { storage } = resolution;
  return storage === undefined ? undefined : { address: storage, bound: boundAt(world, resolution) !== undefined };
}

/**
 * The record that holds a claim although its spec does not resolve there: while the place is unknown (its instance is
 * being replaced), or if it names another bucket and must not move.
 */
export function heldAt(resolution: Resolution): ClaimRecord | undefined {
  const { object, storage, problem } = resolution;
  const records = resolution.records.filter(
    ({ record }) => storage !== undefined || problem !== undefined || isSameIncarnation(record, object),
  );
  const isHere = records.some((one) => isAt(one, resolution));
  const mayMove = problem === undefined && object.spec.bucketChangePolicy === 'Allow';
  const [first, ...others] = records;
  if (first === undefined || isHere || mayMove) return undefined;
  return others.reduce((last, one) => (one.record.boundRevision > last.record.boundRevision ? one : last), first)
    .record;
}

/**
 * When the claim was bound at the place where it resolves: from the ledger, or from its status while that ledger is not
 * known.
 */
export function boundAt(world: Ledgers, resolution: Resolution): Standing['bound'] {
  const { object, instanceName, storage } = resolution;
  const { namespace = '', creationTimestamp = '' } = object.metadata;
  const found = recordHere(resolution);
  if (found !== undefined) return { at: found.boundAt, revision: found.boundRevision };
  if (storage === undefined || !isUnknown(world, namespace, instanceName)) return undefined;
  return isBoundTo(object.status?.boundBucket, storage) ? { at: creationTimestamp, revision: 0 } : undefined;
}

/** The record of a claim at exactly the place to which its spec resolves. */
export function recordHere(resolution: Resolution): ClaimRecord | undefined {
  return resolution.records.find((one) => isAt(one, resolution))?.record;
}

function isAt({ instance, record }: BoundRecord, { instanceName, storage }: Resolution): boolean {
  return storage !== undefined && instance === instanceName && placeOf(record.address) === placeOf(storage);
}

function isSameIncarnation({ uid }: ClaimRecord, { metadata }: Claimant): boolean {
  return uid === undefined || uid === metadata.uid;
}
