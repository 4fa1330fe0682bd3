import { createSharing } from '../base/sharing.ts';
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

/** What is kept of an object: its name as labels, and the end of each of its lines, behind these. */
interface Kept<M extends string> {
  readonly named: string;
  readonly ends: Readonly<Record<M, readonly string[]>>;
}

/**
 * Gauges of objects. A scrape shows all series of all objects, of which few change between two scrapes: so the ends of
 * the lines are rendered when an object changes. Objects with equal results share them.
 */
export function createObjectSeries<M extends string>(help: Readonly<Record<M, string>>): ObjectSeries<M> {
  const metrics = Object.entries<string>(help).map(([name, about]) => ({
    name: name as M,
    header: `# HELP ${name} ${about}\n# TYPE ${name} gauge\n`,
    share: createSharing<readonly string[]>(),
  }));
  const objects = new Map<string, Kept<M>>();

  return {
    set(id, series) {
      const named = labelText({ kind: id.kind, namespace: id.namespace, name: id.name });
      const ends = metrics.map(({ name, share }) => [name, share(series[name].map(endOf))] as const);
      objects.set(keyOf(id), { named, ends: Object.fromEntries(ends) as Kept<M>['ends'] });
    },
    forget(id) {
      objects.delete(keyOf(id));
    },
    *text() {
      for (const { name, header } of metrics) {
        yield header;
        // A copy: objects may come and go between two parts, and no series may be served twice.
        yield* inParts([...objects.values()].map(({ named, ends }) => [`${name}{${named}`, ends[name]] as const));
      }
    },
  };
}

function* inParts(objects: readonly (readonly [begin: string, ends: readonly string[]])[]): Iterable<string> {
  let part: string[] = [];
  let length = 0;
  for (const [begin, ends] of objects) {
    for (const end of ends) {
      part.push(begin, end);
      length += begin.length + end.length;
    }
    if (length < PART_LENGTH) continue;
    yield part.join('');
    [part, length] = [[], 0];
  }
  if (part.length > 0) yield part.join('');
}

/** A line behind the labels that name the object. */
function endOf({ labels = {}, value }: Series): string {
  const more = labelText(labels);
  return `${more === '' ? '' : `,${more}`}} ${value}\n`;
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
