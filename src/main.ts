import { Command } from 'commander';
import { operatorCommand } from './cli/operator-command.ts';

/** `byob`: one file in `cli/` for each subcommand. */
const program = new Command('byob')
  .description('Bring-your-own-bucket storage for Weights & Biases on Kubernetes.')
  .addCommand(operatorCommand());

await program.parseAsync();
