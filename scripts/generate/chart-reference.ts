import { parse, parseDocument, isMap, isScalar, type Node, type Pair } from 'yaml';

/** A value of a chart: its path, description and default. */
interface ChartValue {
  readonly path: string;
  readonly text: string;
  readonly byDefault: unknown;
}

interface Chart {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly kubeVersion: string;
}

/**
 * `README.md` of a chart: its introduction, and a table of the values from
 * values.yaml and the comments with `# --` above each.
 */
export function renderChartReference(texts: {
  readonly chart: string;
  readonly values: string;
  readonly introduction: string;
}): string {
  const { name, version, description, kubeVersion } = parse(texts.chart) as Chart;
  return [
    `# ${name}`,
    '',
    `${description}. Chart ${version}, for Kubernetes \`${kubeVersion}\`.`,
    '',
    texts.introduction.trim(),
    '',
    '## Values',
    '',
    'Generated from `values.yaml` by `npm run generate`. What is not listed is refused.',
    '',
    '| value | what | default |',
    '| --- | --- | --- |',
    ...chartValues(texts.values).map(
      ({ path, text, byDefault }) => `| \`${path}\` | ${cell(text)} | \`${cell(JSON.stringify(byDefault))}\` |`,
    ),
    '',
  ].join('\n');
}

/** All values of a chart; one without documentation is an error. */
export function chartValues(text: string): readonly ChartValue[] {
  const document = parseDocument(text);
  return isMap(document.contents) ? valuesIn(document.contents.items, '', undefined) : [];
}

function valuesIn(pairs: readonly Pair[], prefix: string, firstComment: string | undefined): readonly ChartValue[] {
  return pairs.flatMap((pair, index) => {
    if (!isScalar(pair.key)) return [];
    const path = `${prefix}${String(pair.key.value)}`;
    const text = documentation(index === 0 ? (pair.key.commentBefore ?? firstComment) : pair.key.commentBefore);
    const value = pair.value as Node | null;
    if (text !== undefined) return [{ path, text, byDefault: value?.toJSON() as unknown }];
    if (isMap(value) && value.items.length > 0) {
      return valuesIn(value.items, `${path}.`, value.commentBefore ?? undefined);
    }
    throw new Error(`the value ${path} has no comment with "# --"`);
  });
}

function documentation(comment: string | null | undefined): string | undefined {
  const lines = (comment ?? '').split('\n').map((line) => line.trim());
  const start = lines.findLastIndex((line) => line.startsWith('-- '));
  return start < 0 ? undefined : lines.slice(start).join(' ').slice(3);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
