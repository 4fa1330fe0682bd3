import { defined } from '../../base/defined.ts';
import type { ClaimRecord } from './ledger.ts';

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
