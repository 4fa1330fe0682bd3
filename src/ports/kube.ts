import type { KubeObject, ObjectKey, ObjectMeta, ResourceType } from '../api/object.ts';
import type { Result } from '../base/result.ts';
import type { Secret } from '../base/secret.ts';

/** A failed request to the API server; `status: 0` when there was no usable answer. */
export interface KubeFailure {
  readonly status: number;
  /** `metav1.Status` reason, such as `NotFound`, `Conflict`, `Expired`; or the socket's code. */
  readonly reason: string;
  readonly message: string;
  /** From `Retry-After`: at most five minutes. */
  readonly retryAfterMs?: number;
  /** For a 409 of server-side apply: the managers that own the fields. */
  readonly conflicts?: readonly { readonly manager: string; readonly field: string }[];
  /**
   * The object that a `metav1.Status` is about. For a missing object `kind` holds the plural of its type. Absent where
   * the path itself is not served, as without the CRD.
   */
  readonly details?: { readonly name?: string; readonly group?: string; readonly kind?: string };
  /** For an object that was refused: the fields that the API server named. */
  readonly fields?: readonly string[];
}

export type KubeCall<T> = Promise<Result<T, KubeFailure>>;

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields from other managers. */
  readonly force: boolean;
}

/** An applied manifest: it must hold our fields only. */
export type Applied<T extends KubeObject> = Partial<Omit<T, 'metadata'>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
};

/** A JSON merge patch; `null` removes a key. */
export interface MergePatch {
  readonly metadata: Partial<ObjectMeta>;
  readonly data?: Readonly<Record<string, string | null>>;
}

/** Reads and writes of namespaced objects. Every call has a deadline of its own. */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): KubeCall<T>;
  /** All objects of a namespace or, without one, of all; or those that a label selector (`name=value,...`) selects. */
  list<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string | undefined,
    labelSelector?: string,
  ): KubeCall<readonly T[]>;
  /** Served versions of an API group, the preferred one first; none when the group is not installed. */
  servedVersions(group: string): KubeCall<readonly string[]>;
  /** Verbs that the API server offers for a type: none when it is not served, no `create` while its CRD is being deleted. */
  servedVerbs(type: Pick<ResourceType<KubeObject>, 'group' | 'version' | 'plural'>): KubeCall<readonly string[]>;
  /** Server-side apply. */
  apply<T extends KubeObject>(type: ResourceType<T>, object: Applied<T>, options: ApplyOptions): KubeCall<T>;
  /** Server-side apply of the status subresource. */
  applyStatus<T extends KubeObject>(type: ResourceType<T>, object: Applied<T>, options: ApplyOptions): KubeCall<T>;
  create<T extends KubeObject>(type: ResourceType<T>, object: Applied<T>): KubeCall<T>;
  /** Whole-object update: fails with `Conflict` unless `resourceVersion` is current. */
  replace<T extends KubeObject>(type: ResourceType<T>, object: Applied<T>): KubeCall<T>;
  /** JSON merge patch: fails with `Conflict` when it holds a `resourceVersion` that is not current. */
  mergePatch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: MergePatch,
    options: Pick<ApplyOptions, 'fieldManager'>,
  ): KubeCall<T>;
  delete<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): KubeCall<void>;
  /** TokenRequest: a token of a ServiceAccount for one audience. It is a secret. */
  requestToken(account: ObjectKey, wanted: TokenWanted): KubeCall<Secret<string>>;
}

export interface TokenWanted {
  readonly audience: string;
  readonly seconds: number;
}

/** The cached objects of one type; a reader cannot write. */
export interface ObjectReader<T extends KubeObject> {
  /** True once the first list is complete; never false again. */
  readonly synced: boolean;
  get(key: ObjectKey): T | undefined;
  /** In no particular order; of one namespace the same list until one of its objects changes. */
  list(namespace?: string): readonly T[];
}

/** A cache with indexes: keys derived from the objects. */
export interface IndexedReader<T extends KubeObject, I extends string> extends ObjectReader<T> {
  /** The objects that have `key` in the index; in no particular order. */
  by(index: I, key: string): readonly T[];
}

/**
 * A change of a cached object. `isLastVersion`: the object is as it was when it was deleted. Where a list shows that it
 * is gone, or that another one has its name, later versions may have been missed.
 */
export type ObjectChange<T extends KubeObject> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly object: T; readonly isLastVersion: boolean };

/** A cache that reports its changes. */
export interface WatchedCache<T extends KubeObject, I extends string = never> {
  readonly reader: IndexedReader<T, I>;
  /** Handlers are called for all later changes; they only queue keys: they must not throw and must not block. */
  onChange(handler: (change: ObjectChange<T>) => void): void;
}

/** An event about an object (`events.k8s.io/v1`), best effort. */
export interface EventRecorder {
  record(event: {
    readonly regarding: KubeObject;
    readonly type: 'Normal' | 'Warning';
    /** CamelCase, from the catalogue. */
    readonly reason: string;
    /** What was being done, CamelCase verb: `Validate`, `Publish`. */
    readonly action: string;
    /** At most 1 kB. */
    readonly note: string;
  }): void;
}
