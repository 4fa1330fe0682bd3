import { Command } from 'commander';
import { checkCommand } from './cli/check-command.ts';
import { explainCommand } from './cli/explain-command.ts';
import { renderCommand } from './cli/render-command.ts';
import { replayCommand } from './cli/replay-command.ts';
import { importCommand } from './cli/import-command.ts';
import { operatorCommand } from './cli/operator-command.ts';
import { policyCommand } from './cli/policy-command.ts';
import { VERSION } from './app/version.ts';

/** `byob`: one file in `cli/` for each subcommand. */
const program = new Command('byob')
  .version(VERSION)
  .description('Bring-your-own-bucket storage for Weights & Biases on Kubernetes.')
  .addCommand(operatorCommand())
  .addCommand(checkCommand())
  .addCommand(renderCommand())
  .addCommand(replayCommand())
  .addCommand(policyCommand())
  .addCommand(importCommand())
  .addCommand(explainCommand());

await program.parseAsync();
