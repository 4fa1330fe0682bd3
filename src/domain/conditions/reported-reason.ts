/** A reason of a condition that is reported and gates nothing. */
export interface ReportedReason {
  readonly condition: 'Delivered' | 'RolledOut' | 'Provisioned' | 'FileStoresFilling';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly meaning: string;
  readonly remedy: string;
}
