import { readFileSync } from 'node:fs';

/** What a heap snapshot of V8 holds, in lists of numbers. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly (readonly string[])[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly (readonly string[])[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

interface Edge {
  readonly from: number;
  readonly type: string;
  readonly name: string;
  /** That is reached by it. */
  readonly text: string;
}

/** So far up variables are looked for. */
const MOST_STEPS = 8;

/**
 * Where texts that contain one of these are held: by the variable of a function from which they are reached, how many of
 * them. A table by UID that nobody cleans shows here after a few objects, when the size of the heap does not tell yet.
 */
export function holdersOf(file: string, texts: ReadonlySet<string>): ReadonlyMap<string, number> {
  const heap = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const seen = new Set<string>();
  const found = new Map<string, Set<string>>();
  let front = textNodes(heap, texts);
  for (let step = 0; step < MOST_STEPS && front.size > 0; step += 1) {
    const next = new Map<number, Set<string>>();
    for (const { from, type, name, text } of edgesTo(heap, front)) {
      if (type === 'context') add(found, name, text);
      else if (!seen.has(`${from} ${text}`)) add(next, from, text);
      seen.add(`${from} ${text}`);
    }
    front = next;
  }
  return new Map([...found].map(([name, those]) => [name, those.size]));
}

function add<K>(map: Map<K, Set<string>>, key: K, text: string): void {
  const known = map.get(key) ?? new Set<string>();
  map.set(key, known.add(text));
}

/** The strings that contain one of the texts, with which. */
function textNodes(heap: Snapshot, texts: ReadonlySet<string>): Map<number, Set<string>> {
  const { node_fields: fields, node_types: types } = heap.snapshot.meta;
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
  const found = new Map<number, Set<string>>();
  for (let at = 0; at < heap.nodes.length; at += fields.length) {
    if (types[0]?.[heap.nodes[at + type] ?? 0] !== 'string') continue;
    for (const uid of uidsIn(heap.strings[heap.nodes[at + name] ?? 0] ?? '')) {
      if (texts.has(uid)) add(found, at, uid);
    }
  }
  return found;
}

function uidsIn(text: string): readonly string[] {
  return text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
}

/** References to some nodes. */
function* edgesTo(heap: Snapshot, targets: ReadonlyMap<number, ReadonlySet<string>>): Generator<Edge> {
  const { snapshot, edges, strings } = heap;
  const { edge_fields: parts, edge_types: types } = snapshot.meta;
  for (const [index, from] of beginsOf(heap).entries()) {
    const [type = 0, name = 0, to = 0] = edges.slice(index * parts.length, (index + 1) * parts.length);
    const texts = targets.get(to);
    if (texts === undefined) continue;
    const edge = { from, type: types[0]?.[type] ?? '', name: strings[name] ?? '' };
    if (isHolding(edge)) for (const text of texts) yield { ...edge, text };
  }
}

/** What a WeakMap holds ends with its key, which is reached in other ways. */
function isHolding({ type, name }: Pick<Edge, 'type' | 'name'>): boolean {
  return type !== 'weak' && !(type === 'internal' && name.includes('part of key'));
}

/** Of each edge the node that it begins at: the edges come in the order of their nodes. */
function beginsOf({ snapshot: { meta }, nodes, edges }: Snapshot): Uint32Array {
  const { node_fields: fields, edge_fields: parts } = meta;
  const begins = new Uint32Array(edges.length / parts.length);
  let next = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    const count = nodes[node + fields.indexOf('edge_count')] ?? 0;
    begins.fill(node, next, next + count);
    next += count;
  }
  return begins;
}
