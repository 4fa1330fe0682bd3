import type { StorageId } from '../ports/metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of an object, beside the labels that name it. */
export interface Series {
  readonly labels?: Labels;
  readonly value: number;
}

/** The series that every object has in some metrics, by metric. */
export interface ObjectSeries<M extends string> {
  /** Replaces all series of an object. */
  set(id: StorageId, series: Readonly<Record<M, readonly Series[]>>): void;
  forget(id: StorageId): void;
  /** The Prometheus text format. */
  text(): string;
}

/**
 * Gauges of objects, kept as the text that is served. A scrape shows all series
 * of all objects, while few of them change between two scrapes: so each is
 * written when it changes, and a scrape joins what is there.
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
    text: () => metrics.map(({ header, lines }) => header + [...lines.values()].join('')).join('\n'),
  };
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
