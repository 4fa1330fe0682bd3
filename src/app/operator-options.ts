import type { AmbientIdentity } from '../domain/credentials/sign-in.ts';
import type { CloudEndpoints } from '../domain/bucket/store-endpoint.ts';
import type { LabelSelector } from '../domain/shard/label-selector.ts';
import type { ProxySettings } from '../net/proxy.ts';
import type { LeaderElectionTimes } from '../runtime/leader-election.ts';

/** Settings that the administrator makes by flags. */
export interface OperatorOptions {
  readonly version: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespaces to watch; absent: all. */
  readonly namespaces?: readonly string[];
  /** The part of the storages for which this process acts; absent: all. */
  readonly watchLabelSelector?: LabelSelector;
  readonly health: { readonly host: string; readonly port: number };
  readonly metrics: { readonly host: string; readonly port: number };
  readonly workers: number;
  readonly allowedEndpoints: readonly string[];
  readonly deniedCidrs: readonly string[];
  readonly requireSecretLabel: boolean;
  /** The operator's own identity; absent: the operator must not use it. */
  readonly ambient?: AmbientIdentity;
  readonly clouds: CloudEndpoints;
  /** `spec.validation.ignore` may name NotPublic. */
  readonly allowPublicBuckets: boolean;
  /** Absent: this process leads without a Lease and must be the only one. */
  readonly leaderElection?: { readonly namespace: string; readonly name: string; readonly times: LeaderElectionTimes };
  readonly proxy: ProxySettings;
  /** `UV_THREADPOOL_SIZE` of the process, as text. */
  readonly threadPoolSize: string | undefined;
  /** URL of the API server as the pod's environment names it, whatever kubeconfig is used. */
  readonly clusterApiServer: string | undefined;
}
