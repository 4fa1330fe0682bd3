import type { CheckName, CheckReasonName } from '../../../src/checks/catalogue.ts';
import type { FaultBehaviour, Fault } from '../../servers/fault-server/fault.ts';
import { refuses } from '../../servers/fault-server/acts.ts';
import type { OperationName } from '../../servers/fault-server/operation.ts';
import { PROVIDERS, type Provider } from './places.ts';
import type { Way } from './scripted-store.ts';

/** Certificates that a store with TLS can show. */
export type Shown =
  | 'good'
  | 'of an unknown CA'
  | 'without its intermediate'
  | 'without names'
  | 'weak'
  | 'expired'
  | 'not yet valid'
  | 'of another host';

/** What the operator must make of a failure. */
export interface Verdict {
  readonly check: CheckName;
  /** `Fail` where nothing else is said. */
  readonly result?: 'Pass' | 'Warn' | 'Unknown';
  readonly reason: CheckReasonName;
  /** Absent where nothing is to be done. */
  readonly remedy?: RegExp;
}

/**
 * One way to fail: of the store (`fault`), of its certificate, or of the way to
 * it. Without it the check passes, which the test proves by lifting it.
 */
export interface FaultCase extends Verdict {
  /** Unique among those of a provider. */
  readonly id: string;
  readonly providers: readonly Provider[];
  readonly fault?: Fault;
  readonly certificate?: Shown;
  readonly way?: Way;
}

export const ALL: readonly Provider[] = PROVIDERS;
export const S3_KINDS: readonly Provider[] = ['S3', 'S3Compatible', 'CoreWeave'];
/** One with the bucket in the host and one with it in the path stand for the table of codes. */
export const S3_CODES: readonly Provider[] = ['S3', 'S3Compatible'];

/** Rows of a table of error codes: status, code, verdict, and the message where that decides. */
export type CodeRow = readonly [
  status: number,
  code: string,
  verdict: readonly [CheckName, CheckReasonName, RegExp],
  more?: { readonly message?: string; readonly region?: string },
];

/** Situations in which the store answers an operation with an error code. */
export function codes(
  providers: readonly Provider[],
  meets: OperationName | readonly OperationName[],
  rows: readonly CodeRow[],
): readonly FaultCase[] {
  return rows.map(([status, code, [check, reason, remedy], more = {}]) => ({
    id: `${[meets].flat().join(' and ')}: ${status} ${code}${more.message === undefined ? '' : `, "${more.message}"`}`,
    providers,
    fault: { meets, does: refuses(status, code, more) },
    check,
    reason,
    remedy,
  }));
}

/** A situation by name. */
export function situation(
  providers: readonly Provider[],
  id: string,
  [meets, does]: readonly [Fault['meets'], FaultBehaviour],
  verdict: Verdict,
): FaultCase {
  return { id, providers, fault: { meets, does }, ...verdict };
}
