import type { Command } from 'commander';
import { redact } from '../base/redaction.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { InputError } from './input-error.ts';
import { printable } from './printable.ts';

/**
 * The action of a command that answers a question by its exit code. Input that cannot be used is reported in one line,
 * and the answer is `Undecided`, as it is after an error of ours.
 */
export function answering(
  answer: (flags: never, ...names: readonly string[]) => Promise<ExitCode>,
): (...args: readonly unknown[]) => Promise<void> {
  return async (...args) => {
    // commander passes the arguments, the flags, and the command.
    const names = args.slice(0, -2) as readonly string[];
    process.stdout.on('error', endWithReader);
    try {
      process.exitCode = await answer(args.at(-2) as never, ...names);
    } catch (error) {
      process.exitCode = EXIT.Undecided;
      if (error instanceof InputError) process.stderr.write(`error: ${printable(error.message)}\n`);
      else process.stderr.write(`error: an internal error. Please report it.\n${redact(textOf(error))}\n`);
    }
  };
}

/** Who reads the output has seen enough, such as `head`. Otherwise the answer is lost, such as on a full disk. */
function endWithReader({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`error: cannot write to the standard output: ${code ?? 'unknown error'}\n`);
  process.exit(EXIT.Undecided);
}

function textOf(error: unknown): string {
  return Error.isError(error) ? (error.stack ?? error.message) : String(error);
}

/** Lets a wrong use of a command end with `Undecided`: 1 would say that something fails. */
export function undecidedOnMisuse(command: Command): Command {
  return command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.Good : EXIT.Undecided));
}
