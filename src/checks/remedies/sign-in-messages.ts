import type { SignInFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { AssumedRoleRef, SignInRef } from '../../domain/credentials/refs.ts';
import { serviceAccountOf } from '../../domain/credentials/identity-ref.ts';
import type { CheckContext } from '../check.ts';
import { assumeRolePermission, assumeRoleStatement, AWS_AUDIENCE } from '../../domain/policy/trust.ts';
import { azureFederatedCredential, gcpMember, gcpPool, poolProject, webIdentityTrust } from './trust.ts';
import { credentialOfSecret } from './messages.ts';
import { AZURE_SIGNING_ROLE, GCS_IMPERSONATION_ROLE, GCS_SIGNING_ROLE } from '../../domain/policy/roles.ts';

/** Message and remedy for a failure to sign in. */
export interface SignInSentence {
  readonly says: string;
  readonly remedy: string;
}

type Writer = (context: CheckContext) => SignInSentence;

const WRITERS: Readonly<Record<SignInFailureKind, Writer>> = {
  TokenUnavailable: ({ workload, namespace }) => ({
    says: `There is no token of ${workload?.name ?? 'the workload'}`,
    remedy: `Check the API server, and that the operator may create serviceaccounts/token in namespace ${namespace}.`,
  }),
  IdentityServiceUnavailable: ({ identityUrl }) => ({
    says: `The identity service ${identityUrl ?? ''} gave no usable answer`,
    remedy: `Allow connections from the operator to ${identityUrl ?? 'it'} in firewalls, NetworkPolicies and proxies; the operator tries again by itself.`,
  }),
  WebIdentityNotTrusted: (context) => ({
    says: `Role ${webRoleOf(context.signIn)} does not trust ${nameOf(context)}`,
    remedy: `Create the role if it does not exist, and add to its trust policy: ${webIdentityTrust(webRoleOf(context.signIn), context)}`,
  }),
  IssuerNotTrusted: (context) => ({
    says: `AWS does not accept tokens of ${context.workload?.issuer ?? 'this cluster'} for role ${webRoleOf(context.signIn)}`,
    remedy: `Create an IAM identity provider in the account of the role, whose signing keys AWS must be able to fetch: aws iam create-open-id-connect-provider --url ${context.workload?.issuer ?? '<issuer of the cluster>'} --client-id-list ${AWS_AUDIENCE}`,
  }),
  RoleNotAssumable: (context) => ({
    says: `${callerOf(context)} may not assume role ${roleOf(context.signIn)}${externalIdOf(context.signIn) === undefined ? '' : ' with this external id'}`,
    remedy: assumeRoleRemedy(context),
  }),
  IdentityPoolMisconfigured: (context) => ({
    says: `${gcpPool(context.signIn)} does not accept tokens of ${nameOf(context)}`,
    remedy: `The provider must exist, have the issuer ${context.workload?.issuer ?? '<issuer of the cluster>'}, allow the audience https:${gcpPool(context.signIn)} (the default), and map google.subject to assertion.sub: gcloud iam workload-identity-pools providers describe ${gcpPool(context.signIn)}`,
  }),
  ImpersonationDenied: (context) => ({
    says: `Service account ${impersonatedBy(context.signIn)} does not allow ${nameOf(context)} to impersonate it`,
    remedy: `gcloud iam service-accounts add-iam-policy-binding ${impersonatedBy(context.signIn)} --role=${GCS_IMPERSONATION_ROLE} --member="${gcpMember(context.signIn, context.workload?.subject)}"`,
  }),
  FederatedCredentialMissing: (context) => ({
    says: `${withoutWorkload(context.principal)} has no federated credential for ${nameOf(context)}`,
    remedy: azureFederatedCredential(context),
  }),
  IdentityNotFound: ({ principal }) => ({
    says: `Microsoft Entra does not know ${withoutWorkload(principal)}`,
    remedy:
      'Correct clientId and tenantId in workloadIdentity: az identity show --name <identity> --resource-group <group> --query "{clientId:clientId,tenantId:tenantId}"',
  }),
  IdentityApiDisabled: (context) => ({
    says: `An API by which ${context.principal} signs in is off in project ${poolProject(context.signIn)} of Google Cloud`,
    remedy: `gcloud services enable sts.googleapis.com iamcredentials.googleapis.com --project=${poolProject(context.signIn)} (and in the project of the service account, if that is another). It takes some minutes.`,
  }),
  IdentityRefused: (context) => ({
    says: `${context.identityUrl ?? 'The identity service'} refuses ${credentialOfSecret(context)}`,
    remedy: 'Look up the code in the documentation of the identity service, and the request in its log.',
  }),
  UrlSigningDenied: (context) => ({
    says: `${context.principal} may not sign URLs`,
    remedy: urlSigningRemedy(context),
  }),
};

/** Refusals of an identity service whose code says what to do. */
const REFUSALS: Readonly<Record<string, Writer>> = {
  RegionDisabled: regionDisabled,
  RegionDisabledException: regionDisabled,
  AADSTS70001: applicationDisabled,
  AADSTS7000112: applicationDisabled,
  AADSTS53003: blockedByPolicy,
  AADSTS530032: blockedByPolicy,
};

/** Message and remedy for a failure to sign in, in the terms of the provider. */
export function signInSentence(kind: SignInFailureKind, context: CheckContext, code = ''): SignInSentence {
  const refusal = kind === 'IdentityRefused' && Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return (refusal ?? WRITERS[kind])(context);
}

function regionDisabled({ identityUrl }: CheckContext): SignInSentence {
  return {
    says: `AWS STS at ${identityUrl ?? 'this address'} is not activated for the account of the role`,
    remedy: 'Activate STS in that region: AWS console, IAM, account settings, Security Token Service (STS).',
  };
}

function applicationDisabled({ principal }: CheckContext): SignInSentence {
  return {
    says: `Microsoft Entra knows ${withoutWorkload(principal)}, which is disabled`,
    remedy:
      'Look up why an administrator disabled it, then enable it: az ad sp update --id <clientId> --set accountEnabled=true',
  };
}

function blockedByPolicy({ principal }: CheckContext): SignInSentence {
  return {
    says: `A Conditional Access or security policy of the tenant blocks ${withoutWorkload(principal)}`,
    remedy: 'Look up the policy in the sign-in log of service principals in Microsoft Entra, and let the identity in.',
  };
}

/** The principal of a cloud, without the workload that signs in as it. */
function withoutWorkload(principal: string): string {
  return principal.replace(/ as .*$/, '');
}

function nameOf({ workload, signIn }: CheckContext): string {
  return workload?.name ?? `ServiceAccount ${serviceAccountOf(signIn) ?? ''}`;
}

/** The role that a web identity assumes, also when another one is assumed from it. */
function webRoleOf(ref: SignInRef): string {
  if (ref.kind === 'AssumedRole') return webRoleOf(ref.from);
  return ref.kind === 'WebIdentity' ? ref.roleArn : '';
}

function roleOf(ref: SignInRef): string {
  return ref.kind === 'AssumedRole' || ref.kind === 'WebIdentity' ? ref.roleArn : '';
}

function externalIdOf(ref: SignInRef): string | undefined {
  return ref.kind === 'AssumedRole' ? ref.externalId : undefined;
}

function callerOf({ principal, signIn }: CheckContext): string {
  const from = signIn.kind === 'AssumedRole' ? signIn.from : undefined;
  if (from?.kind === 'WebIdentity') return `Role ${from.roleArn}`;
  return `The owner of ${principal.replace(/^.* assumed by /, '')}`;
}

function assumeRoleRemedy({ signIn }: CheckContext): string {
  if (signIn.kind !== 'AssumedRole') return 'Allow the role to be assumed.';
  const { roleArn } = signIn;
  const policy = JSON.stringify(assumeRolePermission(roleArn));
  return `Add to the trust policy of ${roleArn}: ${assumeRoleTrust(signIn)} The caller's own IAM policy needs ${policy}`;
}

/** The statement of a trust policy that allows the caller, with its external id. */
export function assumeRoleTrust({ from, externalId }: AssumedRoleRef): string {
  const caller =
    from.kind === 'WebIdentity' ? from.roleArn : '<ARN that aws sts get-caller-identity prints for the key>';
  return JSON.stringify(assumeRoleStatement(caller, externalId));
}

function impersonatedBy(ref: SignInRef): string {
  return ref.kind === 'GcpWorkloadIdentity' ? (ref.impersonate ?? '') : '';
}

function urlSigningRemedy({ signIn, storage }: CheckContext): string {
  if (signIn.kind === 'GcpWorkloadIdentity') {
    const email = signIn.impersonate;
    return email === undefined
      ? 'Only service accounts can sign URLs: name that of W&B in workloadIdentity.impersonate.'
      : `Allow it to sign for itself: gcloud iam service-accounts add-iam-policy-binding ${email} --role=${GCS_SIGNING_ROLE} --member=serviceAccount:${email}`;
  }
  const account = storage.provider === 'AzureBlob' ? storage.storageAccount : '';
  return `Allow it to get user delegation keys, at the scope of the whole account: az role assignment create --role "${AZURE_SIGNING_ROLE}" --assignee ${signIn.kind === 'AzureWorkloadIdentity' ? signIn.clientId : '<identity>'} --scope <id of storage account ${account}>`;
}
