import { splitFileStores } from './file-stores.ts';
import type { FileStoresFormat } from './ledger.ts';
import type { OutputData } from './outputs.ts';

/** Keys of the output Secret that describe the instance bucket; the others are variables of file stores. */
const INSTANCE_KEYS = new Set([
  'BUCKET',
  'ACCESS_KEY',
  'SECRET_KEY',
  'Provider',
  'AccessKey',
  'SecretKey',
  'Host',
  'Port',
  'TlsEnabled',
  'ForcePathStyle',
  'Bucket',
  'Region',
  'Path',
  'url',
]);

/** How the file stores of an output Secret are written; what cannot be seen in it is as in `spec`. */
export function readWritten(secret: OutputData, spec: FileStoresFormat): FileStoresFormat {
  const names = Object.keys(secret).filter((name) => !INSTANCE_KEYS.has(name));
  const [first] = names;
  if (first === undefined) return spec;
  const isAsSpecified = names.length === spec.variables.length && spec.variables.every((name) => names.includes(name));
  return {
    separator: separatorIn(secret[first] ?? '') ?? spec.separator,
    variables: isAsSpecified ? spec.variables : names.sort(),
  };
}

/** The value of the file-stores variables in an output Secret; empty where there is none. */
export function fileStoresIn(secret: OutputData): string {
  const name = Object.keys(secret).find((key) => !INSTANCE_KEYS.has(key));
  return name === undefined ? '' : (secret[name] ?? '');
}

/** Told by the text between the first two entries. */
function separatorIn(value: string): string | undefined {
  const [first, second] = splitFileStores(value);
  return first === undefined || second === undefined ? undefined : value[first.length];
}
