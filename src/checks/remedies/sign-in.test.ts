import { describe, expect, it } from '@jest/globals';
import { contextOf, credentials } from '../../../test/support/fakes/observations.ts';
import {
  asBucketRole,
  asRole,
  BUCKET_ROLE,
  EMAIL,
  onAzure,
  onGcp,
  POOL,
} from '../../../test/support/fakes/sign-ins.ts';
import type { CheckContext } from '../check.ts';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { failedBy } from '../failures/failure-table.ts';

const byKey = contextOf({
  signIn: { kind: 'AssumedRole', from: credentials, roleArn: BUCKET_ROLE },
  principal: `role ${BUCKET_ROLE} assumed by access key AKIA***MPLE`,
});
/** Before the cluster is known. */
const clusterUnknown = contextOf({ signIn: asRole.signIn, principal: asRole.principal });
const poolUnknown = contextOf({ storage: onGcp().storage, signIn: onGcp().signIn, principal: onGcp().principal });
const inOtherProject = contextOf({
  ...onGcp(),
  signIn: {
    kind: 'GcpWorkloadIdentity',
    serviceAccount: 'wandb-app',
    audience: POOL.replace('projects/1/', 'projects/123456/'),
  },
});
const azureUnknown = contextOf({ storage: onAzure.storage, signIn: onAzure.signIn, principal: onAzure.principal });

const says = (failure: BucketFailure, context: CheckContext): readonly (string | undefined)[] => {
  const { message, remedy } = failedBy(failure, context);
  return [message, remedy];
};

describe('a sign-in that fails', () => {
  it.each<readonly [what: string, context: CheckContext, failure: BucketFailure, ...texts: string[]]>([
    [
      'TokenUnavailable on AWS',
      asRole,
      { kind: 'TokenUnavailable' },
      'There is no token of ServiceAccount wandb/wandb-app.',
      'Check the API server, and that the operator may create serviceaccounts/token in namespace wandb.',
    ],
    [
      'IdentityServiceUnavailable on AWS',
      asRole,
      { kind: 'IdentityServiceUnavailable' },
      'The identity service https://sts.eu-central-1.amazonaws.com gave no usable answer.',
      'Allow connections from the operator to https://sts.eu-central-1.amazonaws.com in firewalls, NetworkPolicies and proxies; the operator tries again by itself.',
    ],
    [
      'WebIdentityNotTrusted on AWS',
      asRole,
      { kind: 'WebIdentityNotTrusted' },
      'Role arn:aws-us-gov:iam::123456789012:role/wandb does not trust ServiceAccount wandb/wandb-app.',
      'Create the role if it does not exist, and add to its trust policy: {"Effect":"Allow","Principal":{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.acme.example/id/1"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.acme.example/id/1:aud":"sts.amazonaws.com","oidc.acme.example/id/1:sub":"system:serviceaccount:wandb:wandb-app"}}}',
    ],
    [
      'WebIdentityNotTrusted on AWS with a second role',
      asBucketRole,
      { kind: 'WebIdentityNotTrusted' },
      'Role arn:aws-us-gov:iam::123456789012:role/wandb does not trust ServiceAccount wandb/wandb-app.',
      'Create the role if it does not exist, and add to its trust policy: {"Effect":"Allow","Principal":{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.acme.example/id/1"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.acme.example/id/1:aud":"sts.amazonaws.com","oidc.acme.example/id/1:sub":"system:serviceaccount:wandb:wandb-app"}}}',
    ],
    [
      'WebIdentityNotTrusted on AWS, with no cluster known',
      clusterUnknown,
      { kind: 'WebIdentityNotTrusted' },
      'Role arn:aws-us-gov:iam::123456789012:role/wandb does not trust ServiceAccount wandb-app.',
      'Create the role if it does not exist, and add to its trust policy: {"Effect":"Allow","Principal":{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/<issuer of the cluster>"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"<issuer of the cluster>:aud":"sts.amazonaws.com","<issuer of the cluster>:sub":"<subject>"}}}',
    ],
    [
      'IssuerNotTrusted on AWS',
      asRole,
      { kind: 'IssuerNotTrusted' },
      'AWS does not accept tokens of https://oidc.acme.example/id/1 for role arn:aws-us-gov:iam::123456789012:role/wandb.',
      'Create an IAM identity provider in the account of the role, whose signing keys AWS must be able to fetch: aws iam create-open-id-connect-provider --url https://oidc.acme.example/id/1 --client-id-list sts.amazonaws.com',
    ],
    [
      'IssuerNotTrusted on AWS, with no cluster known',
      clusterUnknown,
      { kind: 'IssuerNotTrusted' },
      'AWS does not accept tokens of this cluster for role arn:aws-us-gov:iam::123456789012:role/wandb.',
      'Create an IAM identity provider in the account of the role, whose signing keys AWS must be able to fetch: aws iam create-open-id-connect-provider --url <issuer of the cluster> --client-id-list sts.amazonaws.com',
    ],
    [
      'RoleNotAssumable on AWS with a second role',
      asBucketRole,
      { kind: 'RoleNotAssumable' },
      'Role arn:aws-us-gov:iam::123456789012:role/wandb may not assume role arn:aws-us-gov:iam::210987654321:role/bucket with this external id.',
      'Add to the trust policy of arn:aws-us-gov:iam::210987654321:role/bucket: {"Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::123456789012:role/wandb"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"acme-1"}}} The caller\'s own IAM policy needs {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws-us-gov:iam::210987654321:role/bucket"}',
    ],
    [
      'RoleNotAssumable on AWS, from a key',
      byKey,
      { kind: 'RoleNotAssumable' },
      'The owner of access key AKIA***MPLE may not assume role arn:aws-us-gov:iam::210987654321:role/bucket.',
      'Add to the trust policy of arn:aws-us-gov:iam::210987654321:role/bucket: {"Effect":"Allow","Principal":{"AWS":"<ARN that aws sts get-caller-identity prints for the key>"},"Action":"sts:AssumeRole"} The caller\'s own IAM policy needs {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws-us-gov:iam::210987654321:role/bucket"}',
    ],
    [
      'IdentityRefused on AWS',
      asRole,
      { kind: 'IdentityRefused' },
      'https://sts.eu-central-1.amazonaws.com refuses role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app.',
      'Look up the code in the documentation of the identity service, and the request in its log.',
    ],
    [
      'IdentityRefused on AWS',
      asRole,
      { kind: 'IdentityRefused', providerCode: 'RegionDisabled' },
      'AWS STS at https://sts.eu-central-1.amazonaws.com is not activated for the account of the role (RegionDisabled).',
      'Activate STS in that region: AWS console, IAM, account settings, Security Token Service (STS).',
    ],
    [
      'IdentityRefused on AWS',
      asRole,
      { kind: 'IdentityRefused', providerCode: 'AccessDenied' },
      'https://sts.eu-central-1.amazonaws.com refuses role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app (AccessDenied).',
      'Look up the code in the documentation of the identity service, and the request in its log.',
    ],
    [
      'WebIdentityNotTrusted on AWS, whatever the code',
      asRole,
      { kind: 'WebIdentityNotTrusted', providerCode: 'RegionDisabled' },
      'Role arn:aws-us-gov:iam::123456789012:role/wandb does not trust ServiceAccount wandb/wandb-app (RegionDisabled).',
      'Create the role if it does not exist, and add to its trust policy: {"Effect":"Allow","Principal":{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.acme.example/id/1"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.acme.example/id/1:aud":"sts.amazonaws.com","oidc.acme.example/id/1:sub":"system:serviceaccount:wandb:wandb-app"}}}',
    ],
    [
      'IdentityRefused on AWS, by a code like a name of JavaScript',
      asRole,
      { kind: 'IdentityRefused', providerCode: 'constructor' },
      'https://sts.eu-central-1.amazonaws.com refuses role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app (constructor).',
      'Look up the code in the documentation of the identity service, and the request in its log.',
    ],
    [
      'IdentityPoolMisconfigured on Google Cloud',
      onGcp(EMAIL),
      { kind: 'IdentityPoolMisconfigured' },
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k does not accept tokens of ServiceAccount wandb/wandb-app.',
      'The provider must exist, have the issuer https://oidc.acme.example/id/1, allow the audience https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k (the default), and map google.subject to assertion.sub: gcloud iam workload-identity-pools providers describe //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k',
    ],
    [
      'ImpersonationDenied on Google Cloud',
      onGcp(EMAIL),
      { kind: 'ImpersonationDenied' },
      'Service account wandb@acme.iam.gserviceaccount.com does not allow ServiceAccount wandb/wandb-app to impersonate it.',
      'gcloud iam service-accounts add-iam-policy-binding wandb@acme.iam.gserviceaccount.com --role=roles/iam.workloadIdentityUser --member="principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/system:serviceaccount:wandb:wandb-app"',
    ],
    [
      'ImpersonationDenied on Google Cloud, with no cluster known',
      { ...poolUnknown, signIn: onGcp(EMAIL).signIn },
      { kind: 'ImpersonationDenied' },
      'Service account wandb@acme.iam.gserviceaccount.com does not allow ServiceAccount wandb-app to impersonate it.',
      'gcloud iam service-accounts add-iam-policy-binding wandb@acme.iam.gserviceaccount.com --role=roles/iam.workloadIdentityUser --member="principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/<subject>"',
    ],
    [
      'IdentityApiDisabled on Google Cloud',
      inOtherProject,
      { kind: 'IdentityApiDisabled' },
      'An API by which ServiceAccount wandb/wandb-app federated by //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k signs in is off in project 123456 of Google Cloud.',
      'gcloud services enable sts.googleapis.com iamcredentials.googleapis.com --project=123456 (and in the project of the service account, if that is another). It takes some minutes.',
    ],
    [
      'UrlSigningDenied on Google Cloud',
      onGcp(EMAIL),
      { kind: 'UrlSigningDenied' },
      'service account wandb@acme.iam.gserviceaccount.com as ServiceAccount wandb/wandb-app may not sign URLs.',
      'Allow it to sign for itself: gcloud iam service-accounts add-iam-policy-binding wandb@acme.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --member=serviceAccount:wandb@acme.iam.gserviceaccount.com',
    ],
    [
      'UrlSigningDenied on Google Cloud without a service account',
      onGcp(),
      { kind: 'UrlSigningDenied' },
      'ServiceAccount wandb/wandb-app federated by //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k may not sign URLs.',
      'Only service accounts can sign URLs: name that of W&B in workloadIdentity.impersonate.',
    ],
    [
      'UrlSigningDenied on Azure',
      onAzure,
      { kind: 'UrlSigningDenied' },
      'client client-1 of tenant tenant-1 as ServiceAccount wandb/wandb-app may not sign URLs.',
      'Allow it to get user delegation keys, at the scope of the whole account: az role assignment create --role "Storage Blob Delegator" --assignee client-1 --scope <id of storage account acmewandb>',
    ],
    [
      'FederatedCredentialMissing on Azure',
      onAzure,
      { kind: 'FederatedCredentialMissing' },
      'client client-1 of tenant tenant-1 has no federated credential for ServiceAccount wandb/wandb-app.',
      'az identity federated-credential create --name wandb --identity-name <identity> --resource-group <group> --issuer https://oidc.acme.example/id/1 --subject system:serviceaccount:wandb:wandb-app --audiences api://AzureADTokenExchange',
    ],
    [
      'FederatedCredentialMissing on Azure, with no cluster known',
      azureUnknown,
      { kind: 'FederatedCredentialMissing' },
      'client client-1 of tenant tenant-1 has no federated credential for ServiceAccount wandb-app.',
      'az identity federated-credential create --name wandb --identity-name <identity> --resource-group <group> --issuer <issuer of the cluster> --subject <subject> --audiences api://AzureADTokenExchange',
    ],
    [
      'IdentityNotFound on Azure',
      onAzure,
      { kind: 'IdentityNotFound' },
      'Microsoft Entra does not know client client-1 of tenant tenant-1.',
      'Correct clientId and tenantId in workloadIdentity: az identity show --name <identity> --resource-group <group> --query "{clientId:clientId,tenantId:tenantId}"',
    ],
    [
      'IdentityRefused on Azure',
      onAzure,
      { kind: 'IdentityRefused', providerCode: 'AADSTS70001' },
      'Microsoft Entra knows client client-1 of tenant tenant-1, which is disabled (AADSTS70001).',
      'Look up why an administrator disabled it, then enable it: az ad sp update --id <clientId> --set accountEnabled=true',
    ],
    [
      'IdentityRefused on Azure',
      onAzure,
      { kind: 'IdentityRefused', providerCode: 'AADSTS530032' },
      'A Conditional Access or security policy of the tenant blocks client client-1 of tenant tenant-1 (AADSTS530032).',
      'Look up the policy in the sign-in log of service principals in Microsoft Entra, and let the identity in.',
    ],
  ])('is explained: %s', (_what, context, failure, ...texts) => {
    expect(says(failure, context)).toEqual(texts);
  });
});
