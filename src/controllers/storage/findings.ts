import type { Problem } from '../../domain/conditions/problem.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { InstanceDelivery } from '../delivery/instance-delivery.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';
import type { References } from '../references/references.ts';
import type { StorageObject, ResolvedStorage } from './resolved-storage.ts';
import type { Validation } from '../validation/validation.ts';

/** Everything that was found out about one object, from which its status is computed. */
export interface Findings<T extends StorageObject> {
  readonly subject: ResolvedStorage<T>;
  readonly credentialProblem?: Problem;
  readonly references?: References;
  /** Keyed digest of the credential as it is now; empty where W&B signs in by an identity. */
  readonly digest?: string;
  readonly validation?: Validation & { readonly kind: 'Judged' };
  readonly publication?: InstancePublication;
  /** What the server has of it; absent until the delivery has looked. */
  readonly delivery?: InstanceDelivery;
  /** Value of the annotation that asked for a full validation, once that is done. */
  readonly handledRequest?: string;
}

/** What differs between the two kinds. */
export interface StorageKind<T extends StorageObject> {
  /** `kind` of its objects. */
  readonly kind: T['kind'];
  /** The object with its references followed; `undefined` when it is gone. */
  resolve(key: ObjectKey): ResolvedStorage<T> | undefined;
  /** The status that the findings give, and when a change of it is due by itself. */
  status(findings: Findings<T>): { readonly status: NonNullable<T['status']>; readonly afterMs?: number };
}
