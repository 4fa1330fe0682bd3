import { ok } from '../../../src/base/result.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';

const workload = {
  name: 'ServiceAccount wandb/wandb-app',
  issuer: 'https://oidc.acme.example',
  subject: 'system:serviceaccount:wandb:wandb-app',
  token: () => Promise.resolve(ok(new Secret('a.token.of-wandb-app'))),
} as const;

const azure = { kind: 'AzureWorkloadIdentity', clientId: 'client', tenantId: 'tenant' } as const;

/** A container that is opened as an identity of Azure. */
export const azureIdentityTarget: BucketTarget = {
  storage: {
    provider: 'AzureBlob',
    name: 'omega-data',
    path: '',
    storageAccount: 'acmewandb',
    credentials: { kind: 'Ambient' },
    actAs: { ...azure, serviceAccount: 'wandb-app' },
  },
  credential: { ...azure, workload },
};

const gcp = {
  kind: 'GcpWorkloadIdentity',
  audience: '//iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/p/providers/k',
  impersonate: 'wandb@acme.iam.gserviceaccount.com',
} as const;

/** A bucket that is opened as an identity of Google Cloud. */
export const gcpIdentityTarget: BucketTarget = {
  storage: {
    provider: 'GCS',
    name: 'omega-data',
    path: '',
    credentials: { kind: 'Ambient' },
    actAs: { ...gcp, serviceAccount: 'wandb-app' },
  },
  credential: { ...gcp, workload },
};
