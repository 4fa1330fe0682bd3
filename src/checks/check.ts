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

/** The input of the checks besides the observations. */
export interface CheckContext {
  readonly storage: BucketStorage;
  /** Namespace of the object and of everything that it refers to, for commands in remedies. */
  readonly namespace: string;
  /** The principal that signs in, masked: `access key AKIA***MPLE`, `service account x@y`. */
  readonly principal: string;
  /** How it signs in: as the storage declares, or by `spec.validation.credentialsFrom`. */
  readonly signIn: SignInRef;
  /** The workload whose token is used, for trust policies; absent for keys. */
  readonly workload?: Pick<WorkloadIdentity, 'name' | 'issuer' | 'subject'>;
  /** URL of the service that exchanges the token. */
  readonly identityUrl?: string;
  /** The principal of W&B, where that is another one: `access key AKIA***MPLE`. */
  readonly provenFor?: string;
  /** URL of the store to which the operator connects. */
  readonly endpointUrl: string;
  /** URL at which W&B's server looks for the bucket, where its address cannot name the one that was proven. */
  readonly serverEndpointUrl?: string;
  /** Origin of the W&B front end (`spec.deployment.url`), where known. */
  readonly appOrigin?: string;
  /** The server proxies file traffic: browsers send no requests to the store. */
  readonly proxiesFileStore: boolean;
}

/** `Skip`: not applicable, ignored, or not reached. `Unknown`: could not be decided. */
export type CheckOutcome = 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';

/** One check's verdict as `status.checks[]` shows it. Texts have at most 2,000 characters and no secret. */
export interface CheckResult {
  readonly name: string;
  readonly result: CheckOutcome;
  /** From the catalogue of this version, or of the one that wrote the status. */
  readonly reason: string;
  /** What was found, and where. */
  readonly message?: string;
  /** The exact action that fixes it. */
  readonly remedy?: string;
}

/** Reasons that a check can give besides its own: those of any check, and those of a failed request. */
export type GeneralReasonName = CommonReasonName | FailureReasonName;

/** A result without the name of its check. */
export interface Judgement<Reason extends string = GeneralReasonName> extends Omit<CheckResult, 'name'> {
  readonly reason: Reason;
}

/** One check: its properties, its reasons and its decision, which is a pure function. */
export interface Check<Name extends string = string, Own extends string = string> {
  readonly name: Name;
  readonly gate: Gate;
  /**
   * False for an advisory check: it is reported, and does not affect its condition.
   * `WhenKnown`: a failure makes the condition False, but `Unknown` does not affect it,
   * because W&B's own grant does not include the permission to read the setting.
   */
  readonly required: boolean | 'WhenKnown';
  /** Whether `spec.validation.ignore` may name it; `WithFlag`: where the administrator of the operator allows. */
  readonly ignorable: boolean | 'WithFlag';
  /** Checks that must have passed before this one is decided. */
  readonly prerequisites: readonly Check[];
  /**
   * `Survey`: it is about the bucket and the identity, whatever the path, so that a survey decides it for every claim.
   * `Both`: a trial decides it, by what a survey saw too. Absent: a trial alone does.
   */
  readonly decidedBy?: 'Survey' | 'Both';
  /** Observations that it needs. */
  readonly needs: readonly (keyof Observations)[];
  /** Why the check does not apply to this storage; `undefined` if it does. */
  readonly notApplicable?: (context: CheckContext) => string | undefined;
  /** Its own reasons, besides those that every check can give. */
  readonly reasons: Readonly<Record<Own, CheckReason>>;
  readonly judge: (observations: Observations, context: CheckContext) => Judgement<NoInfer<Own> | GeneralReasonName>;
}

/** Defines a check. The compiler refuses a reason that is not among its own or the general ones. */
export function defineCheck<const Name extends string, const Own extends string>(
  check: Check<Name, Own>,
): Check<Name, Own> {
  return check;
}
