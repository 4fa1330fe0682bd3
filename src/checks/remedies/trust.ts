import type { SignInRef } from '../../domain/credentials/refs.ts';
import type { CheckContext } from '../check.ts';

/** The statement of a role's trust policy that allows a ServiceAccount, ready to paste. */
export function webIdentityStatement(roleArn: string, { workload }: CheckContext): string {
  const [, partition = 'aws', , , account = '<account>'] = roleArn.split(':');
  const issuer = (workload?.issuer ?? '<issuer of the cluster>').replace(/^https?:\/\//, '');
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: 'sts.amazonaws.com',
        [`${issuer}:sub`]: workload?.subject ?? '<subject>',
      },
    },
  });
}

/** The workload identity provider with which a ServiceAccount signs in. */
export function gcpPool(ref: SignInRef): string {
  return ref.kind === 'GcpWorkloadIdentity' ? ref.audience : '';
}

/** The project of that pool, by its number. */
export function poolProject(ref: SignInRef): string {
  return /\/projects\/([^/]+)\//.exec(gcpPool(ref))?.[1] ?? '<project>';
}

/** The principal in Google Cloud IAM: the impersonated service account, or the ServiceAccount itself. */
export function gcpMember(ref: SignInRef, subject: string | undefined): string {
  const pool = gcpPool(ref).replace(/\/providers\/[^/]*$/, '');
  return `principal:${pool}/subject/${subject ?? '<subject>'}`;
}

/** The command that makes a managed identity trust a ServiceAccount. */
export function azureFederatedCredential({ workload }: CheckContext): string {
  const issuer = workload?.issuer ?? '<issuer of the cluster>';
  const subject = workload?.subject ?? '<subject>';
  return `az identity federated-credential create --name wandb --identity-name <identity> --resource-group <group> --issuer ${issuer} --subject ${subject} --audiences api://AzureADTokenExchange`;
}
