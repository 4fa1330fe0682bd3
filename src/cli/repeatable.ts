import { Option } from 'commander';

/** An option that may be given more than once. Unlike `<value...>` it leaves the arguments after it alone. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}
