import type { BucketFailure } from '../observations/bucket-failure.ts';
import type { Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import { credentialDigest, principalOfKey, revealCredential } from './credential.ts';
import type { AccessKeyCredential, Credential } from './credential-types.ts';

/** A workload whose tokens the clouds can be told to trust. */
export interface WorkloadIdentity {
  /** For people: `ServiceAccount wandb/wandb-app`, or the operator itself. */
  readonly name: string;
  /** Who issues its tokens (`iss`), for trust policies; absent where that is not known. */
  readonly issuer?: string;
  /** `system:serviceaccount:wandb:wandb-app`; absent where that is not known. */
  readonly subject?: string;
  /** A token for one audience, with some minutes to live. */
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

/** An identity without a key of its own: a driver exchanges tokens for it. */
export type Identity = WebIdentity | AssumedRole | GcpWorkloadIdentity | AzureWorkloadIdentity;

/** The operator's own identities, where its administrator lets it use them. */
export interface AmbientIdentity {
  readonly aws?: WebIdentity;
  readonly azure?: AzureWorkloadIdentity;
}

/** All that a driver needs to sign in: keys that a Secret held, or an identity. */
export type SignIn = Credential | Identity;

/** Whether it is a key, which can be published. */
export function isKey(signIn: SignIn): signIn is Credential {
  return signIn.kind === 'AccessKey' || signIn.kind === 'ServiceAccountKey' || signIn.kind === 'AccountKey';
}

/** The workload whose token it begins with, where it does. */
export function workloadOf(signIn: SignIn): WorkloadIdentity | undefined {
  if (signIn.kind === 'AssumedRole') return workloadOf(signIn.from);
  return 'workload' in signIn ? signIn.workload : undefined;
}

const LONGEST = 500;

/** Who the store sees, for people; keys are masked, with a fingerprint where `salt` is given and the mask says little. */
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

/** What makes a sign-in what it is; holds secrets. Tokens come and go, and are no part of it. */
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
