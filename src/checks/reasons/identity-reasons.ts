import type { CheckReason } from './check-reason.ts';

/** Reasons about who signs in, where that is no plain key. */
export const IDENTITY_REASONS = {
  ProvenAsOther: {
    checks: ['IdentityProven'],
    result: 'Warn',
    meaning:
      'The bucket was proven by another principal than W&B will be: what that one may do says nothing sure of what W&B may do.',
    remedy:
      "Give W&B the same grants; or name its ServiceAccount in the bucket's credentials, without spec.validation.credentialsFrom.",
    codes: [],
  },
  ExternalIdNotEnforced: {
    checks: ['IdentityProven'],
    result: 'Warn',
    meaning:
      'The role can be assumed without the external id that the spec names, so whoever may ask W&B to use the role can reach the bucket.',
    remedy: "Add a condition on sts:ExternalId to the role's trust policy.",
    codes: [],
  },
  TokenUnavailable: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'transient',
    meaning: 'There is no token of the workload as which the bucket is to be proven.',
    remedy: 'Look at the API server; it is tried again by itself.',
    codes: ['403', '404'],
  },
  IdentityServiceUnavailable: {
    checks: 'any',
    result: 'Fail',
    class: 'transient',
    meaning: 'STS, IAM or Microsoft Entra gave no answer that can be used.',
    remedy: 'Let the operator through to the identity service; it is tried again by itself.',
    codes: ['ECONNREFUSED', 'ETIMEDOUT', 'Throttling', 'IDPCommunicationError', '429', '5xx'],
  },
  RoleNotAssumable: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The role of AWS does not exist, or its trust policy does not let in who asks for it.',
    remedy: 'Add the statement that the message shows to the trust policy of the role.',
    codes: ['AccessDenied by STS'],
  },
  IssuerNotTrusted: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The account of the role has no identity provider for the issuer of the cluster, or for the audience.',
    remedy: 'Create an IAM identity provider for the issuer of the cluster with the audience sts.amazonaws.com.',
    codes: ['InvalidIdentityToken', 'IDPRejectedClaim', 'InvalidParameterValue'],
  },
  IdentityPoolMisconfigured: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The workload identity pool of Google Cloud, or its provider, does not take the token.',
    remedy: 'Correct issuer, audience and attribute mapping of the provider.',
    codes: ['invalid_grant', 'invalid_target', 'unauthorized_client'],
  },
  ImpersonationDenied: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The Google service account does not let the identity act as it.',
    remedy: 'Grant roles/iam.workloadIdentityUser on the service account to the identity.',
    codes: ['403 PERMISSION_DENIED', '404 NOT_FOUND'],
  },
  FederatedCredentialMissing: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The managed identity has no federated credential for issuer, subject and audience of the token.',
    remedy: 'Create the federated credential that the message shows.',
    codes: ['AADSTS70021', 'AADSTS700211', 'AADSTS700212', 'AADSTS700213'],
  },
  IdentityNotFound: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'Microsoft Entra knows no such client, or no such tenant.',
    remedy: 'Correct clientId and tenantId.',
    codes: ['AADSTS700016', 'AADSTS90002', 'AADSTS900023'],
  },
  IdentityRefused: {
    checks: ['Authenticated'],
    result: 'Fail',
    class: 'external',
    meaning: 'The identity service refuses for a reason that has no name of its own here; the message has the code.',
    remedy: 'Look up the code in the documentation of the identity service.',
    codes: ['any other 4xx of STS, IAM or Entra'],
  },
  UrlSigningDenied: {
    checks: ['Authenticated', 'PresignedUrls', 'CorsAllowsApp'],
    result: 'Fail',
    class: 'external',
    meaning: 'The identity may use the bucket and may not sign URLs, by which clients and browsers reach the files.',
    remedy:
      'Grant roles/iam.serviceAccountTokenCreator on the service account to itself, or Storage Blob Delegator on the storage account.',
    codes: ['403 by signBlob', '403 by getUserDelegationKey'],
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
