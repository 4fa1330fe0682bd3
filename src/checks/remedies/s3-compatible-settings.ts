import type { S3CompatibleStorage } from '../../domain/bucket/storage.ts';
import { grantStatement } from './s3-settings.ts';
import { permissionToRead, type KeyProblem, type SettingsMessages, type UnreadSetting } from './settings-messages.ts';

const ACTIONS: Readonly<Record<UnreadSetting, string>> = {
  retention: 's3:GetBucketObjectLockConfiguration',
  versioning: 's3:GetBucketVersioning',
  lifecycle: 's3:GetLifecycleConfiguration',
};

/** MinIO, Ceph RGW, R2 and other S3-compatible stores; commands are those of MinIO. */
export function s3CompatibleSettingsMessages({ name, kmsKeyId }: S3CompatibleStorage): SettingsMessages {
  const bucket = `<alias>/${name}`;
  const look: Readonly<Record<UnreadSetting, string>> = {
    retention: `mc retention info --default ${bucket}`,
    versioning: `mc version info ${bucket}`,
    lifecycle: `mc ilm rule ls ${bucket}`,
  };
  return {
    permissionFor: (setting) => permissionToRead(setting, ACTIONS[setting], `MinIO: ${look[setting]}`),
    removeRetention: `Remove the default retention, or the rule that locks objects, from the settings of the bucket (MinIO: mc retention clear --default ${bucket}). Existing objects may keep their own dates.`,
    keepDeleted: `MinIO: mc version enable ${bucket}`,
    expireVersions: (probePrefix) =>
      `Add a lifecycle rule (MinIO: mc ilm rule add --prefix "${probePrefix}" --noncurrent-expire-days 1 --expire-delete-marker ${bucket}).`,
    changeLifecycle: `List the rules (MinIO: mc ilm rule ls ${bucket}), then exclude the path from the rule, or remove the rule (mc ilm rule rm --id <id> ${bucket}).`,
    changeClass: `Restore the objects or copy them to the standard class, and remove transitions from the lifecycle rules (MinIO: mc ilm rule ls ${bucket}).`,
    payForRequests: `Disable requester pays for bucket ${name} in the settings of the store.`,
    fixKey: (problem) => fixKey(problem, kmsKeyId ?? '<key>'),
    encryptWith: (key) => `MinIO: mc encrypt set sse-kms ${key} ${bucket}`,
    grantAll: (permissions) => grantStatement(permissions, name, 'aws'),
  };
}

function fixKey(problem: KeyProblem, key: string): string {
  switch (problem) {
    case 'NotFound':
      return `Create the key in the KMS of the store (MinIO: mc admin kms key create <alias> ${key}), or correct spec.bucket.s3Compatible.kmsKeyId and the encryption settings of the bucket.`;
    case 'Disabled':
      return `Enable the key in the KMS of the store (MinIO: mc admin kms key status <alias> ${key}).`;
    case 'Denied':
      return 'Allow the owner of the access key to use the encryption key, in the policies of the store and of its KMS.';
    case 'NotConfigured':
      return 'Configure the KMS of the store, or remove the key from spec.bucket.s3Compatible.kmsKeyId and from the encryption settings of the bucket.';
  }
}
