import schemas from './generated/schemas.json' with { type: 'json' };

/** A CEL rule of a CRD (`x-kubernetes-validations`). */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression?: string;
}

/** The parts of a structural schema that our CRDs use. */
export interface CrdSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

export type StorageKindName = keyof typeof schemas;

/** The kinds of our CRDs. */
export const storageKinds = Object.keys(schemas) as readonly StorageKindName[];

/** The schema of a kind as the CRD has it, without its status. */
export function crdSchema(kind: StorageKindName): CrdSchema {
  return schemas[kind];
}
