import {
  AZURE_AUDIENCE,
  gcpWorkloadMember,
  webIdentityStatement,
  type TrustedWorkload,
} from '../../domain/policy/trust.ts';
import type { SignInRef } from '../../domain/credentials/refs.ts';
import type { CheckContext } from '../check.ts';

/** The workload of a check, with placeholders for what is unknown. */
function workloadOf({ workload }: CheckContext): TrustedWorkload {
  return { issuer: workload?.issuer ?? '<issuer of the cluster>', subject: workload?.subject ?? '<subject>' };
}

/** The statement of a role's trust policy that allows a ServiceAccount, ready to paste. */
export function webIdentityTrust(roleArn: string, context: CheckContext): string {
  return JSON.stringify(webIdentityStatement(roleArn, workloadOf(context)));
}

/** The workload identity provider with which a ServiceAccount signs in. */
export function gcpPool(ref: SignInRef): string {
  return ref.kind === 'GcpWorkloadIdentity' ? ref.audience : '';
}

/** The project of that pool, by its number. */
export function poolProject(ref: SignInRef): string {
  return /\/projects\/([^/]+)\//.exec(gcpPool(ref))?.[1] ?? '<project>';
}

/** The principal in Google Cloud IAM: the ServiceAccount as a member of the pool. */
export function gcpMember(ref: SignInRef, subject: string | undefined): string {
  return gcpWorkloadMember(gcpPool(ref), subject ?? '<subject>');
}

/** The command that makes a managed identity trust a ServiceAccount. */
export function azureFederatedCredential(context: CheckContext): string {
  const { issuer, subject } = workloadOf(context);
  return `az identity federated-credential create --name wandb --identity-name <identity> --resource-group <group> --issuer ${issuer} --subject ${subject} --audiences ${AZURE_AUDIENCE}`;
}
