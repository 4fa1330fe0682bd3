import { markup, when, type Html } from './html.ts';
import { MARKS } from './marks.ts';
import type { Repeated } from './repeated-lines.ts';
import type { Line } from './report.ts';

/** What needs no action, folded. */
export function restLines(lines: readonly Line[], repeated: Repeated): Html | undefined {
  if (lines.length === 0) return undefined;
  const { list, own } = repeated.split(lines);
  const link = markup`<a href="#list-${list}">list ${list}</a>`;
  if (own.length === 0) return markup`<p class="rest">The rest: ${countsOf(lines)} (${link})</p>`;
  return markup`<details class="rest"><summary>The rest: ${countsOf(lines)}</summary>
<ul>${when(list !== undefined, () => markup`<li>All of ${link}</li>`)}${itemsOf(own)}</ul></details>`;
}

/** The lists that many storages have in common. */
export function commonLists({ lists }: Repeated): Html | undefined {
  if (lists.length === 0) return undefined;
  return markup`<h3>Lists of what many storages have in common</h3>
${lists.map(
  (
    lines,
    index,
  ) => markup`<details class="rest legend" id="list-${index + 1}"><summary>List ${index + 1}: ${countsOf(lines)}</summary>
<ul>${itemsOf(lines)}</ul></details>
`,
)}`;
}

/** `21 pass, 3 skipped`. */
function countsOf(lines: readonly Line[]): string {
  return (['Pass', 'Warn', 'Unknown', 'Skip', 'Fail'] as const)
    .map((result) => ({ result, number: lines.filter((line) => line.result === result).length }))
    .filter(({ number }) => number > 0)
    .map(({ result, number }) => `${number} ${WORDS[result]}`)
    .join(', ');
}

const WORDS = { Pass: 'pass', Warn: 'reported', Unknown: 'not decided', Skip: 'skipped', Fail: 'fail' } as const;

/** Checks with the same result and text are together, since most have. */
function itemsOf(lines: readonly Line[]): readonly Html[] {
  const groups = Map.groupBy(lines, (line) =>
    isPlain(line) ? line.result : [line.result, line.reason, line.message ?? ''].join('\n'),
  );
  return [...groups.values()].map(itemOf);
}

function itemOf(members: readonly Line[]): Html {
  const [line] = members;
  if (line === undefined) return markup``;
  const { sign, word } = MARKS[line.result];
  const names = members.map(({ name }) => name).join(', ');
  return markup`<li><b class="${line.result}">${sign} ${word}</b> ${names}${when(!isPlain(line), () => markup` <code>${line.reason}</code>`)}${
    line.message === undefined ? undefined : `: ${line.message}`
  }</li>
`;
}

/** Of what passed, the reason alone says nothing more. */
function isPlain({ result, message }: Line): boolean {
  return result === 'Pass' && message === undefined;
}
