import { markup, when, type Html } from './html.ts';
import { openLine, shortLine } from './line-view.ts';
import { badge, verdictWord } from './marks.ts';
import type { Naming } from './naming.ts';
import type { Repeated } from './repeated-lines.ts';
import { restLines } from './rest-lines.ts';
import { isInstance, isTeam, type Report, type ReportedStorage } from './report.ts';
import { timeAndAge } from './times.ts';
import type { StorageView } from '../status/overview.ts';

/** What the cards of a report have in common. */
export interface CardContext {
  readonly report: Report;
  readonly naming: Naming;
  readonly repeated: Repeated;
}

/** One storage: what should be fixed is open, the rest is folded. */
export function storageCard(storage: ReportedStorage, { report, naming, repeated }: CardContext): Html {
  const { id, view, verdict, open, rest } = storage;
  const isOpen = verdict === 'Fail' || verdict === 'Unknown';
  return markup`<details class="card ${verdict}" id="${naming.anchor(id)}"${when(isOpen, () => markup` open`)}>
<summary><h4>${naming.title(storage)}</h4> ${badge(verdict, verdictWord(verdict, report))}${notes(view)}</summary>
${facts(view, report)}${when(
    open.length > 0,
    () => markup`<ul class="lines">${open.map((line) => (repeated.has(line) ? shortLine(line) : openLine(line)))}</ul>
`,
  )}${restLines(rest, repeated)}</details>
`;
}

function notes({ judged, suspended, deletedAt }: StorageView): Html {
  const texts = [
    ...(deletedAt === undefined ? [] : ['is being deleted']),
    ...(suspended ? ['suspended'] : []),
    ...(judged ? [] : ['the present spec is not judged yet']),
  ];
  return markup`${texts.map((text) => markup` <span class="note">${text}</span>`)}`;
}

function facts(view: StorageView, report: Report): Html | undefined {
  const { now, source } = report;
  const { ready, published, bucket, principal, lastFullValidationTime } = view;
  const isCluster = source.kind === 'Cluster';
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    ['Front end', isInstance(view) ? view.url : undefined],
    ['Bucket and path', bucket?.includes('/') === true ? bucket : undefined],
    ['Signs in as', principal],
    ...(isCluster
      ? ([
          ['Ready', ready === undefined ? 'not judged yet' : condition(ready, now)],
          ['Published', published === undefined ? undefined : condition(published, now)],
          ['Validated', lastFullValidationTime && timeAndAge(lastFullValidationTime, now)],
        ] as const)
      : []),
    [
      'Files also in',
      isTeam(view) && view.filesLeftIn !== undefined ? `InstanceStorage ${view.filesLeftIn}` : undefined,
    ],
  ];
  const known = rows.filter(([, value]) => value !== undefined && value !== '');
  if (known.length === 0) return undefined;
  return markup`<dl class="facts">${known.map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
`;
}

/** Reasons that say no more than their condition. */
const OBVIOUS = new Set(['Valid', 'Published']);

function condition({ reason, since }: { readonly reason: string; readonly since: string }, now: number): Html {
  return markup`${when(!OBVIOUS.has(reason), () => markup`<code>${reason}</code> `)}since ${timeAndAge(since, now)}`;
}
