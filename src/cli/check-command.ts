import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { systemClock } from '../app/system-clock.ts';
import { UNOBSERVED } from '../dry-run/dry-run-validator.ts';
import { checkManifests } from '../dry-run/findings/check-manifests.ts';
import { allFindings, worstOf } from '../dry-run/findings/check-report.ts';
import { renderTable } from './check/table.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { InputError, readManifests, type FileFlags } from './manifest-files.ts';
import { addStoreFlags, storeSettings, type StoreFlags } from './store-flags.ts';
import { stylesFor } from './terminal.ts';

interface Flags extends FileFlags, StoreFlags {
  readonly namespace: string;
  readonly output: string;
}

/** `byob check`: judges manifests as the API server and the operator would, before they are applied. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description(
      'Check InstanceStorages and TeamStorages as the API server and the operator would, before they are applied.',
    )
    .requiredOption('-f, --filename <path...>', 'file or folder with manifests, or - for standard input')
    .option('-R, --recursive', 'read the folders in a folder as well', false)
    .option('-n, --namespace <name>', 'namespace of objects that name none', 'default')
    .addOption(new Option('-o, --output <format>', 'format of the report').choices(['table', 'json']).default('table'));
  return addStoreFlags(command).action(async (flags: Flags) => {
    process.exitCode = await run(flags);
  });
}

async function run(flags: Flags): Promise<ExitCode> {
  try {
    const report = await checkManifests(await readManifests(flags), {
      namespace: flags.namespace,
      ...{ isLive: false, hasCluster: false, observer: UNOBSERVED, clock: systemClock },
      randomSalt: () => randomBytes(16).toString('hex'),
      settings: storeSettings(flags, process.env),
    });
    process.stdout.write(renderTable(report, stylesFor(process.stdout, process.env)));
    const worst = worstOf(allFindings(report));
    return worst === 'Fail' ? EXIT.Failed : worst === 'Unknown' ? EXIT.Undecided : EXIT.Good;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return EXIT.Undecided;
  }
}
