import { Command, Option } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import type { ReplayFlags } from './check/run-replay.ts';
import { REPORT_FORMATS } from './report-formats.ts';

/** `byob replay`: judges what `byob check --record` wrote. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Judge again what byob check --live --record wrote, without the buckets.')
    .argument('<file>', 'the record')
    .addOption(
      new Option('-o, --output <format>', 'format of the report').choices(REPORT_FORMATS).default(REPORT_FORMATS[0]),
    );
  return undecidedOnMisuse(command)
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: ReplayFlags, file = '') => {
        const { runReplay } = await import('./check/run-replay.ts');
        return runReplay(file, flags);
      }),
    );
}

const HELP = `
Exit codes: as those of byob check.

Examples:
  byob check -f storages/ --live --record probes.json
  byob replay probes.json
`;
