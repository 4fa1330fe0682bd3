/** Role on a bucket of Google Cloud Storage that W&B documents: it reads CORS rules and attributes of the bucket too. */
export const GCS_BUCKET_ROLE = 'roles/storage.admin';
/** Lets a workload act as a Google service account. */
export const GCS_IMPERSONATION_ROLE = 'roles/iam.workloadIdentityUser';
/** Lets a Google service account sign URLs for itself. */
export const GCS_SIGNING_ROLE = 'roles/iam.serviceAccountTokenCreator';

/** Lets an identity list, read, write and delete blobs. */
export const AZURE_DATA_ROLE = 'Storage Blob Data Contributor';
/** Lets an identity sign URLs; it is granted on the whole storage account. */
export const AZURE_SIGNING_ROLE = 'Storage Blob Delegator';
