import { stringify } from 'yaml';
import { checkManifests, type Checked } from '../../dry-run/findings/check-manifests.ts';
import { worstOf, type ObjectReport } from '../../dry-run/findings/check-report.ts';
import { renderTable } from '../check/table.ts';
import { withDryRun } from '../dry-run-of-flags.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { StorageFlags } from '../storage-flags.ts';
import { stylesFor } from '../terminal.ts';
import { renderedOutputs, type RenderedObject } from './rendered-outputs.ts';

export interface RenderFlags extends StorageFlags {
  readonly output: 'yaml' | 'json' | 'values';
  readonly showSecrets: boolean;
}

/** Prints what the operator would write for the storages that the flags name; those without an entry go to stderr. */
export async function runRender(flags: RenderFlags): Promise<ExitCode> {
  const checked = await withDryRun(flags, ({ given, unreadable, options }) =>
    checkManifests(given, unreadable, options),
  );
  const objects = renderedOutputs(checked.run.outputs, { showsSecrets: flags.showSecrets });
  process.stdout.write(printed(objects, flags.output));
  return reportLeftOut(checked);
}

function printed(objects: readonly RenderedObject[], format: RenderFlags['output']): string {
  switch (format) {
    case 'yaml':
      return objects
        .map(
          (object) =>
            `---\n${stringify(object, { aliasDuplicateObjects: false, blockQuote: 'literal', lineWidth: 0 })}`,
        )
        .join('');
    case 'json':
      return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, undefined, 2)}\n`;
    case 'values':
      return objects
        .flatMap((object) => (object.kind === 'ConfigMap' ? [object.data?.['values.yaml'] ?? ''] : []))
        .join('---\n');
  }
}

function reportLeftOut({ report }: Checked): ExitCode {
  const leftOut = report.objects.filter((object) => !isRendered(object));
  if (leftOut.length + report.files.length === 0) return EXIT.Good;
  process.stderr.write('Not in the output:\n');
  process.stderr.write(renderTable({ ...report, objects: leftOut }, stylesFor(process.stderr, process.env), true));
  const hasFailed = report.files.length > 0 || leftOut.some(({ findings }) => worstOf(findings) === 'Fail');
  return hasFailed ? EXIT.Failed : EXIT.Undecided;
}

/** A storage without `Published` asks for no entry. */
function isRendered({ findings }: ObjectReport): boolean {
  const published = findings.find(({ check }) => check === 'Published');
  return published === undefined ? worstOf(findings) !== 'Fail' : published.result === 'Pass';
}
