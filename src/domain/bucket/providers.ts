import type { BucketStorage } from './storage.ts';

interface ProviderLabels {
  /** As used in sentences: `buckets of Google Cloud Storage`. */
  readonly name: string;
  /** Its member of `spec.bucket` and of `spec.validation.credentialsFrom`. */
  readonly member: string;
  /** Its name in W&B's create-team form. */
  readonly teamForm: string;
  /** Its name in the SCIM API of W&B. */
  readonly scim: string;
}

/** The labels of each provider. They do not affect decisions. */
export const PROVIDERS = {
  S3: { name: 'AWS', member: 's3', teamForm: 'AWS', scim: 'AWS' },
  S3Compatible: {
    name: 'an S3-compatible store',
    member: 's3Compatible',
    teamForm: 'S3-compatible (MinIO)',
    scim: 'MINIO',
  },
  GCS: { name: 'Google Cloud Storage', member: 'gcs', teamForm: 'GCP', scim: 'GCP' },
  AzureBlob: { name: 'Azure Blob Storage', member: 'azureBlob', teamForm: 'Azure', scim: 'AZURE' },
  CoreWeave: { name: 'CoreWeave AI Object Storage', member: 'coreWeave', teamForm: 'CoreWeave', scim: 'COREWEAVE' },
} as const satisfies Readonly<Record<BucketStorage['provider'], ProviderLabels>>;
