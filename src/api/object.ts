import type { ManagedFieldsEntry } from './managed-fields.ts';

/** The parts of `metav1.ObjectMeta` that we read. Times are RFC 3339 strings, as on the wire. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any API object, as raw JSON: fields that this version does not know are kept. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** A namespaced resource type. `T` is what its objects look like. */
export interface ResourceType<T extends KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  /** Never set: it carries the type of the objects. */
  readonly objects?: T;
}

/** Metadata of an object, as a metadata-only watch gives it. */
export type PartialObject = KubeObject;
