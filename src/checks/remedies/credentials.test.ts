import { describe, expect, it } from '@jest/globals';
import {
  contextOf,
  listFails,
  onAzureBlob,
  onCoreWeave,
  onGcs,
  onMinio,
} from '../../../test/support/fakes/observations.ts';
import { asRole, onAzure, otherKey } from '../../../test/support/fakes/sign-ins.ts';
import { faultsIn } from '../../../test/support/fakes/reports.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';

describe('a credential that the store refuses', () => {
  it.each<readonly [what: string, context: CheckContext, seen: Observations, ...says: string[]]>([
    [
      'an unknown id on AWS',
      contextOf(),
      listFails({ kind: 'AccessKeyUnknown' }),
      'Authenticated: AccessKeyUnknown',
      'https://s3.eu-central-1.amazonaws.com does not know access key AKIA***MPLE of Secret omega-bucket.',
      'Correct ACCESS_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>"}}\'',
    ],
    [
      'an unknown id on an S3-compatible store',
      onMinio,
      listFails({ kind: 'AccessKeyUnknown' }),
      'Authenticated: AccessKeyUnknown',
      'https://minio.acme.example:9000 does not know access key AKIA***MPLE of Secret omega-bucket.',
      'Correct ACCESS_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>"}}\' If the id is right, check spec.bucket.s3Compatible.region: some stores (OCI) know a key in its own region only.',
    ],
    [
      'an unknown id on CoreWeave',
      onCoreWeave,
      listFails({ kind: 'AccessKeyUnknown' }),
      'Authenticated: AccessKeyUnknown',
      'https://cwobject.com does not know access key AKIA***MPLE of Secret omega-bucket.',
      'Correct ACCESS_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>"}}\'',
    ],
    [
      'an unknown id on AWS with another key',
      otherKey,
      listFails({ kind: 'AccessKeyUnknown' }),
      'Authenticated: AccessKeyUnknown',
      'https://s3.eu-central-1.amazonaws.com does not know access key AKIA***OVER of Secret prover.',
      'Correct ID of Secret prover: kubectl patch secret prover -n wandb -p \'{"stringData":{"ID":"<new value>"}}\'',
    ],
    [
      'an unknown id on AWS as a role',
      asRole,
      listFails({ kind: 'AccessKeyUnknown' }),
      'Authenticated: AccessKeyUnknown',
      'https://s3.eu-central-1.amazonaws.com does not know role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app.',
      'Correct the identity of the workload that signs in to the store.',
    ],
    [
      'a wrong key on an S3-compatible store',
      onMinio,
      listFails({ kind: 'SignatureMismatch' }),
      'Authenticated: SecretKeyWrong',
      'https://minio.acme.example:9000 knows access key AKIA***MPLE of Secret omega-bucket, but not the signature: the secret key does not belong to it, or a proxy on the way changed what was signed.',
      'Correct SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"SECRET_KEY":"<new value>"}}\' If the key is right, look for a proxy before the store that changes the Host header or the path, which are signed: it must pass on host and port as clients send them (nginx: proxy_set_header Host $http_host; and proxy_pass without a path).',
    ],
    [
      'a wrong key on CoreWeave',
      onCoreWeave,
      listFails({ kind: 'SignatureMismatch' }),
      'Authenticated: SecretKeyWrong',
      'https://cwobject.com knows access key AKIA***MPLE of Secret omega-bucket, but the secret key does not belong to it.',
      'Correct SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'a wrong key on Azure',
      onAzureBlob,
      listFails({ kind: 'SignatureMismatch' }),
      'Authenticated: SecretKeyWrong',
      'https://acmewandb.blob.core.windows.net does not accept the account key of Secret omega-bucket as a key of storage account acmewandb.',
      'Take key1 or key2 from az storage account keys list --account-name acmewandb. Correct AZURE_STORAGE_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"AZURE_STORAGE_KEY":"<new value>"}}\'',
    ],
    [
      'an invalid credential on an S3-compatible store',
      onMinio,
      listFails({ kind: 'CredentialsInvalid' }),
      'Authenticated: CredentialsInvalid',
      'https://minio.acme.example:9000 does not accept access key AKIA***MPLE of Secret omega-bucket: it was deleted or disabled, or its key is not that of the account.',
      'Correct ACCESS_KEY and SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>","SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'an invalid credential on Google Cloud',
      onGcs,
      listFails({ kind: 'CredentialsInvalid' }),
      'Authenticated: CredentialsInvalid',
      'https://storage.googleapis.com does not accept service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket: it was deleted or disabled, or its key is not that of the account.',
      'Create a key with gcloud iam service-accounts keys create key.json --iam-account=omega@acme.iam.gserviceaccount.com. Correct key.json of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"key.json":"<new value>"}}\'',
    ],
    [
      'an invalid credential on Azure',
      onAzureBlob,
      listFails({ kind: 'CredentialsInvalid' }),
      'Authenticated: CredentialsInvalid',
      'https://acmewandb.blob.core.windows.net does not accept the account key of Secret omega-bucket: it was deleted or disabled, or its key is not that of the account.',
      'Take key1 or key2 from az storage account keys list --account-name acmewandb. Correct AZURE_STORAGE_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"AZURE_STORAGE_KEY":"<new value>"}}\'',
    ],
    [
      'an invalid credential on Azure as an identity',
      onAzure,
      listFails({ kind: 'CredentialsInvalid' }),
      'Authenticated: CredentialsInvalid',
      'https://acmewandb.blob.core.windows.net does not accept client client-1 of tenant tenant-1 as ServiceAccount wandb/wandb-app: it was deleted or disabled, or its key is not that of the account.',
      'Correct the identity of the workload that signs in to the store.',
    ],
    [
      'an expired credential on an S3-compatible store',
      onMinio,
      listFails({ kind: 'CredentialsExpired' }),
      'Authenticated: CredentialsExpired',
      'The access key AKIA***MPLE of Secret omega-bucket has expired.',
      'W&B needs a key that does not expire. Correct ACCESS_KEY and SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>","SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'no keys at all on Azure',
      onAzureBlob,
      listFails({ kind: 'SharedKeyDisabled' }),
      'Authenticated: SharedKeyDisabled',
      'https://acmewandb.blob.core.windows.net does not allow access with account keys, even valid ones.',
      'Allow account keys: az storage account update --name acmewandb --allow-shared-key-access true (an Azure Policy may revert it).',
    ],
  ])('%s', (_what, context, seen, ...says) => {
    expect(faultsIn(seen, context)).toEqual(says);
  });
});
