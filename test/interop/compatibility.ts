import { GROUPS, type Situation } from './battery/situation.ts';
import type { Cell, Column } from './run.ts';
import { TESTBENCH_NEVER_READY } from './stores/storage-testbench.ts';
import type { Verdict } from './stores/store.ts';

/** Writes the page of the documentation: stores × situations, with versions and remarks. */
export function renderCompatibility(columns: readonly Column[]): string {
  const remarks = new Remarks();
  const groups = GROUPS.map((group) => renderGroup(group, columns, remarks)).filter((text) => text !== '');
  return `# Compatibility with stores

Written by \`npm run interop\`, which starts each store, brings a bucket of it into each situation, probes it as the operator does,
and compares the verdict with the one that is right. Nothing here is taken from documentation.

${table(['store', 'version', 'from', 'warned of on every bucket'], columns.map(storeRow))}

Google's storage-testbench is in no registry of packages: \`npm run interop -- storage-testbench\` fetches it from GitHub. It is
never Ready, and rightly: ${TESTBENCH_NEVER_READY}.

The stores are reached at loopback addresses, some without TLS: some of the warnings come from that.

In the tables, ✓ means that the verdict is that of the second column, and – that the store cannot be brought into the situation.
✗ marks what the operator still reports wrongly. A number leads to a [remark](#remarks). *Ready* means that every required
check passes.
${groups.join('')}
## Remarks

${remarks.render()}`;
}

function storeRow({ title, version, origin, baseline }: Column): readonly string[] {
  const warnings = Object.entries(baseline).map(([check, reason]) => `${check}: ${reason}`);
  return [title, version, origin, warnings.join(', ')];
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
