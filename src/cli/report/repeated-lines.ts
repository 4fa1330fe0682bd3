import type { Line, ReportedStorage } from './report.ts';

/** What more storages than this have in common is written once: a page about a large fleet stays small. */
const MOST_REPEATED = 20;

/** What many storages of a report have in common. */
export interface Repeated {
  /** The lines that need no action and are the same for many storages; each list has the number of its place. */
  readonly lists: readonly (readonly Line[])[];
  /** Splits lines that need no action into a list, if many have it, and the rest. */
  split(lines: readonly Line[]): { readonly list?: number; readonly own: readonly Line[] };
  /** Whether many storages have this very line, so that its text in the summary is enough. */
  has(line: Line): boolean;
}

export function repeatedIn(storages: readonly ReportedStorage[]): Repeated {
  const common = frequent(storages.flatMap(({ open, rest }) => [...open, ...rest].map(keyOf)));
  const isCommon = (line: Line): boolean => common.has(keyOf(line));
  const commonOf = (lines: readonly Line[]): readonly Line[] => lines.filter(isCommon);
  const byKey = new Map(storages.map(({ rest }) => [listKey(commonOf(rest)), commonOf(rest)]));
  const keys = [...frequent(storages.map(({ rest }) => listKey(commonOf(rest))))].filter((key) => key !== '');
  const numbers = new Map(keys.map((key, index) => [key, index + 1]));
  return {
    lists: keys.map((key) => byKey.get(key) ?? []),
    split(lines) {
      const list = numbers.get(listKey(commonOf(lines)));
      return list === undefined ? { own: lines } : { list, own: lines.filter((line) => !isCommon(line)) };
    },
    has: isCommon,
  };
}

function frequent(keys: readonly string[]): ReadonlySet<string> {
  const counts = Map.groupBy(keys, (key) => key);
  return new Set([...counts].filter(([, uses]) => uses.length > MOST_REPEATED).map(([key]) => key));
}

function keyOf({ name, result, reason, message = '', remedy = '', place = '' }: Line): string {
  return [name, result, reason, message, remedy, place].join('\n');
}

function listKey(lines: readonly Line[]): string {
  return lines.map(keyOf).join('\n\n');
}
