import { headline, worstVerdict } from './headline.ts';
import { markup, when, type Html } from './html.ts';
import { explanation } from './line-view.ts';
import { badge, verdictWord } from './marks.ts';
import type { Naming } from './naming.ts';
import { tasksOf, type Task } from './tasks.ts';
import type { Line, Report, ReportedStorage } from './report.ts';

/** As many storages of a task are named. */
const MOST_NAMED = 8;

/** What is wrong, whom it concerns, and what to do. */
export function summarySection(report: Report, naming: Naming): Html {
  const tasks = tasksOf(report.storages);
  return markup`<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title">Summary</h2>
<p class="verdict ${worstVerdict(report)}">${headline(report)}</p>
${tiles(report)}${unreadableList(report)}${when(
    tasks.length > 0,
    () => markup`<h3>What to do, the most urgent first</h3>
<ol class="tasks">${tasks.map((task) => taskItem(task, naming))}</ol>`,
  )}</section>
`;
}

function tiles(report: Report): Html {
  const { storages, map } = report;
  const shared = map.buckets.filter(({ tenants }) => tenants.filter((one) => !one.isOnInstanceBucket).length > 1);
  const verdicts = (['Fail', 'Unknown', 'Warn', 'Pass'] as const).map((verdict) => ({
    verdict,
    number: storages.filter((storage) => storage.verdict === verdict).length,
  }));
  return markup`<dl class="tiles">${verdicts.map(
    ({ verdict, number }) =>
      markup`<div class="${number === 0 ? 'none' : verdict}"><dt>${verdictWord(verdict, report)}</dt><dd>${number}</dd></div>
`,
  )}<div class="plain"><dt>Buckets</dt><dd>${map.buckets.length}</dd></div>
<div class="plain"><dt>Shared by several storages</dt><dd>${shared.length}</dd></div></dl>
`;
}

function unreadableList({ unreadable }: Report): Html | undefined {
  if (unreadable.length === 0) return undefined;
  return markup`<h3>Parts of files that could not be judged</h3>
<ul class="tasks">${unreadable.map(
    ({
      place = '',
      message = '',
    }) => markup`<li class="open Fail"><p>${badge('Fail')} <code>${place}</code></p><p>${message}</p></li>
`,
  )}</ul>
`;
}

/** A fault of many storages is one task: the texts of each are in its own part of the page. */
function taskItem({ line, concerned, isSame }: Task, naming: Naming): Html {
  const [first] = concerned;
  const more = concerned.length - MOST_NAMED;
  const links = concerned
    .slice(0, MOST_NAMED)
    .map((storage, index) => [index === 0 ? '' : ', ', linkTo(storage, naming)]);
  return markup`<li class="open ${line.result}">
<p>${badge(line.result)} <b>${line.name}</b> <code>${line.reason}</code></p>
<p class="whom">Concerns ${links}${when(more > 0, () => markup` and ${more} more`)}.${consequence(line, concerned)}${
    isSame || first === undefined ? undefined : ` The text is that of ${naming.title(first)}.`
  }</p>
${explanation(line)}</li>
`;
}

function linkTo(storage: ReportedStorage, naming: Naming): Html {
  return markup`<a href="#${naming.anchor(storage.id)}">${naming.title(storage)}</a>`;
}

/** Whether W&B is without a config for them: what was published stays. */
function consequence({ result }: Line, concerned: readonly ReportedStorage[]): string {
  const published = concerned.flatMap(({ view }) => view.published ?? []);
  if (published.length === 0 || (result !== 'Fail' && result !== 'Unknown')) return '';
  const kept = published.filter(({ status }) => status === 'True').length;
  if (kept === 0) return published.length === 1 ? ' It is not published.' : ' They are not published.';
  if (kept === published.length) return ' What was proven last stays published.';
  return ` What was proven last stays published for ${kept} of them; the others are not published.`;
}
