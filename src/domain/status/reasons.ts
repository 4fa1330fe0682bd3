/** A reason of `Ready` and `Stalled` that comes from no gate. */
export interface StatusReason {
  readonly status: 'False' | 'Unknown' | 'False or Unknown';
  readonly meaning: string;
  readonly remedy: string;
}

/** Why `Ready` is not True although no gate says so. */
export const STATUS_REASONS = {
  Suspended: {
    status: 'False or Unknown',
    meaning:
      'spec.suspend keeps the operator from looking at the bucket: False when it was never proven, Unknown when the spec was edited since the last verdict.',
    remedy: 'Set spec.suspend to false.',
  },
  StatusRefused: {
    status: 'Unknown',
    meaning:
      "The API server took the object's status only without what was found; the message names the field. What is published is not touched by this.",
    remedy: "Upgrade the CRDs if they are older than the operator; otherwise report it with the operator's log.",
  },
} as const satisfies Readonly<Record<string, StatusReason>>;
