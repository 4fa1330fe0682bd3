import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { KubeObject } from '../api/object.ts';
import { GROUP, VERSION } from '../api/resources.ts';
import { storageKinds } from './crd-schema.ts';
import { withoutNulls } from './without-nulls.ts';
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
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
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
  const template = collectionAsKey(document);
  if (template !== undefined) {
    return unreadable(locationOf(source, template), 'a key is no text, as in a template that is not rendered');
  }
  try {
    const value: unknown = document.toJS();
    const { contents } = document;
    return { manifests: objectsIn(value, contents, source), unreadable: unknownKinds(value, contents, source) };
  } catch {
    return unreadable(locationOf(source, document.range[0]), 'an alias without anchor, or too many aliases');
  }
}

/** Where a key of a mapping is a mapping or a list itself: YAML allows it, and no Kubernetes object has one. */
function collectionAsKey(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (!isCollection(key)) return undefined;
      found = startOf(key);
      return visit.BREAK;
    },
  });
  return found;
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
  const items = itemsOf(value);
  if (items !== undefined) {
    return items.flatMap((item, index) => objectsIn(item, childOf(childOf(node, 'items'), index), source));
  }
  if (!isKnown(value)) return [];
  const locate = (path: FieldPath): Location => locationOf(source, offsetOf(node, path));
  const isStorage = storageKinds.some((kind) => kind === value.kind);
  return [{ object: withMetadata(isStorage ? withoutNulls(value) : value), at: locate([]), locate }];
}

/** What is meant as a storage and would not be applied as one: the API server knows the kind in one version alone. */
function unknownKinds(value: unknown, node: unknown, source: Source): readonly UnreadablePart[] {
  const items = isObject(value) ? itemsOf(value) : undefined;
  if (items !== undefined) {
    return items.flatMap((item, index) => unknownKinds(item, childOf(childOf(node, 'items'), index), source));
  }
  const { apiVersion, kind } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof kind !== 'string' || isKnown({ apiVersion, kind })) return [];
  const known = `${storageKinds.join(' and ')} of apiVersion ${GROUP}/${VERSION}`;
  const given =
    typeof apiVersion === 'string' ? `the kind ${kind} of apiVersion ${apiVersion}` : `${kind} without apiVersion`;
  return [
    {
      at: locationOf(source, startOf(node)),
      reason: 'UnknownKind',
      message: `The API server does not know ${given}: the CRDs define ${known}.`,
    },
  ];
}

/** False for a storage of a version or a kind that there is not; objects that are none of ours are not judged. */
function isKnown({ apiVersion, kind }: { readonly apiVersion: unknown; readonly kind: string }): boolean {
  const isOfKind = storageKinds.some((one) => one === kind);
  if (typeof apiVersion !== 'string') return !isOfKind;
  return !apiVersion.startsWith(`${GROUP}/`) || (isOfKind && apiVersion === `${GROUP}/${VERSION}`);
}

function itemsOf(list: KubeObject): readonly unknown[] | undefined {
  const { items } = list as { readonly items?: unknown };
  return Array.isArray(items) && list.kind.endsWith('List') ? items : undefined;
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
