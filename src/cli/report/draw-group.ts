import { bucketHeight, drawBucket } from './draw-bucket.ts';
import type { Connected } from './connected.ts';
import { markup, when, type Html } from './html.ts';
import type { Naming } from './naming.ts';
import { separationText } from './reach.ts';
import type { Report } from './report.ts';
import { plural, short } from './texts.ts';

const WIDTH = 344;
const RAIL = 10;
const PILL = 28;
const GAP = 10;
const MOST_CREDENTIALS = 8;
const MOST_BUCKETS = 8;

/**
 * Credentials above, the buckets that they reach below, and a line from each credential to its buckets. In a bucket, a
 * path that lies inside another one is drawn inside it.
 */
export function drawGroup(
  group: Connected,
  { id, naming, report }: { readonly id: string; readonly naming: Naming; readonly report: Report },
): Html {
  const credentials = group.credentials.slice(0, MOST_CREDENTIALS);
  const buckets = group.buckets.slice(0, MOST_BUCKETS);
  const left = credentials.length * RAIL + 8;
  const box = { left, width: WIDTH - left - 2 };
  const pillTop = (index: number): number => 2 + index * (PILL + 6);
  const moreCredentials = group.credentials.length - credentials.length;
  const first = pillTop(credentials.length) + (moreCredentials > 0 ? 20 : 0) + GAP;
  const tops = buckets.map((_, index) =>
    buckets.slice(0, index).reduce((top, bucket) => top + bucketHeight(bucket) + GAP, first),
  );
  const bottom = buckets.reduce((top, bucket) => top + bucketHeight(bucket) + GAP, first);
  const moreBuckets = group.buckets.length - buckets.length;
  const height = bottom + (moreBuckets > 0 ? 16 : 0) - GAP + 4;
  const pills = credentials.map((credential, index) => {
    const ends = buckets.flatMap((bucket, at) => (credential.buckets.includes(bucket) ? [(tops[at] ?? 0) + 18] : []));
    return drawCredential(credential.label, { x: 5 + index * RAIL, y: pillTop(index), ends, ...box });
  });
  return markup`<svg class="drawing" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${titleOf(group)}</title><desc id="${id}-text">${describe(group, naming)}</desc>
${pills}${when(moreCredentials > 0, () => note(left, first - GAP - 6, `and ${plural(moreCredentials, 'more credential')}`))}${buckets.map(
    (bucket, index) => drawBucket(bucket, { top: tops[index] ?? 0, ...box, naming, report }),
  )}${when(moreBuckets > 0, () => note(left, height - 6, `and ${plural(moreBuckets, 'more bucket')}`))}</svg>
`;
}

function drawCredential(
  label: string,
  place: {
    readonly x: number;
    readonly y: number;
    readonly left: number;
    readonly width: number;
    readonly ends: readonly number[];
  },
): Html {
  const { x, y, left, width, ends } = place;
  const middle = y + PILL / 2;
  const last = ends.at(-1);
  return markup`<g class="key">${
    last === undefined
      ? undefined
      : markup`<path class="rail" d="M${left} ${middle}H${x + 4}q-4 0-4 4V${last - 4}q0 4 4 4"/>`
  }${ends.map((end) => markup`<path class="rail" d="M${end === last ? x + 4 : x} ${end}H${left - 6}"/><path class="tip" d="M${left - 7} ${end - 3.5}l7 3.5l-7 3.5z"/>`)}<rect x="${left}" y="${y}" width="${width}" height="${PILL}" rx="14"/><circle cx="${left + 15}" cy="${middle}" r="4"/><path class="bit" d="M${left + 19} ${middle}h9v4m-4 -4v3"/><text x="${left + 36}" y="${middle + 4}">${short(label, Math.floor((width - 44) / 6.6))}</text></g>
`;
}

function note(x: number, y: number, text: string): Html {
  return markup`<text class="mute" x="${x}" y="${y}">${text}</text>`;
}

function titleOf({ buckets, credentials }: Connected): string {
  const [bucket] = buckets;
  const which = buckets.length === 1 ? `bucket ${bucket?.name ?? ''}` : plural(buckets.length, 'bucket');
  return `${plural(credentials.length, 'credential')} and ${which}`;
}

/** The same in words, shortened: the table has everything. */
function describe({ buckets, credentials }: Connected, naming: Naming): string {
  const ofBuckets = buckets.slice(0, MOST_BUCKETS).map((bucket) => {
    const members = bucket.tenants
      .slice(0, 8)
      .map((tenant) => `${naming.name(tenant)} at ${tenant.path || 'the whole bucket'}`);
    return `Bucket ${bucket.name}: ${members.join(', ')}. ${separationText(bucket)}.`;
  });
  const ofCredentials = credentials
    .slice(0, MOST_CREDENTIALS)
    .map(({ label, buckets: reached }) => `${label} reaches ${plural(reached.length, 'bucket')}.`);
  return [...ofBuckets, ...ofCredentials].join(' ');
}
