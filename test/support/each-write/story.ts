import type { FaultRun } from '../../servers/fault-run.ts';

/** What users do, so that the operator writes something; the same each time. */
export interface Story {
  /** Resolves when the operator has come to an end of it. */
  tell(run: FaultRun): Promise<void>;
  /** What is left: equal for two runs that came to the same end. */
  endState(run: FaultRun): Promise<Readonly<Record<string, unknown>>>;
  /** Ends what the story has started for a run. */
  end?(run: FaultRun): Promise<void>;
}
