import type { CheckContext, GeneralReasonName } from '../check.ts';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { contextOf, gcs, listFails, onAzureBlob, onMinio } from '../../../test/support/fakes/observations.ts';
import {
  BUCKET_ROLE,
  EMAIL,
  POOL,
  ROLE,
  asBucketRole,
  asRole,
  onAzure,
  onGcp,
  workload,
  otherKey,
} from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { authenticated } from './authenticated.ts';

function refusedToSignIn(
  reason: keyof typeof authenticated.reasons | GeneralReasonName,
  kind: BucketFailure['kind'],
  context: CheckContext,
  says: readonly string[],
) {
  return { reason, seen: listFails({ kind, httpStatus: 400 }), context, says };
}

describeCheck(authenticated, [
  {
    reason: 'AccessKeyUnknown',
    seen: listFails({ kind: 'AccessKeyUnknown', httpStatus: 403, providerCode: 'InvalidAccessKeyId' }),
    says: [
      'AKIA***MPLE',
      '(403 InvalidAccessKeyId)',
      'Correct ACCESS_KEY of Secret omega-bucket',
      'kubectl patch secret',
    ],
  },
  {
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' }),
    says: ['Correct SECRET_KEY of Secret omega-bucket'],
  },
  {
    // A proxy that rewrites Host breaks the signature as a wrong key does.
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' }),
    context: onMinio,
    says: [
      'or a proxy on the way changed what was signed',
      'changes the Host header or the path',
      'proxy_set_header Host $http_host',
    ],
  },
  {
    reason: 'AccessKeyUnknown',
    seen: listFails({ kind: 'AccessKeyUnknown', httpStatus: 403, providerCode: 'InvalidAccessKeyId' }),
    context: onMinio,
    says: ['If the id is right, check spec.bucket.s3Compatible.region'],
  },
  {
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'AuthenticationFailed' }),
    context: onAzureBlob,
    says: ['of storage account acmewandb (403 AuthenticationFailed)', 'az storage account keys list', 'kubectl patch'],
  },
  {
    reason: 'SharedKeyDisabled',
    seen: listFails({ kind: 'SharedKeyDisabled', httpStatus: 403, providerCode: 'KeyBasedAuthenticationNotPermitted' }),
    context: onAzureBlob,
    says: [
      'does not allow access with account keys',
      'az storage account update --name acmewandb --allow-shared-key-access true',
    ],
  },
  {
    reason: 'CredentialsInvalid',
    seen: listFails({ kind: 'CredentialsInvalid', httpStatus: 401, providerCode: 'authError' }),
    context: contextOf({ storage: gcs, principal: 'service account omega@acme.iam.gserviceaccount.com' }),
    says: [
      'does not accept service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket',
      '(401 authError)',
      '--iam-account=omega@acme.iam.gserviceaccount.com',
      'kubectl patch secret omega-bucket',
    ],
  },
  {
    reason: 'CredentialsExpired',
    seen: listFails({ kind: 'CredentialsExpired' }),
    says: ['expired', 'ACCESS_KEY and SECRET_KEY'],
  },
  {
    reason: 'AccountSuspended',
    seen: listFails({ kind: 'AccountSuspended' }),
    says: ['suspended'],
  },
  {
    reason: 'NotObserved',
    seen: listFails({ kind: 'ServiceUnavailable', httpStatus: 503 }),
    says: ['before it checked the credential (503)'],
  },
  refusedToSignIn('RoleNotAssumable', 'WebIdentityNotTrusted', asRole, [
    `Role ${ROLE} does not trust ServiceAccount wandb/wandb-app (400)`,
    '{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.acme.example/id/1"}',
    '"oidc.acme.example/id/1:aud":"sts.amazonaws.com"',
    '"oidc.acme.example/id/1:sub":"system:serviceaccount:wandb:wandb-app"',
  ]),
  refusedToSignIn('RoleNotAssumable', 'WebIdentityNotTrusted', asBucketRole, [`Role ${ROLE} does not trust`]),
  refusedToSignIn('RoleNotAssumable', 'RoleNotAssumable', asBucketRole, [
    `Role ${ROLE} may not assume role ${BUCKET_ROLE} with this external id`,
    `"Principal":{"AWS":"${ROLE}"}`,
    '"sts:ExternalId":"acme-1"',
    `"Action":"sts:AssumeRole","Resource":"${BUCKET_ROLE}"`,
  ]),
  refusedToSignIn('IssuerNotTrusted', 'IssuerNotTrusted', asRole, [
    'create-open-id-connect-provider --url https://oidc.acme.example/id/1 --client-id-list sts.amazonaws.com',
  ]),
  refusedToSignIn('TokenUnavailable', 'TokenUnavailable', asRole, [workload.name, 'serviceaccounts/token', 'wandb']),
  refusedToSignIn('IdentityServiceUnavailable', 'IdentityServiceUnavailable', asRole, [
    'https://sts.eu-central-1.amazonaws.com gave no usable answer',
  ]),
  refusedToSignIn('IdentityRefused', 'IdentityRefused', asRole, [
    'https://sts.eu-central-1.amazonaws.com refuses role',
  ]),
  {
    reason: 'IdentityRefused',
    seen: listFails({ kind: 'IdentityRefused', httpStatus: 403, providerCode: 'RegionDisabledException' }),
    context: asRole,
    says: ['STS at https://sts.eu-central-1.amazonaws.com is not activated', 'Security Token Service'],
  },
  {
    reason: 'IdentityRefused',
    seen: listFails({ kind: 'IdentityRefused', httpStatus: 400, providerCode: 'AADSTS7000112' }),
    context: onAzure,
    says: ['client client-1 of tenant tenant-1, which is disabled', 'az ad sp update --id <clientId>'],
  },
  {
    reason: 'IdentityRefused',
    seen: listFails({ kind: 'IdentityRefused', httpStatus: 400, providerCode: 'AADSTS53003' }),
    context: onAzure,
    says: ['Conditional Access', 'blocks client client-1 of tenant tenant-1', 'sign-in log'],
  },
  refusedToSignIn('IdentityPoolMisconfigured', 'IdentityPoolMisconfigured', onGcp(EMAIL), [
    `${POOL} does not accept tokens of ServiceAccount wandb/wandb-app`,
    'https://oidc.acme.example/id/1',
    `https:${POOL}`,
    'gcloud iam workload-identity-pools providers describe',
  ]),
  refusedToSignIn('ImpersonationDenied', 'ImpersonationDenied', onGcp(EMAIL), [
    `gcloud iam service-accounts add-iam-policy-binding ${EMAIL} --role=roles/iam.workloadIdentityUser`,
    'workloadIdentityPools/p/subject/system:serviceaccount:wandb:wandb-app"',
  ]),
  refusedToSignIn('UrlSigningDenied', 'UrlSigningDenied', onGcp(EMAIL), [
    `--role=roles/iam.serviceAccountTokenCreator --member=serviceAccount:${EMAIL}`,
  ]),
  refusedToSignIn('UrlSigningDenied', 'UrlSigningDenied', onGcp(), ['workloadIdentity.impersonate']),
  refusedToSignIn('UrlSigningDenied', 'UrlSigningDenied', onAzure, ['"Storage Blob Delegator" --assignee client-1']),
  refusedToSignIn('FederatedCredentialMissing', 'FederatedCredentialMissing', onAzure, [
    'client client-1 of tenant tenant-1 has no federated credential for ServiceAccount wandb/wandb-app',
    '--issuer https://oidc.acme.example/id/1 --subject system:serviceaccount:wandb:wandb-app',
    '--audiences api://AzureADTokenExchange',
  ]),
  refusedToSignIn('IdentityNotFound', 'IdentityNotFound', onAzure, [
    'does not know client client-1 of tenant tenant-1',
  ]),
  {
    // The Secret to correct is the one that we signed in with.
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' }),
    context: otherKey,
    says: ['access key AKIA***OVER of Secret prover', 'kubectl patch secret prover -n wandb', '"KEY"'],
  },
]);
