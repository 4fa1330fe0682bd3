import { basename } from 'node:path';
import { Command } from 'commander';
import { VERSION } from '../app/version.ts';
import { undecidedOnMisuse } from './answering.ts';
import { checkCommand } from './check-command.ts';
import { completionCommand } from './completion-command.ts';
import { explainCommand } from './explain-command.ts';
import { renderCommand } from './render-command.ts';
import { replayCommand } from './replay-command.ts';
import { importCommand } from './import-command.ts';
import { operatorCommand } from './operator-command.ts';
import { policyCommand } from './policy-command.ts';
import { reportCommand } from './report-command.ts';
import { statusCommand } from './status-command.ts';
import { triggerCommand } from './trigger-command.ts';

/** kubectl runs a program of this name for `kubectl byob`. */
const isPlugin = basename(process.argv[1] ?? '').startsWith('kubectl-byob');

/** `byob`: one file `*-command.ts` for each subcommand. */
export function createProgram(name = 'byob'): Command {
  const program = new Command(name)
    .version(VERSION)
    .description('Bring-your-own-bucket storage for Weights & Biases on Kubernetes.')
    .addCommand(operatorCommand())
    .addCommand(checkCommand())
    .addCommand(renderCommand())
    .addCommand(replayCommand())
    .addCommand(policyCommand())
    .addCommand(importCommand())
    .addCommand(explainCommand())
    .addCommand(statusCommand())
    .addCommand(reportCommand())
    .addCommand(triggerCommand())
    .addCommand(completionCommand(() => createProgram()))
    .addHelpText('after', EXAMPLES);
  return undecidedOnMisuse(program);
}

/** Runs the command of this process. */
export async function runProgram(): Promise<void> {
  await createProgram(isPlugin ? 'kubectl byob' : 'byob').parseAsync();
}

const EXAMPLES = `
Examples:
  byob check -f storages/
  byob status -n wandb
  byob explain BucketNotFound
  byob check --help
`;
