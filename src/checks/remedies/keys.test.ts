import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../base/result.ts';
import {
  contextOf,
  goodObservations,
  minio,
  onAzureBlob,
  onCoreWeave,
  onGcs,
  onMinio,
  s3,
} from '../../../test/support/fakes/observations.ts';
import { faultsIn } from '../../../test/support/fakes/reports.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1';
const withKey = contextOf({ storage: { ...s3, kmsKeyArn: KEY } });
const withKeyId = contextOf({ storage: { ...minio, kmsKeyId: 'key-1' } });

const withoutKey = goodObservations({ read: ok({ intact: true, encryption: { algorithm: 'AES256' } }) });

describe('a key that encrypts', () => {
  it.each<readonly [what: string, context: CheckContext, seen: Observations, ...says: string[]]>([
    [
      'is unknown on an S3-compatible store',
      onMinio,
      goodObservations({ write: err({ kind: 'KmsKeyNotFound' }) }),
      'KmsUsable: KmsKeyNotFound',
      'Writing an object failed. The KMS key for bucket omega-data at https://minio.acme.example:9000 does not exist.',
      'Create the key in the KMS of the store (MinIO: mc admin kms key create <alias> <key>), or correct spec.bucket.s3Compatible.kmsKeyId and the encryption settings of the bucket.',
    ],
    [
      'is unknown on Google Cloud',
      onGcs,
      goodObservations({ write: err({ kind: 'KmsKeyNotFound' }) }),
      'KmsUsable: KmsKeyNotFound',
      'Writing an object failed. The KMS key for bucket acme-wandb/teams/omega on Google Cloud Storage does not exist.',
      'Correct the default key of the bucket, which the command replaces; it must be in the location of the bucket: gcloud storage buckets update gs://acme-wandb --default-encryption-key=projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, or remove it: gcloud storage buckets update gs://acme-wandb --clear-default-encryption-key',
    ],
    [
      'is unknown on Azure',
      onAzureBlob,
      goodObservations({ write: err({ kind: 'KmsKeyNotFound' }) }),
      'KmsUsable: KmsKeyNotFound',
      'Writing an object failed. The KMS key for container omega-data of storage account acmewandb does not exist.',
      'Correct vault and key of storage account acmewandb: az storage account update --name acmewandb --encryption-key-source Microsoft.Keyvault --encryption-key-vault <vault> --encryption-key-name <key>',
    ],
    [
      'is disabled on an S3-compatible store',
      onMinio,
      goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
      'KmsUsable: KmsKeyDisabled',
      'Writing an object failed. The KMS key with which bucket omega-data at https://minio.acme.example:9000 encrypts is disabled or about to be deleted.',
      'Enable the key in the KMS of the store (MinIO: mc admin kms key status <alias> <key>).',
    ],
    [
      'is disabled on an S3-compatible store with a key',
      withKeyId,
      goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
      'KmsUsable: KmsKeyDisabled',
      'Writing an object failed. The KMS key with which bucket omega-data at https://minio.acme.example:9000 encrypts is disabled or about to be deleted.',
      'Enable the key in the KMS of the store (MinIO: mc admin kms key status <alias> key-1).',
    ],
    [
      'is disabled on CoreWeave',
      onCoreWeave,
      goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
      'KmsUsable: KmsKeyDisabled',
      'Writing an object failed. The KMS key with which bucket acme-wandb/teams/omega at https://cwobject.com encrypts is disabled or about to be deleted.',
      'CoreWeave does not support KMS keys: remove the key from the encryption settings of bucket acme-wandb.',
    ],
    [
      'is disabled on Google Cloud',
      onGcs,
      goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
      'KmsUsable: KmsKeyDisabled',
      'Writing an object failed. The KMS key with which bucket acme-wandb/teams/omega on Google Cloud Storage encrypts is disabled or about to be deleted.',
      'Enable the version of the key: gcloud kms keys versions enable <version> --key <key> --keyring <ring> --location <location> (after gcloud kms keys versions restore, if its destruction was scheduled).',
    ],
    [
      'is disabled on Azure',
      onAzureBlob,
      goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
      'KmsUsable: KmsKeyDisabled',
      'Writing an object failed. The KMS key with which container omega-data of storage account acmewandb encrypts is disabled or about to be deleted.',
      'Enable the key: az keyvault key set-attributes --vault-name <vault> --name <key> --enabled true',
    ],
    [
      'is refused on an S3-compatible store',
      onMinio,
      goodObservations({ read: err({ kind: 'KmsAccessDenied' }) }),
      'KmsUsable: KmsAccessDenied',
      'Reading an object back failed. The owner of access key AKIA***MPLE of Secret omega-bucket may not use the KMS key with which bucket omega-data at https://minio.acme.example:9000 encrypts.',
      'Allow the owner of the access key to use the encryption key, in the policies of the store and of its KMS.',
    ],
    [
      'is refused on Google Cloud',
      onGcs,
      goodObservations({ read: err({ kind: 'KmsAccessDenied' }) }),
      'KmsUsable: KmsAccessDenied',
      'Reading an object back failed. The service agent of Cloud Storage in the project of the bucket may not use the KMS key with which bucket acme-wandb/teams/omega on Google Cloud Storage encrypts.',
      'Allow the service agent of Cloud Storage to use the key: gcloud storage service-agent --authorize-cmek=projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
    ],
    [
      'is refused on Azure',
      onAzureBlob,
      goodObservations({ read: err({ kind: 'KmsAccessDenied' }) }),
      'KmsUsable: KmsAccessDenied',
      'Reading an object back failed. The identity of storage account acmewandb may not use the KMS key with which container omega-data of storage account acmewandb encrypts.',
      'Allow the identity of storage account acmewandb to use the key: az role assignment create --role "Key Vault Crypto Service Encryption User" --assignee <identity of the account> --scope <id of the vault>',
    ],
    [
      'has no KMS on an S3-compatible store',
      onMinio,
      goodObservations({ write: err({ kind: 'KmsNotConfigured' }) }),
      'KmsUsable: KmsNotConfigured',
      'Writing an object failed. The bucket omega-data at https://minio.acme.example:9000 requires encryption with a key, and the store has no KMS, or none for this account.',
      'Configure the KMS of the store, or remove the key from spec.bucket.s3Compatible.kmsKeyId and from the encryption settings of the bucket.',
    ],
    [
      'has no KMS on Google Cloud',
      onGcs,
      goodObservations({ write: err({ kind: 'KmsNotConfigured' }) }),
      'KmsUsable: KmsNotConfigured',
      'Writing an object failed. The bucket acme-wandb/teams/omega on Google Cloud Storage requires encryption with a key, and the store has no KMS, or none for this account.',
      'Correct the default key of the bucket, which the command replaces; it must be in the location of the bucket: gcloud storage buckets update gs://acme-wandb --default-encryption-key=projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, or remove it: gcloud storage buckets update gs://acme-wandb --clear-default-encryption-key',
    ],
    [
      'has no KMS on Azure',
      onAzureBlob,
      goodObservations({ write: err({ kind: 'KmsNotConfigured' }) }),
      'KmsUsable: KmsNotConfigured',
      'Writing an object failed. The container omega-data of storage account acmewandb requires encryption with a key, and the store has no KMS, or none for this account.',
      'Correct vault and key of storage account acmewandb: az storage account update --name acmewandb --encryption-key-source Microsoft.Keyvault --encryption-key-vault <vault> --encryption-key-name <key>',
    ],
    [
      'is not the one of the spec on AWS',
      withKey,
      withoutKey,
      'EncryptionMatches: KmsKeyMismatch',
      'The bucket acme-wandb/teams/omega in eu-central-1 encrypts new objects by AES256, and the spec names key arn:aws:kms:eu-central-1:123456789012:key/1.',
      'Correct the key in the spec, or have the bucket encrypt with it, which replaces its default encryption: aws s3api put-bucket-encryption --bucket acme-wandb --server-side-encryption-configuration \'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:eu-central-1:123456789012:key/1"},"BucketKeyEnabled":true}]}\'',
    ],
    [
      'is not the one of the spec on an S3-compatible store',
      withKeyId,
      withoutKey,
      'EncryptionMatches: KmsKeyMismatch',
      'The bucket omega-data at https://minio.acme.example:9000 encrypts new objects by AES256, and the spec names key key-1.',
      'Correct the key in the spec, or have the bucket encrypt with it, which replaces its default encryption: MinIO: mc encrypt set sse-kms key-1 <alias>/omega-data',
    ],
  ])('%s', (_what, context, seen, ...says) => {
    expect(faultsIn(seen, context)).toEqual(says);
  });
});
