import type { StorageId } from '../ports/metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of an object, without the labels that name the object. */
export interface Series {
  readonly labels?: Labels;
  readonly value: number;
}

/** The series that every object has in some metrics, by metric. */
export interface ObjectSeries<M extends string> {
  /** Replaces all series of an object. */
  set(id: StorageId, series: Readonly<Record<M, readonly Series[]>>): void;
  forget(id: StorageId): void;
  /** The Prometheus text format, in parts of some hundred kilobytes: with thousands of objects it is long. */
  text(): Iterable<string>;
}

const PART_LENGTH = 256 * 1024;

/**
 * Gauges of objects, kept as the text that is served. A scrape shows all series
 * of all objects, of which few change between two scrapes: so the lines are
 * rendered when an object changes, and a scrape only joins them.
 */
export function createObjectSeries<M extends string>(help: Readonly<Record<M, string>>): ObjectSeries<M> {
  const metrics = Object.entries<string>(help).map(([name, about]) => ({
    name: name as M,
    header: `# HELP ${name} ${about}\n# TYPE ${name} gauge\n`,
    /** The lines of each object. */
    lines: new Map<string, string>(),
  }));

  return {
    set(id, series) {
      const key = keyOf(id);
      const named = labelText({ kind: id.kind, namespace: id.namespace, name: id.name });
      for (const { name, lines } of metrics) {
        const text = series[name].map(({ labels = {}, value }) => line(name, [named, labelText(labels)], value));
        if (text.length === 0) lines.delete(key);
        else lines.set(key, text.join(''));
      }
    },
    forget(id) {
      for (const { lines } of metrics) lines.delete(keyOf(id));
    },
    *text() {
      for (const { header, lines } of metrics) {
        yield header;
        // A copy: objects may come and go between two parts, and no series may be served twice.
        yield* inParts([...lines.values()]);
      }
    },
  };
}

function* inParts(texts: readonly string[]): Iterable<string> {
  let part: string[] = [];
  let length = 0;
  for (const text of texts) {
    part.push(text);
    length += text.length;
    if (length < PART_LENGTH) continue;
    yield part.join('');
    [part, length] = [[], 0];
  }
  if (part.length > 0) yield part.join('');
}

function line(name: string, labels: readonly string[], value: number): string {
  return `${name}{${labels.filter((text) => text !== '').join(',')}} ${value}\n`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function keyOf({ kind, namespace, name }: StorageId): string {
  return `${kind}/${namespace}/${name}`;
}
