import { Command } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';
import { addClusterFlags } from './cluster-flags.ts';
import type { ReportFlags } from './report/run-report.ts';
import { addManifestFlags } from './storage-flags.ts';
import { addStoreFlags } from './store-flags.ts';

/** `byob report`: writes everything that is known about storages to one page. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'Write a page about the storages of a cluster, or of manifests: what is wrong and how to fix it, who reaches whose files, every check, ages and expiry, and the config.',
    )
    .requiredOption('--html <file>', 'file to write, or - for standard output')
    .option('-A, --all-namespaces', 'storages of all namespaces of the cluster, whatever --namespace says', false)
    .option('-f, --filename <path...>', 'report on these manifests instead: file or folder, or - for standard input');
  addManifestFlags(addClusterFlags(command));
  return undecidedOnMisuse(addStoreFlags(command))
    .addHelpText('after', HELP)
    .action(
      answering(async (flags: ReportFlags) => {
        const { runReport } = await import('./report/run-report.ts');
        return runReport(flags);
      }),
    );
}

const HELP = `
The page is one file without references to others: it can be sent, archived and
printed. It holds no key. Of a cluster it reads InstanceStorages and
TeamStorages, and no Secret. With --filename, everything is judged as by
"byob check", and the flags below --context apply.

Exit codes:
  0  every storage is Ready; with --filename: everything is good, apart from warnings
  1  a storage is not Ready; with --filename: something fails
  2  it could not be decided or read, or the command was used wrongly

Examples:
  byob report --html report.html
  kubectl byob report -n wandb --html report.html
  byob report -A --html - > report.html
  byob report -f storages/ --html report.html
  byob report -f storages/ --live --context prod --html report.html
`;
