import { defined, without } from '../../base/defined.ts';
import type { ClaimRecord } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

/** The record with other values; the same object if it has them already. */
export function changed(
  record: ClaimRecord,
  values: { [K in keyof ClaimRecord]?: ClaimRecord[K] | undefined },
): ClaimRecord {
  // A loop, because this is called for each record in each run of the publisher.
  for (const name in values) {
    const key = name as keyof ClaimRecord;
    if (record[key] !== values[key]) return { ...record, ...defined(values) };
  }
  return record;
}

/** The record without what counts only for its former object: that it stays for good, and where another team left files. */
export function asTakenOver(record: ClaimRecord, { uid, team }: Pick<LiveClaim, 'uid' | 'team'>): ClaimRecord {
  const here = record.keptForGood === undefined || record.uid === uid ? record : without(record, 'keptForGood');
  const isSameTeam = here.team === undefined || team === undefined || here.team === team;
  return here.filesLeftIn === undefined || isSameTeam ? here : without(here, 'filesLeftIn');
}
