/** A curve of a chart: the value at each time. */
export type Curve = readonly { readonly seconds: number; readonly value: number }[];

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 60;
const RIGHT = 12;
const TOP = 34;
const BOTTOM = 26;
const GRID_LINES = 4;

/** A chart of one curve over time as SVG, from zero on; it follows the light or dark theme of the page. */
export function lineChart(title: string, unit: string, curve: Curve): string {
  const end = curve.at(-1)?.seconds ?? 1;
  const [first = 0, last = 0] = [curve[0]?.value, curve.at(-1)?.value];
  const top = ceiling(Math.max(...curve.map(({ value }) => value), 1));
  const x = (seconds: number): number => LEFT + (seconds / end) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const grid = Array.from({ length: GRID_LINES + 1 }, (_, index) => {
    const value = (top * index) / GRID_LINES;
    const at = y(value).toFixed(1);
    return [
      `  <line x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}"/>`,
      `  <text x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${readable(value)}</text>`,
    ].join('\n');
  });
  const points = curve.map(({ seconds, value }) => `${x(seconds).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const minutes = (end / 60).toFixed(1);
  const suffix = unit === '' ? '' : `, ${unit}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}${suffix}: ${first.toFixed(1)} at first, ${last.toFixed(1)} after ${minutes} minutes">`,
    '  <style>',
    '    text { font: 12px system-ui, sans-serif; fill: #1f2328; } .title { font-size: 14px; font-weight: 600; }',
    '    line { stroke: #d1d9e0; } polyline { fill: none; stroke: #0969da; stroke-width: 1.5; }',
    '    @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } line { stroke: #3d444d; } polyline { stroke: #4493f8; } }',
    '  </style>',
    `  <text class="title" x="0" y="18">${title}${suffix}</text>`,
    ...grid,
    `  <polyline points="${points}"/>`,
    `  <text x="${LEFT}" y="${HEIGHT - 6}">0</text>`,
    `  <text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${minutes} minutes</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** The next value of which a quarter is short to write. */
function ceiling(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 8, 10].find((factor) => factor * step >= value) ?? 10) * step;
}

function readable(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
