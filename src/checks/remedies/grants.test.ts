import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../base/result.ts';
import {
  contextOf,
  credentials,
  denied,
  goodObservations,
  listFails,
  onAzureBlob,
  onGcs,
  onMinio,
  s3,
  withSettings,
} from '../../../test/support/fakes/observations.ts';
import { asRole, BUCKET_ROLE, EMAIL, onAzure, onGcp } from '../../../test/support/fakes/sign-ins.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { judgeAll } from '../judge.ts';
const onCoreWeave = contextOf({
  storage: {
    provider: 'CoreWeave',
    name: 'acme-wandb',
    path: 'teams/omega',
    region: 'US-EAST-04A',
    credentials: s3.credentials,
  },
});
const byKey = contextOf({
  signIn: { kind: 'AssumedRole', from: credentials, roleArn: BUCKET_ROLE },
  principal: `role ${BUCKET_ROLE} assumed by access key AKIA***MPLE`,
});

/** What is not well, as the status shows it. */
function report(seen: Observations, context: CheckContext): readonly string[] {
  return judgeAll(seen, context, { ignore: [] })
    .filter(({ result }) => result === 'Fail' || result === 'Warn')
    .flatMap(({ name, reason, message = '', remedy = '' }) => [`${name}: ${reason}`, message, remedy]);
}

describe('the grant that is missing', () => {
  it.each<readonly [what: string, context: CheckContext, seen: Observations, ...says: string[]]>([
    [
      'to list on AWS',
      contextOf(),
      listFails(denied),
      'CanList: ListDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not list bucket acme-wandb/teams/omega in eu-central-1 under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another account.',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-wandb"} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.',
    ],
    [
      'to list on an S3-compatible store',
      onMinio,
      listFails(denied),
      'CanList: ListDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not list bucket omega-data at https://minio.acme.example:9000 (403 AccessDenied). Either the grant is missing, or the bucket does not exist: the store gives the same answer for both.',
      'Add to the policy that the store attaches to access key AKIA***MPLE of Secret omega-bucket (MinIO: mc admin policy create under a new name, which would otherwise replace that policy, then attach): {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::omega-data"} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.',
    ],
    [
      'to list on CoreWeave',
      onCoreWeave,
      listFails(denied),
      'CanList: ListDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not list bucket acme-wandb/teams/omega at https://cwobject.com under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another organization.',
      'Add to an organization access policy or the bucket policy for the principal of access key AKIA***MPLE of Secret omega-bucket: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-wandb"} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.',
    ],
    [
      'to list on Google Cloud',
      onGcs,
      listFails(denied),
      'CanList: ListDenied',
      'The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket may not list bucket acme-wandb/teams/omega on Google Cloud Storage under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another project.',
      'It lacks storage.objects.list. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to list on Azure',
      onAzureBlob,
      listFails(denied),
      'CanList: ListDenied',
      'The owner of the account key of Secret omega-bucket may not list container omega-data of storage account acmewandb (403 AccessDenied). The firewall of a storage account gives the same answer as a missing role.',
      'An account key has all permissions, so check the firewall of storage account acmewandb (az storage account network-rule list --account-name acmewandb) and its setting "Allow storage account key access". The role for an identity: az role assignment create --role "Storage Blob Data Contributor" --assignee <identity> --scope <id of the storage account>',
    ],
    [
      'to list on AWS as a role',
      asRole,
      listFails(denied),
      'CanList: ListDenied',
      'Role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app may not list bucket acme-wandb/teams/omega in eu-central-1 under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another account.',
      'Add to the IAM policy of role arn:aws-us-gov:iam::123456789012:role/wandb as ServiceAccount wandb/wandb-app, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-wandb"} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.',
    ],
    [
      'to list on Google Cloud as a service account',
      onGcp(EMAIL),
      listFails(denied),
      'CanList: ListDenied',
      'Service account wandb@acme.iam.gserviceaccount.com as ServiceAccount wandb/wandb-app may not list bucket acme-wandb/teams/omega on Google Cloud Storage under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another project.',
      'It lacks storage.objects.list. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:wandb@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to list on Google Cloud as a pool',
      onGcp(),
      listFails(denied),
      'CanList: ListDenied',
      'ServiceAccount wandb/wandb-app federated by //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k may not list bucket acme-wandb/teams/omega on Google Cloud Storage under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another project.',
      'It lacks storage.objects.list. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/system:serviceaccount:wandb:wandb-app --role=roles/storage.admin',
    ],
    [
      'to list on Azure as an identity',
      onAzure,
      listFails(denied),
      'CanList: ListDenied',
      'Client client-1 of tenant tenant-1 as ServiceAccount wandb/wandb-app may not list container omega-data of storage account acmewandb (403 AccessDenied). The firewall of a storage account gives the same answer as a missing role.',
      'az role assignment create --role "Storage Blob Data Contributor" --assignee client-1 --scope <id of the storage account> (it takes effect after some minutes); then check the firewall of storage account acmewandb (az storage account network-rule list --account-name acmewandb).',
    ],
    [
      'to list on AWS as a role that a key assumes',
      byKey,
      listFails(denied),
      'CanList: ListDenied',
      'Role arn:aws-us-gov:iam::210987654321:role/bucket assumed by access key AKIA***MPLE of Secret omega-bucket may not list bucket acme-wandb/teams/omega in eu-central-1 under teams/omega/ (403 AccessDenied). Either the grant is missing, or a bucket named acme-wandb belongs to another account.',
      'Add to the IAM policy of role arn:aws-us-gov:iam::210987654321:role/bucket assumed by access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-wandb"} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.',
    ],
    [
      'to write on AWS',
      contextOf(),
      goodObservations({ write: err(denied) }),
      'CanWrite: WriteDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not write to bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied).',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'to write on an S3-compatible store',
      onMinio,
      goodObservations({ write: err(denied) }),
      'CanWrite: WriteDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not write to bucket omega-data at https://minio.acme.example:9000 (403 AccessDenied).',
      'Add to the policy that the store attaches to access key AKIA***MPLE of Secret omega-bucket (MinIO: mc admin policy create under a new name, which would otherwise replace that policy, then attach): {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::omega-data/*"}',
    ],
    [
      'to write on CoreWeave',
      onCoreWeave,
      goodObservations({ write: err(denied) }),
      'CanWrite: WriteDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not write to bucket acme-wandb/teams/omega at https://cwobject.com (403 AccessDenied).',
      'Add to an organization access policy or the bucket policy for the principal of access key AKIA***MPLE of Secret omega-bucket: {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'to write on Google Cloud',
      onGcs,
      goodObservations({ write: err(denied) }),
      'CanWrite: WriteDenied',
      'The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket may not write to bucket acme-wandb/teams/omega on Google Cloud Storage (403 AccessDenied).',
      'It lacks storage.objects.create. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to write on Azure',
      onAzureBlob,
      goodObservations({ write: err(denied) }),
      'CanWrite: WriteDenied',
      'The owner of the account key of Secret omega-bucket may not write to container omega-data of storage account acmewandb (403 AccessDenied).',
      'An account key has all permissions, so check the firewall of storage account acmewandb (az storage account network-rule list --account-name acmewandb) and its setting "Allow storage account key access". The role for an identity: az role assignment create --role "Storage Blob Data Contributor" --assignee <identity> --scope <id of the storage account>',
    ],
    [
      'to read on AWS',
      contextOf(),
      goodObservations({ read: err(denied) }),
      'CanRead: ReadDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not read from bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied).',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'to read on Google Cloud',
      onGcs,
      goodObservations({ read: err(denied) }),
      'CanRead: ReadDenied',
      'The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket may not read from bucket acme-wandb/teams/omega on Google Cloud Storage (403 AccessDenied).',
      'It lacks storage.objects.get. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to delete on AWS',
      contextOf(),
      goodObservations({ delete: err(denied) }),
      'CanDelete: DeleteDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not delete from bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied): garbage collection would free nothing. One probe object stays under .wandb-storage-probe/ and is removed as soon as deletion is allowed.',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'to delete on Google Cloud',
      onGcs,
      goodObservations({ delete: err(denied) }),
      'CanDelete: DeleteDenied',
      'The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket may not delete from bucket acme-wandb/teams/omega on Google Cloud Storage (403 AccessDenied): garbage collection would free nothing. One probe object stays under .wandb-storage-probe/ and is removed as soon as deletion is allowed.',
      'Look for a retention policy and for holds (gcloud storage buckets describe gs://acme-wandb), which no grant overrides. Otherwise: It lacks storage.objects.delete. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to abort uploads on AWS',
      contextOf(),
      goodObservations({ multipart: { ...goodObservations().multipart, abort: err(denied) } }),
      'MultipartUpload: AbortDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not abort uploads in parts in bucket acme-wandb/teams/omega in eu-central-1 (403 AccessDenied): the parts of incomplete ones stay and cost money.',
      'Add to the IAM policy of the owner of access key AKIA***MPLE of Secret omega-bucket, and look for a Deny in the bucket policy: {"Effect":"Allow","Action":"s3:AbortMultipartUpload","Resource":"arn:aws:s3:::acme-wandb/teams/omega/*"}',
    ],
    [
      'to abort uploads on Google Cloud',
      onGcs,
      goodObservations({ multipart: { ...goodObservations().multipart, abort: err(denied) } }),
      'MultipartUpload: AbortDenied',
      'The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket may not abort uploads in parts in bucket acme-wandb/teams/omega on Google Cloud Storage (403 AccessDenied): the parts of incomplete ones stay and cost money.',
      'It lacks storage.multipartUploads.abort. W&B requires roles/storage.admin on the bucket: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
    [
      'to see uploads on an S3-compatible store',
      onMinio,
      goodObservations({ multipart: { ...goodObservations().multipart, list: err(denied) } }),
      'GrantComplete: GrantIncomplete',
      "The owner of access key AKIA***MPLE of Secret omega-bucket has no s3:ListBucketMultipartUploads on bucket omega-data at https://minio.acme.example:9000: W&B's documentation requires this, and W&B checks or uses it.",
      'Add to the policy: {"Effect":"Allow","Action":["s3:ListBucketMultipartUploads"],"Resource":["arn:aws:s3:::omega-data","arn:aws:s3:::omega-data/*"]}',
    ],
    [
      'what W&B documents on AWS',
      contextOf(),
      withSettings({
        versioning: err(denied),
        probeVersions: err(denied),
        location: err(denied),
        encryption: err(denied),
        cors: err(denied),
      }),
      'GrantComplete: GrantIncomplete',
      "The owner of access key AKIA***MPLE of Secret omega-bucket has no s3:GetBucketVersioning, s3:ListBucketVersions, s3:GetBucketLocation, s3:GetEncryptionConfiguration, s3:GetBucketCORS on bucket acme-wandb/teams/omega in eu-central-1: W&B's documentation requires this, and W&B checks or uses it.",
      'Add to the policy: {"Effect":"Allow","Action":["s3:GetBucketVersioning","s3:ListBucketVersions","s3:GetBucketLocation","s3:GetEncryptionConfiguration","s3:GetBucketCORS"],"Resource":["arn:aws:s3:::acme-wandb","arn:aws:s3:::acme-wandb/*"]}',
    ],
    [
      'what W&B documents on CoreWeave',
      onCoreWeave,
      withSettings({
        versioning: err(denied),
        probeVersions: err(denied),
        location: err(denied),
        encryption: err(denied),
        cors: err(denied),
      }),
      'GrantComplete: GrantIncomplete',
      "The owner of access key AKIA***MPLE of Secret omega-bucket has no s3:GetBucketVersioning, s3:ListBucketVersions, s3:GetBucketLocation, s3:GetEncryptionConfiguration, s3:GetBucketCORS on bucket acme-wandb/teams/omega at https://cwobject.com: W&B's documentation requires this, and W&B checks or uses it.",
      'Add to the policy: {"Effect":"Allow","Action":["s3:GetBucketVersioning","s3:ListBucketVersions","s3:GetBucketLocation","s3:GetEncryptionConfiguration","s3:GetBucketCORS"],"Resource":["arn:aws:s3:::acme-wandb","arn:aws:s3:::acme-wandb/*"]}',
    ],
    [
      'what W&B documents on Google Cloud',
      onGcs,
      withSettings({ missingPermissions: ok(['storage.buckets.get', 'storage.objects.list']) }),
      'GrantComplete: GrantIncomplete',
      "The service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket has no storage.buckets.get, storage.objects.list on bucket acme-wandb/teams/omega on Google Cloud Storage: W&B's documentation requires this, and W&B checks or uses it.",
      'W&B requires roles/storage.admin, which includes storage.buckets.get, storage.objects.list: gcloud storage buckets add-iam-policy-binding gs://acme-wandb --member=serviceAccount:omega@acme.iam.gserviceaccount.com --role=roles/storage.admin',
    ],
  ])('%s', (_what, context, seen, ...says) => {
    expect(report(seen, context)).toEqual(says);
  });
});
