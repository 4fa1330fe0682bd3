import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { WANDB_CRD } from '../../servers/weights-and-biases-crd.ts';
import { DEPLOYMENT, EMPTY, METADATA, SECRET, CONFIG_MAP } from './built-in-schemas.ts';
import type { Schema } from './shape.ts';

/** What the server knows of a kind. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /** Served versions, the preferred one first, with the schema of the whole object. */
  readonly versions: Readonly<Record<string, Schema>>;
  readonly hasStatus: boolean;
  /** Custom resources are defined by a CRD, which can be removed. */
  readonly isCustom: boolean;
  /** Taken and forgotten: nobody reads them. */
  readonly isSwallowed?: boolean;
}

/** The parts of a CustomResourceDefinition that are read. */
interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly subresources?: { readonly status?: object };
      readonly schema: { readonly openAPIV3Schema: object };
    }[];
  };
}

const TYPE_META: Readonly<Record<string, Schema>> = { apiVersion: { type: 'string' }, kind: { type: 'string' } };

function whole(schema: Schema): Schema {
  return { ...schema, properties: { ...TYPE_META, ...schema.properties, metadata: METADATA } };
}

function customKind({ spec }: Definition): Kind {
  // `v2` before `v1`, as the discovery API sorts them.
  const versions = spec.versions.toSorted((left, right) => (left.name < right.name ? 1 : -1));
  return {
    group: spec.group,
    ...spec.names,
    versions: Object.fromEntries(versions.map(({ name, schema }) => [name, whole(schema.openAPIV3Schema)])),
    hasStatus: versions.every(({ subresources }) => subresources?.status !== undefined),
    isCustom: true,
  };
}

function readDefinition(plural: string): Definition {
  return parse(readFileSync(`crds/storage.wandb.com_${plural}.yaml`, 'utf8')) as Definition;
}

function builtIn(group: string, kind: string, version: string, schema: Schema): Kind {
  const versions = { [version]: whole(schema) };
  return { group, kind, plural: `${kind.toLowerCase()}s`, versions, hasStatus: false, isCustom: false };
}

/** All kinds that the operator reads or writes; the schemas of custom ones are those of their CRDs. */
export function allKinds(): readonly Kind[] {
  known ??= [
    builtIn('', 'Secret', 'v1', SECRET),
    builtIn('', 'ConfigMap', 'v1', CONFIG_MAP),
    builtIn('', 'ServiceAccount', 'v1', EMPTY),
    { ...builtIn('apps', 'Deployment', 'v1', DEPLOYMENT), hasStatus: true },
    { ...builtIn('events.k8s.io', 'Event', 'v1', EMPTY), isSwallowed: true },
    customKind(readDefinition('instancestorages')),
    customKind(readDefinition('teamstorages')),
    customKind(WANDB_CRD),
  ];
  return known;
}

/** To read the CRDs takes longer than most tests. */
let known: readonly Kind[] | undefined;
