import type { Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';
import type { ClaimView } from '../publication/publication-views.ts';
import type { References } from '../references/references.ts';
import type { Validation } from '../validation/validation.ts';
import type { ResolvedStorage, StorageObject } from './resolved-storage.ts';

/** The references of a storage at present. */
export interface CurrentReferences extends References {
  /** Keyed digest of the credential; empty if W&B signs in by an identity. */
  readonly digest: string;
}

/** The validation of the bucket, and whether the server runs with what is published of it. */
export type JudgedBucket = Validation & { readonly kind: 'Judged' } & { readonly server: ServerRun };

/**
 * The findings about one object, from which its status is computed. Gathering ends at the first step that fails: the
 * fields of later steps are absent.
 */
export interface Findings<T extends StorageObject> {
  readonly resolved: ResolvedStorage<T>;
  /** The publication of the claim; absent: unknown. */
  readonly published?: ClaimView;
  readonly references?: Result<CurrentReferences, Problem>;
  readonly validation?: JudgedBucket;
  /** Value of the annotation that requested a full validation, once that is done. */
  readonly handledRequest?: string;
}

/** The status for the findings. */
export interface StorageReport<T extends StorageObject> {
  readonly status: NonNullable<T['status']>;
  /** Milliseconds until the status changes by itself. */
  readonly afterMs?: number;
  /** Of an instance: size of its file stores as an environment variable. */
  readonly fileStoresBytes?: number;
}

/** The differences between the two kinds. */
export interface StorageKind<T extends StorageObject> {
  /** `kind` of its objects. */
  readonly kind: T['kind'];
  /** The object with its references to other CRs resolved; `undefined` if it is gone. */
  resolve(key: ObjectKey): ResolvedStorage<T> | undefined;
  report(findings: Findings<T>): StorageReport<T>;
}
