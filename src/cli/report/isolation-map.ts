import { drawGroup } from './draw-group.ts';
import { connected, type Connected } from './connected.ts';
import { markup, when, type Html } from './html.ts';
import type { Naming } from './naming.ts';
import { separationOf } from './reach.ts';
import type { Report } from './report.ts';

/** As many groups are drawn; the table has all. */
const MOST_DRAWN = 9;
/** So few are drawn although nothing is shared in them. */
const MOST_ALONE = 9;

/** The map, drawn: small drawings that fit a phone, one for each group of buckets that credentials connect. */
export function isolationMap(report: Report, naming: Naming): Html {
  const groups = connected(report.map.buckets);
  const shared = groups.filter(isShared);
  const alone = groups.filter((group) => !isShared(group));
  const drawn = [...shared.slice(0, MOST_DRAWN), ...(alone.length <= MOST_ALONE ? alone : [])];
  const left = groups.length - drawn.length;
  return markup`<div class="drawings">${drawn.map((group, index) => drawGroup(group, { id: `drawing-${index + 1}`, naming, report }))}</div>
${when(left > 0, () => markup`<p class="mute">${leftOut(left, drawn.length)}</p>`)}`;
}

function isShared({ buckets, credentials }: Connected): boolean {
  return buckets.length > 1 || credentials.length > 1 || buckets.some((bucket) => separationOf(bucket) !== 'Alone');
}

function leftOut(left: number, drawn: number): string {
  const what = left === 1 ? '1 group of buckets is' : `${left} groups of buckets are`;
  return `${what} not drawn, ${drawn === 0 ? 'since nothing is shared in them' : 'to keep the page short'}: the table has all.`;
}
