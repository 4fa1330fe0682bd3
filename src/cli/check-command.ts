import { Command, Option } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import type { CheckFlags } from './check/run-check.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import { addStorageFlags } from './storage-flags.ts';

/** `byob check`: judges manifests as the API server and the operator would, before they are applied. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('Check storages in manifests as the API server and the operator would, before they are applied.')
    .addOption(
      new Option('-o, --output <format>', 'format of the report').choices(REPORT_FORMATS).default(REPORT_FORMATS[0]),
    )
    .option(
      '--record <file>',
      'with --live, write there what was asked and answered, for a bug report: without secrets, every name and id replaced',
    );
  return undecidedOnMisuse(addStorageFlags(command))
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: CheckFlags) => {
        // Loaded when it is needed, so that the operator does not hold it in memory.
        const { runCheck } = await import('./check/run-check.ts');
        return runCheck(flags);
      }),
    );
}

const HELP = `
Exit codes:
  0  everything is good, apart from warnings
  1  something fails
  2  it could not be decided, or the command was used wrongly

Examples:
  byob check -f storages/
  kustomize build overlays/prod | byob check -f -
  helm template wandb-storages charts/byob-storages -f values.yaml | byob check -n wandb -f -
  byob check -f storages/ --live --env-file secrets.env
  byob check -f storages/ --live --context prod
  byob check -f storages/ -o sarif > byob.sarif
  byob check -f storages/ --live --record probes.json
`;
