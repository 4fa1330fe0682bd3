import { Command, Option } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import { addClusterFlags } from './cluster-flags.ts';
import type { StatusFlags } from './status/run-status.ts';

/** `byob status`: shows the storages of a cluster on one screen. */
export function statusCommand(): Command {
  const command = new Command('status')
    .description(
      'Show instances with their teams: what fails and why, what is published, and what the server runs with.',
    )
    .argument('[name]', 'InstanceStorage with its teams, or one TeamStorage; all of the namespace if it is left out')
    .option('-A, --all-namespaces', 'storages of all namespaces, whatever --namespace says', false)
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json', 'yaml']).default('text'))
    .option('-w, --watch', 'show it again after each change', false);
  return undecidedOnMisuse(addClusterFlags(command))
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: StatusFlags, name?: string) => {
        const { runStatus } = await import('./status/run-status.ts');
        return runStatus(name, flags);
      }),
    );
}

const HELP = `
It reads InstanceStorages and TeamStorages, and no Secret.

json and yaml begin with schemaVersion: 1. The number changes only where a field is removed or gets another meaning.

Exit codes:
  0  every storage is Ready
  1  a storage is not Ready
  2  the cluster could not be read, or the command was used wrongly

Examples:
  byob status
  kubectl byob status -n wandb
  byob status -n wandb omega
  byob status -A -o json
  byob status -n wandb --watch
`;
