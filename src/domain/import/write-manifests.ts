import { Document, isScalar, Scalar, YAMLMap } from 'yaml';
import { Secret } from '../../base/secret.ts';
import { BlankValue } from './blank-value.ts';
import type { Manifest } from './to-manifests.ts';

/** A blank of a manifest, and where it is. */
export interface PlacedBlank {
  /** `TeamStorage/omega: spec.team` */
  readonly at: string;
  readonly meaning: string;
}

/** The blanks of manifests, in their order. */
export function blanksOf(manifests: readonly Manifest[]): readonly PlacedBlank[] {
  return manifests.flatMap((manifest) => {
    const object = `${manifest.kind}/${String(manifest.metadata.name)}`;
    return blanksIn(manifest, '').map(({ at, meaning }) => ({ at: `${object}: ${at.slice(1)}`, meaning }));
  });
}

function blanksIn(value: unknown, at: string): readonly PlacedBlank[] {
  if (value instanceof BlankValue) return [{ at, meaning: value.meaning }];
  if (typeof value !== 'object' || value === null || value instanceof Secret) return [];
  return Object.entries(value).flatMap(([key, child]) => blanksIn(child, `${at}.${key}`));
}

/**
 * The manifests as YAML. Masked values of Secrets stand in `data`, where they are no base64: the API server refuses
 * them, so that an existing Secret is not overwritten with asterisks.
 */
export function writeManifests(
  manifests: readonly Manifest[],
  { showSecrets }: { readonly showSecrets: boolean },
): string {
  return manifests.map((manifest) => documentOf(showSecrets ? manifest : masked(manifest))).join('---\n');
}

const MASK = '***';

function masked(manifest: Manifest): Manifest {
  const { stringData, ...rest } = manifest;
  if (stringData === undefined) return manifest;
  const entries = Object.entries(stringData as object) as [string, unknown][];
  const known = entries.filter(([, value]) => value instanceof Secret);
  const blanks = entries.filter(([, value]) => !(value instanceof Secret));
  return {
    ...rest,
    ...(known.length > 0 && { data: Object.fromEntries(known.map(([key]) => [key, MASK])) }),
    ...(blanks.length > 0 && { stringData: Object.fromEntries(blanks) }),
  };
}

function documentOf(manifest: Manifest): string {
  const document = new Document();
  document.contents = nodeOf(manifest) as never;
  if (manifest['data'] !== undefined) {
    document.commentBefore = ' Masked, so it cannot be applied. With --show-secrets or --output-dir it has the values.';
  }
  return document.toString({ lineWidth: 0 });
}

function nodeOf(value: unknown): unknown {
  if (value instanceof BlankValue) return blankNode(value);
  if (value instanceof Secret) return new Scalar(value.reveal());
  if (Array.isArray(value)) return value.map(nodeOf);
  if (typeof value !== 'object' || value === null) return new Scalar(value);
  const map = new YAMLMap();
  for (const [key, child] of Object.entries(value)) map.set(new Scalar(key), nodeOf(child));
  return map;
}

function blankNode({ meaning, form }: BlankValue): Scalar | YAMLMap {
  const node = form === 'Text' ? new Scalar('') : new YAMLMap();
  if (isScalar(node)) node.type = 'QUOTE_DOUBLE';
  else node.flow = true;
  node.comment = ` fill in: ${meaning}`;
  return node;
}
