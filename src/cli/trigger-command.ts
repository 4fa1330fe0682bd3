import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../domain/validation/probe-schedule.ts';
import { answering, undecidedOnMisuse } from './answering.ts';
import { addClusterFlags } from './cluster-flags.ts';
import type { TriggerFlags } from './trigger/run-trigger.ts';

const DEFAULT_MS = 5 * 60_000;

/** `byob trigger`: asks the operator for a validation and waits for its answer. */
export function triggerCommand(): Command {
  const command = new Command('trigger')
    .description('Ask the operator for a full validation of a storage now, wait for it, and print the result.')
    .argument('<name>', 'the storage: NAME, InstanceStorage/NAME or TeamStorage/NAME')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait').argParser(parseTimeout).default(DEFAULT_MS, '5m'),
    );
  return undecidedOnMisuse(addClusterFlags(command))
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: TriggerFlags, name = '') => {
        const { runTrigger } = await import('./trigger/run-trigger.ts');
        return runTrigger(name, flags);
      }),
    );
}

function parseTimeout(value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined) throw new InvalidArgumentError('Write it as 30s or 5m.');
  return milliseconds;
}

const HELP = `
It sets the annotation storage.wandb.com/reconcile-requested-at of the storage.

Exit codes:
  0  the storage is Ready
  1  the storage is not Ready
  2  no answer came in time, Ready is Unknown, or the command was used wrongly

Examples:
  byob trigger omega
  kubectl byob trigger wbts/omega -n wandb
  byob trigger InstanceStorage/wandb -n wandb --timeout 30s
`;
