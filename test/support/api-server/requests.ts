import type { ObjectKey } from '../../../src/api/object.ts';

export type Verb =
  | 'get'
  | 'list'
  | 'servedVersions'
  | 'servedVerbs'
  | 'apply'
  | 'applyStatus'
  | 'create'
  | 'replace'
  | 'mergePatch'
  | 'delete'
  | 'requestToken';

/** One request, as hooks and faults see it. */
export interface ApiRequest {
  readonly verb: Verb;
  /** The kind; of `servedVersions` the API group. */
  readonly kind: string;
  /** The name is empty in a list. */
  readonly key: ObjectKey;
  /** Of a write, the field manager. */
  readonly manager: string;
  /** The code under test, or somebody else. */
  readonly by: 'client' | 'user';
}

/** A request that is over. */
export interface ApiRequestDone extends ApiRequest {
  /** Whether anything was written. */
  readonly changed: boolean;
  /** What the caller was told: 200, the status of the failure, or 0 for no answer. */
  readonly status: number;
}
