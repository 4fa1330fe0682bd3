import type { KubeObject } from '../api/object.ts';

/** A place in a file, counted from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A field of an object: `['spec', 'bucket', 'name']`; numbers are positions in lists. */
export type FieldPath = readonly (string | number)[];

/** One Kubernetes object of a file. */
export interface Manifest {
  readonly object: KubeObject;
  /** Where the object begins. */
  readonly at: Location;
  /** Where a field stands; for an absent one, where the nearest field around it stands. */
  readonly locate: (path: FieldPath) => Location;
}

/** A part of a file that is no Kubernetes object, or none that the API server knows. */
export interface UnreadablePart {
  /** `Unreadable` if it is left out. */
  readonly reason?: 'UnknownKind';
  readonly at: Location;
  readonly message: string;
}

/** The field as messages name it: `spec.fileStores.variables[0]`. */
export function fieldText(path: FieldPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
