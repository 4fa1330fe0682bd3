/** Columns of the terminal; longer lines are broken at spaces. */
const COLUMNS = 104;
const CHARACTER = 7.83;
const LINE = 18;
const MARGIN = 16;
const BAR = 28;

/** Classes of the picture, by the codes of ANSI that the commands use. */
const CLASSES: Readonly<Record<string, string>> = {
  1: 'bold',
  31: 'red',
  32: 'green',
  33: 'yellow',
  35: 'magenta',
  90: 'gray',
};

interface Part {
  readonly text: string;
  readonly classes: readonly string[];
}

/** What a terminal shows of a session, as SVG; it follows the light or dark theme of the page. */
export function terminalPicture(title: string, output: string): string {
  const lines = output.trimEnd().split('\n').flatMap(brokenLine);
  const width = Math.round(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `  <title id="title">${escaped(title)}</title>`,
    '  <style>',
    '    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre; }',
    '    .back { fill: #f6f8fa; stroke: #d1d9e0; } .dot { fill: #d1d9e0; } .bold { font-weight: 700; }',
    '    .red { fill: #cf222e; } .green { fill: #1a7f37; } .yellow { fill: #9a6700; } .magenta { fill: #8250df; } .gray { fill: #59636e; }',
    '    @media (prefers-color-scheme: dark) {',
    '      text { fill: #e6edf3; } .back { fill: #0d1117; stroke: #3d444d; } .dot { fill: #3d444d; }',
    '      .red { fill: #ff7b72; } .green { fill: #3fb950; } .yellow { fill: #d29922; } .magenta { fill: #bc8cff; } .gray { fill: #9198a1; }',
    '    }',
    '  </style>',
    `  <rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...[0, 1, 2].map((index) => `  <circle class="dot" cx="${MARGIN + 6 + index * 18}" cy="16" r="5"/>`),
    ...lines.flatMap((parts, index) => textLine(parts, BAR + (index + 1) * LINE - 4)),
    '</svg>',
    '',
  ].join('\n');
}

function textLine(parts: readonly Part[], y: number): readonly string[] {
  const spans = parts.map(({ text, classes }) =>
    classes.length === 0 ? escaped(text) : `<tspan class="${classes.join(' ')}">${escaped(text)}</tspan>`,
  );
  return spans.length === 0 ? [] : [`  <text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join('')}</text>`];
}

/** A line with its styles, broken where it is longer than the terminal is wide. The rest keeps its indentation. */
function brokenLine(line: string): readonly (readonly Part[])[] {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: Part[][] = [[]];
  let length = 0;
  for (const part of partsOf(line)) {
    for (const word of part.text.split(/(?<= )(?=\S)/)) {
      if (length > indent.length && length + word.trimEnd().length > COLUMNS) {
        lines.push([{ text: indent, classes: [] }]);
        length = indent.length;
      }
      lines.at(-1)?.push({ text: word, classes: part.classes });
      length += word.length;
    }
  }
  return lines.map(joined);
}

/** Neighbours of the same style as one. */
function joined(parts: readonly Part[]): readonly Part[] {
  return parts.reduce<readonly Part[]>((before, part) => {
    const last = before.at(-1);
    return last?.classes.join() === part.classes.join()
      ? [...before.slice(0, -1), { ...part, text: last.text + part.text }]
      : [...before, part];
  }, []);
}

function partsOf(line: string): readonly Part[] {
  const parts: Part[] = [];
  let classes: readonly string[] = [];
  // eslint-disable-next-line no-control-regex -- styles begin with the control character ESC
  for (const [index, text] of line.split(/\u001b\[(\d+)m/).entries()) {
    if (index % 2 === 0) {
      if (text !== '') parts.push({ text, classes });
    } else {
      const added = CLASSES[text];
      classes = added === undefined ? [] : [...classes, added];
    }
  }
  return parts;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
