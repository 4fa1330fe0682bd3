import type { BucketFailure } from '../observations/bucket-failure.ts';
import type { Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import { credentialDigest, principalOfKey, revealCredential } from './credential.ts';
import type { AccessKeyCredential, Credential } from './credential-types.ts';

/** A workload whose tokens a cloud can be configured to trust. */
export interface WorkloadIdentity {
  /** For display: `ServiceAccount wandb/wandb-app`, or the operator itself. */
  readonly name: string;
  /** Issuer of its tokens (`iss`), for trust policies; absent if not known. */
  readonly issuer?: string;
  /** `system:serviceaccount:wandb:wandb-app`; absent if not known. */
  readonly subject?: string;
  /** Requests a token for one audience that is valid for some minutes. */
  readonly token: () => Promise<Result<Secret<string>, BucketFailure>>;
}

export interface WebIdentity {
  readonly kind: 'WebIdentity';
  readonly roleArn: string;
  readonly workload: WorkloadIdentity;
}

export interface AssumedRole {
  readonly kind: 'AssumedRole';
  readonly from: AccessKeyCredential | WebIdentity;
  readonly roleArn: string;
  readonly externalId?: string;
}

export interface GcpWorkloadIdentity {
  readonly kind: 'GcpWorkloadIdentity';
  readonly audience: string;
  readonly impersonate?: string;
  readonly workload: WorkloadIdentity;
}

export interface AzureWorkloadIdentity {
  readonly kind: 'AzureWorkloadIdentity';
  readonly clientId: string;
  readonly tenantId: string;
  readonly workload: WorkloadIdentity;
}

/** An identity without a key of its own: a driver exchanges tokens for temporary credentials. */
export type Identity = WebIdentity | AssumedRole | GcpWorkloadIdentity | AzureWorkloadIdentity;

/** The operator's own identities, if its administrator allows their use. */
export interface AmbientIdentity {
  readonly aws?: WebIdentity;
  readonly azure?: AzureWorkloadIdentity;
}

/** Everything that a driver needs to sign in: a key, or an identity. */
export type SignIn = Credential | Identity;

/** Whether it is a key, which can be published. */
export function isKey(signIn: SignIn): signIn is Credential {
  return signIn.kind === 'AccessKey' || signIn.kind === 'ServiceAccountKey' || signIn.kind === 'AccountKey';
}

/** The workload whose token the sign-in starts from, if any. */
export function workloadOf(signIn: SignIn): WorkloadIdentity | undefined {
  if (signIn.kind === 'AssumedRole') return workloadOf(signIn.from);
  return 'workload' in signIn ? signIn.workload : undefined;
}

const LONGEST = 500;

/**
 * The identity that the store sees, for display. Keys are masked, with a fingerprint if `salt` is given and the mask is
 * ambiguous.
 */
export function principalOf(signIn: SignIn, salt?: Secret<string>): string {
  const text = isKey(signIn)
    ? principalOfKey(signIn, salt === undefined ? undefined : credentialDigest(salt, signIn))
    : principalOfIdentity(signIn, salt);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function principalOfIdentity(identity: Identity, salt: Secret<string> | undefined): string {
  switch (identity.kind) {
    case 'WebIdentity':
      return `role ${identity.roleArn} as ${identity.workload.name}`;
    case 'AssumedRole':
      return `role ${identity.roleArn} assumed by ${principalOf(identity.from, salt)}`;
    case 'GcpWorkloadIdentity':
      return identity.impersonate === undefined
        ? `${identity.workload.name} federated by ${identity.audience}`
        : `service account ${identity.impersonate} as ${identity.workload.name}`;
    case 'AzureWorkloadIdentity':
      return `client ${identity.clientId} of tenant ${identity.tenantId} as ${identity.workload.name}`;
  }
}

/** The parts that identify a sign-in, secrets included. Tokens expire and are not among them. */
export function signInParts(signIn: SignIn): readonly string[] {
  switch (signIn.kind) {
    case 'AccessKey':
    case 'ServiceAccountKey':
    case 'AccountKey':
      return Object.values(revealCredential(signIn));
    case 'WebIdentity':
      return [signIn.kind, signIn.roleArn, ...workloadParts(signIn.workload)];
    case 'AssumedRole':
      return [signIn.kind, signIn.roleArn, signIn.externalId ?? '', ...signInParts(signIn.from)];
    case 'GcpWorkloadIdentity':
      return [signIn.kind, signIn.audience, signIn.impersonate ?? '', ...workloadParts(signIn.workload)];
    case 'AzureWorkloadIdentity':
      return [signIn.kind, signIn.clientId, signIn.tenantId, ...workloadParts(signIn.workload)];
  }
}

function workloadParts({ name, issuer = '', subject = '' }: WorkloadIdentity): readonly string[] {
  return [name, issuer, subject];
}
