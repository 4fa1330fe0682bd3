import type { TeamStorageStatus } from '../../src/api/resources.ts';

/** The input of the floor's process, as a file. */
export interface FloorPlan {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly appOrigin: string;
  readonly teams: readonly { readonly name: string; readonly bucket: string; readonly path: string }[];
  /** The status that is applied to each: one that the operator wrote, so that its size is realistic. */
  readonly status: TeamStorageStatus;
}
