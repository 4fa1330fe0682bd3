import type { Bucket } from './bucket-map.ts';
import { markup, when, type Html } from './html.ts';
import type { Naming } from './naming.ts';
import { repeatedIn } from './repeated-lines.ts';
import { commonLists } from './rest-lines.ts';
import { separationText } from './reach.ts';
import type { Report, ReportedStorage } from './report.ts';
import { storageCard, type CardContext } from './storage-card.ts';
import { plural } from './texts.ts';

const ORDER = { Fail: 0, Unknown: 1, Warn: 2, Pass: 3 } as const;

interface Group {
  readonly bucket?: Bucket;
  readonly storages: readonly ReportedStorage[];
}

/** Every bucket with its storages and their checks; what fails comes first. */
export function bucketsSection(report: Report, naming: Naming): Html {
  const context = { report, naming, repeated: repeatedIn(report.storages) };
  return markup`<section id="buckets" aria-labelledby="buckets-title">
<h2 id="buckets-title">Buckets and their checks</h2>
<form class="filter" id="filter" hidden role="search"><label for="filter-text">Show only storages with this text</label><input id="filter-text" type="search" autocomplete="off" spellcheck="false"><label class="check"><input id="filter-bad" type="checkbox"> ${report.source.kind === 'Cluster' ? 'only those that are not Ready' : 'only those that are not good'}</label><output id="filter-count" for="filter-text filter-bad"></output></form>
${groupsOf(report).map((group) => groupView(group, context))}${commonLists(context.repeated)}</section>
`;
}

function groupsOf({ map, storages }: Report): readonly Group[] {
  const byId = new Map(storages.map((storage) => [storage.id, storage]));
  const groups: readonly Group[] = map.buckets.map((bucket) => ({
    bucket,
    storages: sorted(bucket.tenants.flatMap(({ id }) => byId.get(id) ?? [])),
  }));
  const unplaced: Group = { storages: sorted(map.unplaced.flatMap((id) => byId.get(id) ?? [])) };
  return [unplaced, ...groups]
    .filter(({ storages: members }) => members.length > 0)
    .toSorted((left, right) => rankOf(left) - rankOf(right));
}

function sorted(storages: readonly ReportedStorage[]): readonly ReportedStorage[] {
  return storages.toSorted((left, right) => ORDER[left.verdict] - ORDER[right.verdict]);
}

function rankOf({ storages: [worst] }: Group): number {
  return ORDER[worst?.verdict ?? 'Pass'];
}

function groupView({ bucket, storages }: Group, context: CardContext): Html {
  return markup`<div class="group">
<h3>${bucket?.name ?? 'Storages without a bucket'}</h3>
<p>${bucket === undefined ? 'Their specs lead to no bucket.' : detailsOf(bucket, storages.length)}</p>
${storages.map((storage) => storageCard(storage, context))}</div>
`;
}

function detailsOf(bucket: Bucket, shown: number): Html {
  const { provider, where, tenants } = bucket;
  const hidden = tenants.length - shown;
  return markup`${[provider, where].filter((text) => text !== '').join(', ')}. ${separationText(bucket)}.${when(
    hidden > 0,
    () => markup` ${plural(hidden, 'more storage')} of the cluster ${hidden === 1 ? 'is' : 'are'} in it.`,
  )}`;
}
