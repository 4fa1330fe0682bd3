import type { FindingResult } from '../../dry-run/findings/check-report.ts';
import type { RenderedObject } from '../render/rendered-outputs.ts';
import type { InstanceView, StorageView, TeamView } from '../status/overview.ts';
import type { BucketMap } from './bucket-map.ts';

/** The result of a check or a condition. */
export interface Line {
  readonly name: string;
  /** As it counts: what is only reported is at most a warning. */
  readonly result: FindingResult;
  readonly reason: string;
  readonly message?: string;
  readonly remedy?: string;
  /** Where it is in a file: `storages.yaml:12:5`. */
  readonly place?: string;
}

/** How a storage is as a whole. */
export type Verdict = 'Pass' | 'Warn' | 'Unknown' | 'Fail';

/** A storage with everything that was found about it. */
export interface ReportedStorage {
  /** Kind, namespace and name. */
  readonly id: string;
  readonly view: StorageView | InstanceView | TeamView;
  readonly verdict: Verdict;
  /** What should be fixed, in that order. */
  readonly open: readonly Line[];
  /** What is as it should be, does not apply, or could not be decided without consequence. */
  readonly rest: readonly Line[];
}

/** Where the storages of a report were read. */
export type Source =
  | { readonly kind: 'Cluster'; readonly context: string; readonly namespace?: string }
  | { readonly kind: 'Files'; readonly files: readonly string[]; readonly isLive: boolean };

/** Everything that a page shows. */
export interface Report {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly version: string;
  readonly source: Source;
  readonly storages: readonly ReportedStorage[];
  /** Parts of files that are no manifests. */
  readonly unreadable: readonly Line[];
  /** Where the storages are, including those that are in the cluster alone. */
  readonly map: BucketMap;
  /** What the operator would write, without secrets; only known for files. */
  readonly outputs: readonly RenderedObject[];
}

/** Whether a view is that of an instance. */
export function isInstance(view: StorageView): view is InstanceView {
  return view.kind === 'InstanceStorage';
}

/** Whether a view is that of a team. */
export function isTeam(view: StorageView): view is TeamView {
  return view.kind === 'TeamStorage';
}
