import type { TeamStorageStatus } from '../../src/api/resources.ts';

/** What the floor's process is told, in a file. */
export interface FloorPlan {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly appOrigin: string;
  readonly teams: readonly { readonly name: string; readonly bucket: string; readonly path: string }[];
  /** The status that is applied to each: one that the operator wrote, so it is as large as those. */
  readonly status: TeamStorageStatus;
}
