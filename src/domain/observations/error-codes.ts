import type { BucketFailureKind } from './bucket-failure.ts';

/** The error codes of a service, by what they mean: one table for the driver and for the documentation. */
export type ErrorCodes = Readonly<Partial<Record<BucketFailureKind, readonly string[]>>>;

/** The kind of each code of a table. */
export function kindsByCode(codes: ErrorCodes): ReadonlyMap<string, BucketFailureKind> {
  const rows = Object.entries(codes) as [BucketFailureKind, readonly string[]][];
  return new Map(rows.flatMap(([kind, ofKind]) => ofKind.map((code) => [code, kind] as const)));
}
