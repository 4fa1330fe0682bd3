import { GROUPS, type Situation } from './battery/situation.ts';
import { pythonVersion } from '../../scripts/tools/python.ts';
import type { BrowserCell } from './browser/run.ts';
import type { ClientCell } from './client/trials.ts';
import type { Cell, Column } from './run.ts';
import { TESTBENCH_NEVER_READY } from './stores/storage-testbench.ts';
import type { Verdict } from './stores/store.ts';

/** Writes the page of the documentation: stores × situations, with versions and remarks. */
export function renderCompatibility(
  columns: readonly Column[],
  { version: chromium }: { readonly version: string },
): string {
  const remarks = new Remarks();
  const stores = columns.filter(({ baseline }) => baseline !== undefined);
  const groups = GROUPS.map((group) => renderGroup(group, stores, remarks)).filter((text) => text !== '');
  return `# Compatibility with stores

Written by \`npm run interop\`, which starts each store, brings a bucket of it into each situation, probes it as the operator does,
and compares the verdict with the one that is right. Nothing here is taken from documentation.

${table(['store', 'version', 'from', 'warned of on every bucket'], stores.map(storeRow))}

Google's storage-testbench is in no registry of packages: \`npm run interop -- storage-testbench\` fetches it from GitHub. It is
never Ready, and rightly: ${TESTBENCH_NEVER_READY}.

The stores are reached at loopback addresses, some without TLS: some of the warnings come from that.

In the tables, ✓ means that the verdict is that of the second column, and – that the store cannot be brought into the situation.
✗ marks what the operator still reports wrongly. A number leads to a [remark](#remarks). *Ready* means that every required
check passes.
${groups.join('')}
## CORS settings and a browser

Chromium ${chromium} opens a page of the front end's origin, uploads an object by a pre-signed URL with the headers that W&B gives
with an upload, reads the ETag of the answer, and reads the object by HEAD and GET. The check \`CorsAllowsApp\` must pass exactly
if the browser can do all of that. A cell says what both say: *works*, or the reason of the check where the browser fails.

${outcomes('setting', stores, ({ settings }) => settings, remarks)}

The same browser, with the MinIO above behind a proxy that answers preflights and sets CORS headers in many ways:

${outcomes('answers', stores, ({ answers }) => answers, remarks)}

## W&B's client

The [wandb](https://pypi.org/project/wandb/) package ${pythonVersion('wandb', 'wandb')}, unmodified, logs a run with two files and an
artifact, and reads all of it back. The W&B server is replaced by a small stand-in, which speaks only what the client needs, and
signs URLs with nothing but the Secret that the operator writes for the bucket: this shows that clients can use what is
published, and nothing about the W&B server. In the situations that a client notices it must succeed exactly if the bucket is
Ready, and otherwise meet the fault that the operator names. A cell says what both say: *works*, or the reason why the bucket is not Ready. The client uploads
in parts from 2 GiB on: \`npm run interop -- --large\` tries that as well.

${columns
  .filter(({ baseline }) => baseline === undefined)
  .map(({ title, version, origin }) => `${title} is ${version} (${origin}).`)
  .join(' ')}

${outcomes('situation', columns, ({ client }) => client, remarks)}

## Remarks

${remarks.render()}`;
}

function storeRow({ title, version, origin, baseline = {} }: Column): readonly string[] {
  const warnings = Object.entries(baseline).map(([check, reason]) => `${check}: ${reason}`);
  return [title, version, origin, warnings.join(', ')];
}

/** Of a browser or a client: what it and the operator agree on. */
type Outcome = BrowserCell & ClientCell;

/** Rows in the order of the columns that have them; columns in which nothing came about are left out. */
function outcomes(
  header: string,
  columns: readonly Column[],
  pick: (column: Column) => readonly Outcome[],
  remarks: Remarks,
): string {
  const shown = columns.filter((column) => pick(column).some((cell) => cell.works !== undefined));
  const ids = [...new Set(shown.flatMap((column) => pick(column).map(({ id }) => id)))];
  const isTried = (id: string): boolean => shown.some((column) => find(pick(column), id)?.works !== undefined);
  const rows = ids
    .filter(isTried)
    .map((id) => [id, ...shown.map((column) => renderOutcome(find(pick(column), id), remarks))]);
  return table([header, ...shown.map(({ title }) => title)], rows);
}

function find(cells: readonly Outcome[], id: string): Outcome | undefined {
  return cells.find((cell) => cell.id === id);
}

function renderOutcome(cell: Outcome | undefined, remarks: Remarks): string {
  const { works, reason, verdict, remark, faults = [] } = cell ?? {};
  if (faults.length > 0) return '✗';
  const note = remark === undefined ? '' : ` [${remarks.numberOf(remark)}](#remarks)`;
  if (works === undefined) return `–${note}`;
  return `${works ? 'works' : (reason ?? verdict ?? '')}${note}`;
}

function renderGroup(group: Situation['group'], columns: readonly Column[], remarks: Remarks): string {
  const [first] = columns;
  const situations = (first?.cells ?? []).map(({ situation }) => situation).filter((one) => one.group === group);
  // A column without a verdict says nothing: proxies stand before one store only.
  const shown = columns.filter(({ cells }) =>
    cells.some(({ situation, verdict }) => situation.group === group && verdict !== undefined),
  );
  if (shown.length === 0) return '';
  const rows = situations.map((situation) => {
    const cells = shown.map(({ cells: all }) => all.find((cell) => cell.situation === situation));
    return [situation.id, expected(situation), ...cells.map((cell) => renderCell(cell, situation, remarks))];
  });
  return `\n## ${group}\n\n${table(['situation', 'verdict', ...shown.map(({ title }) => title)], rows)}\n`;
}

function expected({ verdict, warnings = {} }: Situation): string {
  const open = Object.entries(warnings).map(([check, reason]) => `${check}: ${reason}`);
  return open.length === 0 ? nameOf(verdict) : `${nameOf(verdict)} (${open.join(', ')})`;
}

function renderCell(cell: Cell | undefined, situation: Situation, remarks: Remarks): string {
  const { verdict, remark, faults = [] } = cell ?? {};
  if (faults.length > 0) return `✗ ${verdict === undefined ? '' : nameOf(verdict)}`.trim();
  const note = remark === undefined ? '' : ` [${remarks.numberOf(remark)}](#remarks)`;
  if (verdict === undefined) return `–${note}`;
  return `${nameOf(verdict) === nameOf(situation.verdict) ? '✓' : nameOf(verdict)}${note}`;
}

function nameOf(verdict: Verdict): string {
  return verdict === 'Ready' ? verdict : verdict[1];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Numbers of remarks, in the order in which the tables name them; equal ones share theirs. */
class Remarks {
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return this.#texts.indexOf(text) + 1;
  }

  render(): string {
    return this.#texts
      .map((text, index) => `${index + 1}. ${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.\n`)
      .join('');
  }
}
