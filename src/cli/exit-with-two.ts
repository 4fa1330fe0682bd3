import type { CommanderError } from 'commander';

/** For commands whose exit code 1 is an answer: a wrong flag ends with 2. */
export function exitWithTwo({ exitCode }: CommanderError): void {
  process.exit(exitCode === 0 ? 0 : 2);
}
