import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { KubeObject } from '../api/object.ts';
import type { FieldPath, Location, Manifest, UnreadablePart } from './manifest.ts';

export interface ParsedManifests {
  readonly manifests: readonly Manifest[];
  readonly unreadable: readonly UnreadablePart[];
}

/**
 * The Kubernetes objects of a text: YAML documents, JSON, and lists of objects (`kind: List`), as kustomize, Helm and
 * kubectl write them. Other documents, such as values of a chart, are left out.
 */
export function parseManifests(text: string, file: string): ParsedManifests {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const parts = (Array.isArray(documents) ? documents : []).map((document) => partsOf(document, { lines, file }));
  return {
    manifests: parts.flatMap(({ manifests }) => manifests),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
  };
}

interface Source {
  readonly lines: LineCounter;
  readonly file: string;
}

function partsOf(document: Document.Parsed, source: Source): ParsedManifests {
  const [error] = document.errors;
  // Its message would repeat a part of the text, which may be a secret.
  if (error !== undefined) return unreadable(locationOf(source, error.pos[0]), inWords(error.code));
  try {
    return { manifests: objectsIn(document.toJS(), document.contents, source), unreadable: [] };
  } catch {
    return unreadable(locationOf(source, document.range[0]), 'an alias without anchor, or too many aliases');
  }
}

/** A code of the parser: `DUPLICATE_KEY` as `duplicate key`. */
export function inWords(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

function unreadable(at: Location, message: string): ParsedManifests {
  return { manifests: [], unreadable: [{ at, message: `This is no valid YAML or JSON: ${message}.` }] };
}

function objectsIn(value: unknown, node: unknown, source: Source): readonly Manifest[] {
  if (!isObject(value)) return [];
  const { items } = value as { readonly items?: unknown };
  if (Array.isArray(items) && value.kind.endsWith('List')) {
    return items.flatMap((item, index) => objectsIn(item, childOf(childOf(node, 'items'), index), source));
  }
  const locate = (path: FieldPath): Location => locationOf(source, offsetOf(node, path));
  return [{ object: withMetadata(value), at: locate([]), locate }];
}

function isObject(value: unknown): value is KubeObject {
  const { apiVersion, kind } = (value ?? {}) as Partial<KubeObject>;
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

/** The rest of the program relies on metadata with a name; a wrong one is reported by the schema. */
function withMetadata(object: KubeObject): KubeObject {
  const metadata: unknown = object.metadata;
  const given = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  const { name } = given as { readonly name?: unknown };
  return { ...object, metadata: { ...given, name: typeof name === 'string' ? name : '' } };
}

/** Where the field, or the nearest one around it, begins. */
function offsetOf(node: unknown, path: FieldPath): number {
  let offset = startOf(node);
  let around = node;
  for (const part of path) {
    const child = childOf(around, part);
    if (child === undefined || child === null) break;
    offset = startOf(pairOf(around, part)?.key ?? child);
    around = child;
  }
  return offset;
}

function pairOf(node: unknown, key: string | number) {
  return isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
}

function childOf(node: unknown, key: string | number): unknown {
  if (isSeq(node) && typeof key === 'number') return node.items[key];
  return pairOf(node, key)?.value;
}

function startOf(node: unknown): number {
  return (isNode(node) ? (node as Node).range?.[0] : undefined) ?? 0;
}

function locationOf({ lines, file }: Source, offset: number): Location {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}
