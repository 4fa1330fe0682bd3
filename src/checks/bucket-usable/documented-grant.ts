import type { Observations, Observed } from '../../domain/observations/observations.ts';
import { assertNever } from '../../base/result.ts';
import type { S3BucketAction } from '../../domain/policy/s3-grant.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';

/**
 * Actions of the bucket policy that W&B documents, with the observation that
 * shows them. The other actions of that policy (s3:ListBucket, s3:PutObject,
 * s3:GetObject, s3:DeleteObject, s3:AbortMultipartUpload) have their own checks.
 */
const S3_ACTIONS: readonly (readonly [S3BucketAction, (seen: Observations) => Observed<unknown> | undefined])[] = [
  ['s3:GetBucketVersioning', ({ settings }) => settings?.versioning],
  ['s3:ListBucketVersions', ({ settings }) => settings?.probeVersions],
  ['s3:GetBucketLocation', ({ settings }) => settings?.location],
  ['s3:GetEncryptionConfiguration', ({ settings }) => settings?.encryption],
  ['s3:GetBucketCORS', ({ settings }) => settings?.cors],
  ['s3:ListBucketMultipartUploads', ({ multipart }) => multipart?.list],
];

/** Permissions that W&B documents and the store refused. */
export function missingOfGrant(provider: BucketStorage['provider'], seen: Observations): readonly string[] {
  switch (provider) {
    case 'S3':
    case 'S3Compatible':
    case 'CoreWeave':
      return S3_ACTIONS.filter(([, used]) => isDenied(used(seen))).map(([action]) => action);
    case 'GCS': {
      const missingPermissions = seen.settings?.missingPermissions;
      return missingPermissions?.ok === true ? missingPermissions.value : [];
    }
    case 'AzureBlob':
      return [];
    default:
      return assertNever(provider);
  }
}

function isDenied(seen: Observed<unknown> | undefined): boolean {
  return seen?.ok === false && seen.error.kind === 'AccessDenied';
}
