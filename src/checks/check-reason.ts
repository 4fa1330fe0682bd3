/** A reason in the catalogue. Each check has its own (`Check.reasons`). */
export interface CheckReason {
  /** The result that it comes with. */
  readonly result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
  /**
   * Who must act before another try can succeed: `spec` (only an edit of the
   * object helps), `external` (a change of the store, the network or a Secret),
   * `transient` (the fault ends by itself). Absent where nothing failed.
   */
  readonly class?: 'spec' | 'external' | 'transient';
  /** One sentence. */
  readonly meaning: string;
  /** What usually fixes it; empty where nothing has to be fixed. */
  readonly remedy: string;
  /** Codes of stores, sockets and TLS that lead to it. */
  readonly codes: readonly string[];
  /**
   * Which test shows the reason: one on a real store or its emulator, one on
   * the scripted fault server, or the check's own table of `rules` alone.
   */
  readonly proof: 'emulator' | 'scripted server' | 'rules';
}
