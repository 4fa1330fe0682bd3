import { Command, Option } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import type { RenderFlags } from './render/run-render.ts';
import { addStorageFlags } from './storage-flags.ts';

/** `byob render`: prints what the operator would write, before anything is applied. */
export function renderCommand(): Command {
  const command = new Command('render')
    .description('Print the Secret, the ConfigMap and the chart values that the operator would write for storages.')
    .addOption(
      new Option('-o, --output <format>', 'yaml and json: Secret and ConfigMap; values: for the chart of W&B')
        .choices(['yaml', 'json', 'values'])
        .default('yaml'),
    )
    .option('--show-secrets', 'print the values of the Secret, which hold keys', false);
  return undecidedOnMisuse(addStorageFlags(command))
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: RenderFlags) => {
        const { runRender } = await import('./render/run-render.ts');
        return runRender(flags);
      }),
    );
}

const HELP = `
Without --live every bucket counts as proven whose storage is accepted and whose
Secret is known. A storage that would have no entry is listed on standard error.

Exit codes:
  0  every storage is in the output, or needs no entry
  1  a storage fails and is not in the output
  2  a Secret is unknown, or the command was used wrongly

Examples:
  byob render -f storages/
  byob render -f storages/ -o values > values.yaml
  byob render -f storages/ --context prod --show-secrets
`;
