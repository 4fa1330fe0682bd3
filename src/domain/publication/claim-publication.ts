import type { Problem } from '../conditions/problem.ts';
import { bareAddress } from './file-store-address.ts';
import { entryOf, needsEntry, splitFileStores, type DeploymentCloud } from './file-stores.ts';
import { instanceSecretKeys } from './instance-keys.ts';
import { rowOf, type ClaimRecord, type Ledger, type Row } from './ledger.ts';
import type { OutputData } from './outputs.ts';

/** The publication of one claim, and what happened to its newest proof. */
export interface ClaimPublication {
  /** The record that binds the claim, at its present or former place. */
  readonly record?: ClaimRecord;
  /** The row that serves the record, or the slot of the instance bucket. */
  readonly row?: Row;
  /** Whether the output Secret holds it: `Unknown` until the Secret has been read. */
  readonly served: 'Yes' | 'No' | 'NotNeeded' | 'Unknown';
  /** Why the newest proof was not placed. */
  readonly refusal?: Problem;
  /** TeamStorages on the same bucket that must prove the same credential before the row takes it. */
  readonly waitsFor?: readonly string[];
  /** Digest of the proof that `refusal` or `waitsFor` is about; absent: of whatever is proven. */
  readonly unplaced?: string;
}

/**
 * Whether the output Secret holds the entry of a record. `secret` is absent until it has been read, `cloud` while the
 * instance takes over none: then what was decided for the former cloud stands.
 */
export function servedBy(
  ledger: Ledger,
  record: ClaimRecord,
  { secret, cloud }: { readonly secret?: OutputData | undefined; readonly cloud?: DeploymentCloud | undefined },
): ClaimPublication['served'] {
  const isWithoutEntry = record.kind === 'TeamStorage' && !record.hasRow;
  if (isWithoutEntry && (cloud === undefined || !needsEntry(record.address, record.mode, cloud))) return 'NotNeeded';
  if (secret === undefined) return 'Unknown';
  const row = rowOf(ledger, record);
  if (row === undefined) return 'No';
  const isHeld =
    record.kind === 'InstanceStorage'
      ? Object.entries(keysOf(row)).every(([key, value]) => secret[key] === value)
      : ledger.written.variables.every((name) => entriesIn(secret, name).has(entryOf(row)));
  return isHeld ? 'Yes' : 'No';
}

/** Whether the row is the one that was proven for this claim. It counts as proven while that is not known. */
export function isProvenFor(record: ClaimRecord, row: Row): boolean {
  if (record.digest === undefined) return true;
  return record.digest === row.digest && bareAddress(record.address) === bareAddress(row.address);
}

const keys = new WeakMap<Row, Readonly<Record<string, string>>>();

function keysOf(row: Row): Readonly<Record<string, string>> {
  const known = keys.get(row) ?? instanceSecretKeys(row);
  keys.set(row, known);
  return known;
}

const entries = new WeakMap<OutputData, Map<string, ReadonlySet<string>>>();

function entriesIn(secret: OutputData, variable: string): ReadonlySet<string> {
  const byVariable = entries.get(secret) ?? new Map<string, ReadonlySet<string>>();
  entries.set(secret, byVariable);
  const known = byVariable.get(variable) ?? new Set(splitFileStores(secret[variable] ?? ''));
  byVariable.set(variable, known);
  return known;
}
