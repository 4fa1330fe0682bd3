/** A bar of a chart. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The bar of what the chart is about; the others are for comparison. */
  readonly isMain?: boolean;
}

const WIDTH = 640;
const NAME_WIDTH = 150;
const BAR_HEIGHT = 22;
const GAP = 10;
const TITLE_HEIGHT = 34;

/** A chart of horizontal bars as SVG; it follows the light or dark theme of the page. */
export function barChart(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const height = TITLE_HEIGHT + bars.length * (BAR_HEIGHT + GAP);
  const rows = bars.map(({ name, value, isMain = false }, index) => {
    const y = TITLE_HEIGHT + index * (BAR_HEIGHT + GAP);
    const width = Math.max(1, Math.round((value / most) * (WIDTH - NAME_WIDTH - 110)));
    const middle = y + BAR_HEIGHT / 2 + 5;
    return [
      `  <text x="${NAME_WIDTH - 10}" y="${middle}" text-anchor="end">${name}</text>`,
      `  <rect class="${isMain ? 'main' : 'other'}" x="${NAME_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
      `  <text x="${NAME_WIDTH + width + 8}" y="${middle}">${readable(value)} ${unit}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}: ${bars.map(({ name, value }) => `${name} ${readable(value)} ${unit}`).join(', ')}">`,
    '  <style>',
    '    text { font: 14px system-ui, sans-serif; fill: #1f2328; } .title { font-weight: 600; }',
    '    .main { fill: #0969da; } .other { fill: #8c959f; }',
    '    @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .main { fill: #4493f8; } .other { fill: #6e7681; } }',
    '  </style>',
    `  <text class="title" x="0" y="18">${title}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function readable(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
