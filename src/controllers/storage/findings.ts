import type { Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';
import type { ClaimView } from '../publication/publication-views.ts';
import type { References } from '../references/references.ts';
import type { Validation } from '../validation/validation.ts';
import type { ResolvedStorage, StorageObject } from './resolved-storage.ts';

/** What a storage refers to, as it is now. */
export interface CurrentReferences extends References {
  /** Keyed digest of the credential; empty where W&B signs in by an identity. */
  readonly digest: string;
}

/** What is known of the bucket, and whether the server runs with what is published of it. */
export type JudgedBucket = Validation & { readonly kind: 'Judged' } & { readonly server: ServerRun };

/**
 * Everything that was found out about one object, from which its status is computed. A look ends at the first step that
 * has nothing to go on with: the fields of later steps are absent.
 */
export interface Findings<T extends StorageObject> {
  readonly resolved: ResolvedStorage<T>;
  /** What the publisher says to it; absent: nothing yet. */
  readonly published?: ClaimView;
  readonly references?: Result<CurrentReferences, Problem>;
  readonly validation?: JudgedBucket;
  /** Value of the annotation that asked for a full validation, once that is done. */
  readonly handledRequest?: string;
}

/** The status that findings give. */
export interface StorageReport<T extends StorageObject> {
  readonly status: NonNullable<T['status']>;
  /** When a change of it is due by itself, in milliseconds. */
  readonly afterMs?: number;
  /** Of an instance: size of its file stores in an environment variable. */
  readonly fileStoresBytes?: number;
}

/** What differs between the two kinds. */
export interface StorageKind<T extends StorageObject> {
  /** `kind` of its objects. */
  readonly kind: T['kind'];
  /** The object with its references among CRs followed; `undefined` when it is gone. */
  resolve(key: ObjectKey): ResolvedStorage<T> | undefined;
  report(findings: Findings<T>): StorageReport<T>;
}
