import type { CheckReason } from './check-reason.ts';
import type { CommonReasonName } from './common-reasons.ts';
import type { FailureReasonName } from './failures/failure-reasons.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { SignInRef } from '../domain/credentials/refs.ts';
import type { WorkloadIdentity } from '../domain/credentials/sign-in.ts';
import type { BucketStorage } from '../domain/bucket/storage.ts';

/** Conditions that the checks decide. */
export const GATES = ['BucketReachable', 'BucketUsable', 'BrowserAccess'] as const;
export type Gate = (typeof GATES)[number];

/** What the checks must know besides what the probe saw. */
export interface CheckContext {
  readonly storage: BucketStorage;
  /** Of the object and of all that it refers to: commands that people paste name it. */
  readonly namespace: string;
  /** Who signs in, masked: `access key AKIA***MPLE`, `service account x@y`. */
  readonly principal: string;
  /** How: what the storage declares, or what proves it in its place. */
  readonly signIn: SignInRef;
  /** Whose token it begins with, for trust policies; absent for keys. */
  readonly workload?: Pick<WorkloadIdentity, 'name' | 'issuer' | 'subject'>;
  /** URL of the service that exchanges the token. */
  readonly identityUrl?: string;
  /** As whom W&B will sign in, where that is somebody else: `access key AKIA***MPLE`. */
  readonly provenFor?: string;
  /** URL of the store, as it is dialled. */
  readonly endpointUrl: string;
  /** Origin of the W&B front end (`spec.deployment.url`), where known. */
  readonly appOrigin?: string;
  /** The server proxies file traffic: browsers never speak to the store. */
  readonly proxiesFileStore: boolean;
}

/** `Skip`: not applicable, ignored, or not reached. `Unknown`: could not be told. */
export type CheckOutcome = 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';

/** One check's verdict as `status.checks[]` shows it. Texts have at most 2,000 characters and no secret. */
export interface CheckResult {
  readonly name: string;
  readonly result: CheckOutcome;
  /** From the catalogue of this version, or of the one that wrote the status. */
  readonly reason: string;
  /** What was found, and where. */
  readonly message?: string;
  /** The exact action that mends it. */
  readonly remedy?: string;
}

/** Reasons that a check can give besides its own: those of any check, and those of a failed request. */
export type GeneralReasonName = CommonReasonName | FailureReasonName;

/** A verdict before it has the check's name. */
export interface Judgement<Reason extends string = GeneralReasonName> extends Omit<CheckResult, 'name'> {
  readonly reason: Reason;
}

/** One check: its place in the catalogue, its reasons and its pure judgement. */
export interface Check<Name extends string = string, Own extends string = string> {
  readonly name: Name;
  readonly gate: Gate;
  /**
   * A check that is not is advisory: reported, and never closing its gate.
   * `WhenTold`: its failure closes the gate, and a store that does not tell does
   * not (what W&B's own grant cannot answer is nobody's fault).
   */
  readonly required: boolean | 'WhenKnown';
  /** Whether `spec.validation.ignore` may name it; `WithFlag`: where the administrator of the operator allows. */
  readonly ignorable: boolean | 'WithFlag';
  /** Checks that must have passed before this one says anything. */
  readonly prerequisites: readonly Check[];
  /** Observations without which it cannot judge. */
  readonly needs: readonly (keyof Observations)[];
  /** Why the check has no meaning for this storage, if so. */
  readonly notApplicable?: (context: CheckContext) => string | undefined;
  /** Its own reasons: what it can say besides what any check can. */
  readonly reasons: Readonly<Record<Own, CheckReason>>;
  readonly judge: (observations: Observations, context: CheckContext) => Judgement<NoInfer<Own> | GeneralReasonName>;
}

/** A check, with the compiler refusing a reason that it does not carry. */
export function defineCheck<const Name extends string, const Own extends string>(
  check: Check<Name, Own>,
): Check<Name, Own> {
  return check;
}
