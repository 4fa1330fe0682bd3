import type { CheckReasonName } from '../../src/checks/reasons/check-reasons.ts';
import type { CheckContext } from '../../src/checks/check.ts';
import type { BucketFailure } from '../../src/domain/observations/bucket-failure.ts';
import { err, ok } from '../../src/base/result.ts';
import { azureBlob, contextOf, gcs, goodObservations, listFails } from '../fakes/observations.ts';
import type { Row } from './row.ts';

const denied: BucketFailure = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' };
const otherKey = contextOf({
  signIn: { kind: 'AccessKey', secretName: 'prover', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' },
  principal: 'access key AKIA***OVER',
  provenFor: 'the identity of its own workload',
});

const ROLE = 'arn:aws-us-gov:iam::123456789012:role/wandb';
const BUCKET_ROLE = 'arn:aws-us-gov:iam::210987654321:role/bucket';
const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
const EMAIL = 'wandb@acme.iam.gserviceaccount.com';
const workload = {
  name: 'ServiceAccount wandb/wandb-app',
  subject: 'system:serviceaccount:wandb:wandb-app',
  issuer: 'https://oidc.acme.example/id/1',
};
const webIdentity = { kind: 'WebIdentity', serviceAccount: 'wandb-app', roleArn: ROLE } as const;
const asRole = contextOf({
  signIn: webIdentity,
  principal: `role ${ROLE} as ${workload.name}`,
  workload,
  identityUrl: 'https://sts.eu-central-1.amazonaws.com',
});
const asBucketRole = contextOf({
  ...asRole,
  signIn: { kind: 'AssumedRole', from: webIdentity, roleArn: BUCKET_ROLE, externalId: 'acme-1' },
  principal: `role ${BUCKET_ROLE} assumed by role ${ROLE} as ${workload.name}`,
});
const onGcp = (impersonate?: string): CheckContext =>
  contextOf({
    storage: gcs,
    signIn: {
      kind: 'GcpWorkloadIdentity',
      serviceAccount: 'wandb-app',
      audience: POOL,
      ...(impersonate !== undefined && { impersonate }),
    },
    principal:
      impersonate === undefined
        ? `${workload.name} federated by ${POOL}`
        : `service account ${impersonate} as ${workload.name}`,
    workload,
    identityUrl: 'https://sts.googleapis.com',
  });
const onAzure = contextOf({
  storage: azureBlob,
  signIn: { kind: 'AzureWorkloadIdentity', serviceAccount: 'wandb-app', clientId: 'client-1', tenantId: 'tenant-1' },
  principal: `client client-1 of tenant tenant-1 as ${workload.name}`,
  workload,
  identityUrl: 'https://login.microsoftonline.com',
});

function refusedToSignIn(
  reason: CheckReasonName,
  kind: BucketFailure['kind'],
  context: CheckContext,
  says: readonly string[],
): Row {
  return { check: 'Authenticated', reason, seen: listFails({ kind, httpStatus: 400 }), context, says };
}

const signIns: readonly Row[] = [
  refusedToSignIn('RoleNotAssumable', 'WebIdentityNotTrusted', asRole, [
    `Role ${ROLE} does not let ServiceAccount wandb/wandb-app in (400)`,
    '{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.acme.example/id/1"}',
    '"oidc.acme.example/id/1:aud":"sts.amazonaws.com"',
    '"oidc.acme.example/id/1:sub":"system:serviceaccount:wandb:wandb-app"',
  ]),
  refusedToSignIn('RoleNotAssumable', 'WebIdentityNotTrusted', asBucketRole, [`Role ${ROLE} does not let`]),
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
    'https://sts.eu-central-1.amazonaws.com gave no answer',
  ]),
  refusedToSignIn('IdentityRefused', 'IdentityRefused', asRole, [
    'https://sts.eu-central-1.amazonaws.com refuses role',
  ]),
  refusedToSignIn('IdentityPoolMisconfigured', 'IdentityPoolMisconfigured', onGcp(EMAIL), [
    `${POOL} does not take tokens of ServiceAccount wandb/wandb-app`,
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
  refusedToSignIn('IdentityNotFound', 'IdentityNotFound', onAzure, ['knows no client client-1 of tenant tenant-1']),
  {
    check: 'IdentityProven',
    reason: 'ExternalIdNotEnforced',
    seen: goodObservations({ externalId: ok({ enforced: false }) }),
    context: asBucketRole,
    says: [BUCKET_ROLE, '"sts:ExternalId":"acme-1"'],
  },
  {
    check: 'IdentityProven',
    reason: 'Passed',
    seen: goodObservations({ externalId: ok({ enforced: true }) }),
    context: asBucketRole,
    says: [`Proven as role ${BUCKET_ROLE}`],
  },
  { check: 'IdentityProven', reason: 'NotObserved', seen: goodObservations(), context: asBucketRole, says: [] },
  {
    check: 'CanRead',
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    context: onGcp(),
    says: [
      '--member=principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/system:',
    ],
  },
  {
    check: 'CanRead',
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    context: onAzure,
    says: ['Client client-1 of tenant tenant-1', '"Storage Blob Data Contributor" --assignee client-1'],
  },
  {
    // What the identity lacks is granted to it, and not to the owner of a key.
    check: 'CanWrite',
    reason: 'WriteDenied',
    seen: goodObservations({ write: err(denied) }),
    context: asRole,
    says: [`Role ${ROLE} as ServiceAccount wandb/wandb-app may not write`, `IAM policy of role ${ROLE}`],
  },
];

const identities: readonly Row[] = [
  {
    check: 'IdentityProven',
    reason: 'Passed',
    seen: goodObservations(),
    says: ['Proven as access key AKIA***MPLE.'],
  },
  {
    check: 'IdentityProven',
    reason: 'ProvenAsOther',
    seen: goodObservations(),
    context: otherKey,
    says: ['proven as access key AKIA***OVER', 'sign in as the identity of its own workload', 'credentialsFrom'],
  },
  {
    // The Secret to correct is the one that we signed in with.
    check: 'Authenticated',
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' }),
    context: otherKey,
    says: ['access key AKIA***OVER of Secret prover', 'kubectl patch secret prover -n wandb', '"KEY"'],
  },
];

export const SIGN_IN_ROWS: readonly Row[] = [...identities, ...signIns];
