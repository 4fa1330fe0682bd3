import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { tlsTrusted } from './tls-trusted.ts';
import { clockInSync } from './clock-in-sync.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';
import { CREDENTIAL_KINDS, listFailure } from '../../domain/observations/seen-failures.ts';
import { codeOf } from '../wording.ts';

/** Answers that a store gives only after it has accepted the signature. */
const AFTER_SIGNATURE: readonly BucketFailureKind[] = ['AccessDenied', 'BucketNotFound', 'RequesterPays'];

/** The store knows the access key and accepts its signature. */
export const authenticated = defineCheck({
  name: 'Authenticated',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [tlsTrusted, clockInSync],
  needs: ['list'],
  reasons: {
    AccessKeyUnknown: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store does not know the access key.',
      remedy: 'Correct the access key id in the Secret.',
      codes: ['InvalidAccessKeyId', 'InvalidClientTokenId'],
      proof: 'emulator',
    },
    SecretKeyWrong: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store knows the access key, but the secret key does not belong to it.',
      remedy: 'Correct the secret access key in the Secret.',
      codes: ['SignatureDoesNotMatch', 'AuthenticationFailed'],
      proof: 'emulator',
    },
    SharedKeyDisabled: {
      result: 'Fail',
      class: 'external',
      meaning: 'The Azure storage account does not allow access with account keys, even valid ones.',
      remedy: 'Set "Allow storage account key access" of the storage account.',
      codes: ['KeyBasedAuthenticationNotPermitted'],
      proof: 'scripted server',
    },
    CredentialsInvalid: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The store does not accept the credential and does not say which part is wrong: no such account, a deleted or disabled one, or a key that is not its own.',
      remedy: 'Put a valid key of an account that exists into the Secret.',
      codes: ['401 authError', 'UNAUTHENTICATED'],
      proof: 'emulator',
    },
    CredentialsExpired: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential has expired.',
      remedy: 'Put a long-lived access key into the Secret.',
      codes: ['ExpiredToken', 'TokenRefreshRequired'],
      proof: 'scripted server',
    },
    AccountSuspended: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The account of the credential or of the bucket is suspended, has unpaid bills or no subscription, or the bucket is switched off; the message says which.',
      remedy: 'Settle it in the console of the account, or ask the provider of the store.',
      codes: ['AllAccessDisabled', 'AccountProblem', 'UserSuspended', 'NotSignedUp', 'InDebt', 'AccountIsDisabled'],
      proof: 'scripted server',
    },
    TokenUnavailable: {
      result: 'Fail',
      class: 'transient',
      meaning: 'There is no token of the workload as which the bucket is to be proven.',
      remedy: 'Check the API server; the operator tries again by itself.',
      codes: ['403', '404'],
      proof: 'rules',
    },
    RoleNotAssumable: {
      result: 'Fail',
      class: 'external',
      meaning: 'The AWS role does not exist, or its trust policy does not allow the caller.',
      remedy: 'Add the statement that the message shows to the trust policy of the role.',
      codes: ['AccessDenied by STS'],
      proof: 'emulator',
    },
    IssuerNotTrusted: {
      result: 'Fail',
      class: 'external',
      meaning: 'The account of the role has no identity provider for the issuer of the cluster, or for the audience.',
      remedy: 'Create an IAM identity provider for the issuer of the cluster with the audience sts.amazonaws.com.',
      codes: ['InvalidIdentityToken', 'IDPRejectedClaim', 'InvalidParameterValue'],
      proof: 'rules',
    },
    IdentityPoolMisconfigured: {
      result: 'Fail',
      class: 'external',
      meaning: 'The workload identity pool of Google Cloud, or its provider, does not accept the token.',
      remedy: 'Correct issuer, audience and attribute mapping of the provider.',
      codes: ['invalid_grant', 'invalid_target', 'unauthorized_client'],
      proof: 'scripted server',
    },
    ImpersonationDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The Google service account does not allow the identity to impersonate it.',
      remedy: 'Grant roles/iam.workloadIdentityUser on the service account to the identity.',
      codes: ['403 PERMISSION_DENIED', '404 NOT_FOUND'],
      proof: 'scripted server',
    },
    FederatedCredentialMissing: {
      result: 'Fail',
      class: 'external',
      meaning: 'The managed identity has no federated credential for issuer, subject and audience of the token.',
      remedy: 'Create the federated credential that the message shows.',
      codes: ['AADSTS70021', 'AADSTS700211', 'AADSTS700212', 'AADSTS700213'],
      proof: 'scripted server',
    },
    IdentityNotFound: {
      result: 'Fail',
      class: 'external',
      meaning: 'Microsoft Entra does not know the client or the tenant.',
      remedy: 'Correct clientId and tenantId.',
      codes: ['AADSTS700016', 'AADSTS90002', 'AADSTS900023'],
      proof: 'scripted server',
    },
    IdentityRefused: {
      result: 'Fail',
      class: 'external',
      meaning: 'The identity service refuses with a code that the operator does not know; the message has the code.',
      remedy: 'Look up the code in the documentation of the identity service.',
      codes: ['any other 4xx of STS, IAM or Entra'],
      proof: 'rules',
    },
    UrlSigningDenied: SHARED_REASONS.UrlSigningDenied,
  },
  judge: (observations, context) => {
    const failure = listFailure(observations);
    if (failure === undefined) return passed();
    if (CREDENTIAL_KINDS.includes(failure.kind)) return failedBy(failure, context);
    if (AFTER_SIGNATURE.includes(failure.kind)) return passed();
    return unknown('NotObserved', `The store answered before it checked the credential${codeOf(failure)}.`);
  },
});
