import { styleText } from 'node:util';
import { checkManifests } from '../../src/dry-run/findings/check-manifests.ts';
import { renderTable } from '../../src/cli/check/table.ts';
import { withDryRun } from '../../src/cli/dry-run-of-flags.ts';
import { pagesOf } from '../../src/cli/explain/page.ts';
import { renderPage } from '../../src/cli/explain/render-page.ts';
import type { StorageFlags } from '../../src/cli/storage-flags.ts';
import type { Styles } from '../../src/cli/terminal.ts';
import { createProgram } from '../../src/cli/program.ts';
import { terminalPicture } from './terminal-picture.ts';

const STORAGES = 'docs/images/session/storages';
const EXPLAINED = 'BucketNameInvalid';

/** As on a terminal with colours. */
const COLOURS: Styles = { style: (format, text) => styleText(format, text, { validateStream: false }) };

/** The picture of a session in the README: what `byob check` and `byob explain` print, with their colours. */
export async function renderTerminalSession(): Promise<string> {
  const { report } = await withDryRun(flagsOf('-f', STORAGES), ({ given, unreadable, options }) =>
    checkManifests(given, unreadable, options),
  );
  const session = [
    prompt('byob check -f storages'),
    renderTable(report, COLOURS).replaceAll(STORAGES, 'storages'),
    prompt(`byob explain ${EXPLAINED}`),
    ...pagesOf(EXPLAINED).map((page) => renderPage(page, COLOURS)),
  ].join('\n');
  return terminalPicture('A terminal: byob check finds two faults in storages, and byob explain explains one', session);
}

function prompt(command: string): string {
  return `${COLOURS.style('gray', '$')} ${COLOURS.style('bold', command)}`;
}

/** The flags of `byob check` with their defaults. */
function flagsOf(...args: readonly string[]): StorageFlags {
  const check = createProgram().commands.find((command) => command.name() === 'check');
  check?.parseOptions([...args]);
  return check?.opts() ?? ({} as never);
}
