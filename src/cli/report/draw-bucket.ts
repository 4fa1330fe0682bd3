import type { Bucket, Tenant } from './bucket-map.ts';
import { markup, when, type Html } from './html.ts';
import { MARKS } from './marks.ts';
import type { Naming } from './naming.ts';
import { pathTree, type PathNode } from './path-tree.ts';
import { needsLook, separationOf, separationText, type Separation } from './reach.ts';
import type { Report } from './report.ts';
import { plural, short } from './texts.ts';

const HEADER = 56;
const ROW = 21;
const LABEL = 20;
const PAD = 8;
const GLYPH = 6.6;
const MOST_TENANTS = 10;
/** Paths inside paths are drawn so deep. */
const MOST_DEEP = 3;

interface Frame {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly naming: Naming;
  readonly report: Report;
}

const LOOK: Readonly<Record<Separation, string>> = {
  Alone: 'alone',
  InstanceBucket: 'default',
  SharedCredential: 'shared',
  Shared: 'shared',
  Overlapping: 'overlapping',
};

/** A bucket with its storages in it, each at its path. */
export function drawBucket(bucket: Bucket, frame: Frame): Html {
  const { left, width, top } = frame;
  const characters = Math.floor((width - 24) / GLYPH);
  const look = LOOK[separationOf(bucket)];
  return markup`<g class="bucket ${look}"><rect x="${left}" y="${top}" width="${width}" height="${bucketHeight(bucket)}" rx="8"/><text class="name" x="${left + 12}" y="${top + 19}">${short(bucket.name, characters)}</text><text class="mute" x="${left + 12}" y="${top + 34}">${short(placeOf(bucket), characters)}</text><text class="state" x="${left + 12}" y="${top + 49}">${needsLook(bucket) ? '! ' : ''}${short(separationText(bucket), characters)}</text>
${drawNodes(shown(bucket), { ...frame, left: left + PAD, width: width - 2 * PAD, top: top + HEADER }, 0)}${when(
    hidden(bucket) > 0,
    () => markup`<text class="mute" x="${left + 12}" y="${top + bucketHeight(bucket) - 8}">${moreText(bucket)}</text>`,
  )}</g>
`;
}

export function bucketHeight(bucket: Bucket): number {
  const nodes = shown(bucket).reduce((sum, node) => sum + nodeHeight(node, 0) + 6, 0);
  return HEADER + nodes + (hidden(bucket) > 0 ? 18 : 4);
}

function placeOf({ provider, where }: Bucket): string {
  return where === '' ? provider : `${provider} · ${where.replace(/^https?:\/\//, '')}`;
}

function shown({ tenants }: Bucket): readonly PathNode[] {
  return pathTree(tenants.slice(0, MOST_TENANTS));
}

function hidden({ tenants, others }: Bucket): number {
  return Math.max(0, tenants.length - MOST_TENANTS) + others.length;
}

function moreText(bucket: Bucket): string {
  const more = Math.max(0, bucket.tenants.length - MOST_TENANTS);
  return [
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(bucket.others.length > 0 ? [`${plural(bucket.others.length, 'other')} outside this report`] : []),
  ].join(', ');
}

function nodeHeight({ tenants, inside }: PathNode, depth: number): number {
  const rows = LABEL + tenants.length * ROW + 4;
  const inner = inside.reduce((sum, node) => sum + nodeHeight(node, depth + 1) + 6, 0);
  return rows + inner;
}

function drawNodes(nodes: readonly PathNode[], frame: Frame, depth: number): Html {
  let top = frame.top;
  return markup`${nodes.map((node) => {
    const drawn = drawNode(node, { ...frame, top }, depth);
    top += nodeHeight(node, depth) + 6;
    return drawn;
  })}`;
}

function drawNode(node: PathNode, frame: Frame, depth: number): Html {
  const { left, width, top } = frame;
  const characters = Math.floor((width - 20) / GLYPH);
  const label = node.path === '' ? 'whole bucket' : `/${node.path}`;
  const indent = depth < MOST_DEEP ? PAD : 0;
  const below = top + LABEL + node.tenants.length * ROW;
  return markup`<g class="path"><rect x="${left}" y="${top}" width="${width}" height="${nodeHeight(node, depth)}" rx="5"/><text class="mute" x="${left + 8}" y="${top + 14}">${short(label, characters)}</text>${node.tenants.map(
    (tenant, index) => drawTenant(tenant, { ...frame, top: top + LABEL + index * ROW }),
  )}${drawNodes(node.inside, { ...frame, left: left + indent, width: width - 2 * indent, top: below }, depth + 1)}</g>
`;
}

function drawTenant(tenant: Tenant, { left, width, top, naming, report }: Frame): Html {
  const verdict = report.storages.find(({ id }) => id === tenant.id)?.verdict;
  const kind = tenant.kind === 'InstanceStorage' ? 'instance' : 'team';
  const name = short(naming.name(tenant), Math.floor((width - 90) / GLYPH));
  return markup`<text x="${left + 8}" y="${top + 14}">${
    verdict === undefined ? undefined : markup`<tspan class="${verdict}">${MARKS[verdict].sign}</tspan> `
  }${name}</text><text class="mute" x="${left + width - 8}" y="${top + 14}" text-anchor="end">${kind}</text>`;
}
