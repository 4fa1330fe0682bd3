#!/usr/bin/env node
import { basename } from 'node:path';
import { Command } from 'commander';
import { checkCommand } from './cli/check-command.ts';
import { explainCommand } from './cli/explain-command.ts';
import { renderCommand } from './cli/render-command.ts';
import { replayCommand } from './cli/replay-command.ts';
import { importCommand } from './cli/import-command.ts';
import { operatorCommand } from './cli/operator-command.ts';
import { policyCommand } from './cli/policy-command.ts';
import { statusCommand } from './cli/status-command.ts';
import { triggerCommand } from './cli/trigger-command.ts';
import { VERSION } from './app/version.ts';

/** kubectl runs a program of this name for `kubectl byob`. */
const isPlugin = basename(process.argv[1] ?? '').startsWith('kubectl-byob');

/** `byob`: one file in `cli/` for each subcommand. */
const program = new Command(isPlugin ? 'kubectl byob' : 'byob')
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
  .addCommand(triggerCommand());

await program.parseAsync();
