import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import { splitFileStores } from './file-stores.ts';
import { isInstanceKey } from './instance-keys.ts';
import { compare, type FileStoresFormat } from './ledger.ts';
import type { OutputData } from './outputs.ts';
import { parseFileStore } from './parse-file-store.ts';

/** The format of the file stores in an output Secret; parts that cannot be seen in it are taken from `spec`. */
export function readWritten(secret: OutputData, spec: FileStoresFormat): FileStoresFormat {
  const value = valueIn(secret, spec);
  if (value === undefined) return spec;
  // All variables of the operator hold the same value.
  const names = foreignKeys(secret).filter((name) => secret[name] === value);
  const isAsSpecified = names.length === spec.variables.length && spec.variables.every((name) => names.includes(name));
  return { separator: separatorIn(value) ?? spec.separator, variables: isAsSpecified ? spec.variables : names };
}

/** The value of the file-stores variables in an output Secret; empty where there is none. */
export function fileStoresIn(secret: OutputData, spec: FileStoresFormat): string {
  return valueIn(secret, spec) ?? '';
}

/** In order. Keys that were added manually are among them. */
function foreignKeys(secret: OutputData): readonly string[] {
  return Object.keys(secret)
    .filter((name) => !isInstanceKey(name))
    .sort(compare);
}

/**
 * Of the variables in the spec; or, as they may have been renamed since, of the key that looks most like file stores.
 */
function valueIn(secret: OutputData, { variables }: FileStoresFormat): string | undefined {
  const names = foreignKeys(secret);
  const isSpecified = (name: string): boolean => variables.includes(name);
  const [best] = names
    .map((name) => ({ name, entries: entryCount(secret[name] ?? '') }))
    .filter(({ entries }) => entries > 0)
    .sort(
      (left, right) => Number(isSpecified(right.name)) - Number(isSpecified(left.name)) || right.entries - left.entries,
    );
  const name = best?.name ?? names.find(isSpecified);
  return name === undefined ? undefined : secret[name];
}

function entryCount(value: string): number {
  return splitFileStores(value).filter(
    (entry) => entry === COREWEAVE_IDENTITY_ENTRY || parseFileStore(entry) !== undefined,
  ).length;
}

/** The text between the first two entries. */
function separatorIn(value: string): string | undefined {
  const [first, second] = splitFileStores(value);
  return first === undefined || second === undefined ? undefined : value[first.length];
}
