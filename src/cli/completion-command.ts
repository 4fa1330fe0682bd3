import { Argument, Command } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import { SHELLS, type Shell } from './completion/shells.ts';
import { EXIT } from './exit-codes.ts';

/** `byob completion`: prints a script for a shell. `program`: the whole command, which the script completes. */
export function completionCommand(program: () => Command): Command {
  return undecidedOnMisuse(
    new Command('completion')
      .description('Print the script by which a shell completes commands, flags, their values, and names to explain.')
      .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS)),
  )
    .addHelpText('after', HELP)
    .action(
      answering(async (_flags, shell) => {
        const { completionFor } = await import('./completion/completion.ts');
        process.stdout.write(completionFor(shell as Shell, program()));
        return EXIT.Good;
      }),
    );
}

const HELP = `
Exit codes:
  0  printed
  2  there is no script for this shell

Examples:
  source <(byob completion bash)
  byob completion bash > byob.bash
  byob completion zsh > _byob
  byob completion fish > byob.fish

bash: put the first line into ~/.bashrc. zsh: put the file _byob into a folder of fpath. fish: put the file byob.fish into
~/.config/fish/completions.
`;
