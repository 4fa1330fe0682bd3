import type { CheckName } from '../../src/checks/reasons/check-reason.ts';
import type { CheckReasonName } from '../../src/checks/reasons/check-reasons.ts';
import type { CheckContext } from '../../src/checks/check.ts';
import type { Observations } from '../../src/domain/observations/observations.ts';

/** What a check must say of something seen. */
export interface Row {
  readonly check: CheckName;
  readonly reason: CheckReasonName;
  readonly seen: Observations;
  readonly context?: CheckContext;
  readonly ignore?: readonly string[];
  /** What the person who must act needs to read in message or remedy. */
  readonly says: readonly string[];
}
