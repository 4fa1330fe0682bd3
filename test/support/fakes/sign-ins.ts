import type { CheckContext } from '../../../src/checks/check.ts';
import { azureBlob, contextOf, gcs } from './observations.ts';

export const ROLE = 'arn:aws-us-gov:iam::123456789012:role/wandb';
export const BUCKET_ROLE = 'arn:aws-us-gov:iam::210987654321:role/bucket';
export const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
export const EMAIL = 'wandb@acme.iam.gserviceaccount.com';
export const workload = {
  name: 'ServiceAccount wandb/wandb-app',
  subject: 'system:serviceaccount:wandb:wandb-app',
  issuer: 'https://oidc.acme.example/id/1',
};
export const webIdentity = { kind: 'WebIdentity', serviceAccount: 'wandb-app', roleArn: ROLE } as const;
export const asRole = contextOf({
  signIn: webIdentity,
  principal: `role ${ROLE} as ${workload.name}`,
  workload,
  identityUrl: 'https://sts.eu-central-1.amazonaws.com',
});
export const asBucketRole = contextOf({
  ...asRole,
  signIn: { kind: 'AssumedRole', from: webIdentity, roleArn: BUCKET_ROLE, externalId: 'acme-1' },
  principal: `role ${BUCKET_ROLE} assumed by role ${ROLE} as ${workload.name}`,
});
/** As a workload of GKE, with or without a service account to act as. */
export const onGcp = (impersonate?: string): CheckContext =>
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
export const onAzure = contextOf({
  storage: azureBlob,
  signIn: { kind: 'AzureWorkloadIdentity', serviceAccount: 'wandb-app', clientId: 'client-1', tenantId: 'tenant-1' },
  principal: `client client-1 of tenant tenant-1 as ${workload.name}`,
  workload,
  identityUrl: 'https://login.microsoftonline.com',
});

/** Proven by another key than the one that W&B will use. */
export const otherKey = contextOf({
  signIn: { kind: 'AccessKey', secretName: 'prover', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' },
  principal: 'access key AKIA***OVER',
  provenFor: 'the identity of its own workload',
});
