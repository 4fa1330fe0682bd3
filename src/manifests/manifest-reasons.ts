/** Reasons of the check `Manifest`: what is wrong with a manifest before the operator sees it. */
export const MANIFEST_REASONS = {
  Valid: { meaning: 'The API server accepts the object.' },
  Unreadable: {
    meaning: 'A part of the file is no valid YAML or JSON, so nothing in it was checked.',
    remedy: 'Correct the syntax at the line that is named.',
  },
  UnknownKind: {
    meaning: 'The API server knows no such kind in this version, so the object cannot be applied.',
    remedy: 'Correct kind and apiVersion: InstanceStorage or TeamStorage of storage.wandb.com/v1alpha1.',
  },
  SchemaViolated: {
    meaning: 'The API server refuses the object: a field is missing, or its value has the wrong form.',
    remedy: 'Give the field a value of the form that the message names.',
  },
  UnknownField: {
    meaning: 'The schema has no field of this name. kubectl refuses it, and other clients drop it without a word.',
    remedy: 'Correct the name, or move the field to where it belongs: kubectl explain shows the fields.',
  },
  RuleViolated: {
    meaning: 'The API server refuses the object: it breaks a rule of its CustomResourceDefinition.',
    remedy: 'Change what the message names.',
  },
  Duplicate: {
    meaning: 'The manifests hold the object twice: the one that is applied last replaces the other.',
    remedy: 'Remove one of them, or give it another name.',
  },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly remedy?: string }>>;

export type ManifestReason = keyof typeof MANIFEST_REASONS;
