import type { S3CompatibleStorage } from '../../domain/bucket/storage.ts';
import { grantStatement } from './s3-settings.ts';
import { tells, type KeyProblem, type SettingsWords, type UnreadSetting } from './settings-messages.ts';

const ACTIONS: Readonly<Record<UnreadSetting, string>> = {
  retention: 's3:GetBucketObjectLockConfiguration',
  versioning: 's3:GetBucketVersioning',
  lifecycle: 's3:GetLifecycleConfiguration',
};

/** MinIO, Ceph RGW, R2 and the like; commands are MinIO's where a store has to be named. */
export function s3CompatibleSettingsWords({ name, kmsKeyId }: S3CompatibleStorage): SettingsWords {
  const bucket = `<alias>/${name}`;
  const look: Readonly<Record<UnreadSetting, string>> = {
    retention: `mc retention info --default ${bucket}`,
    versioning: `mc version info ${bucket}`,
    lifecycle: `mc ilm rule ls ${bucket}`,
  };
  return {
    whoTells: (setting) => tells(setting, ACTIONS[setting], `MinIO: ${look[setting]}`),
    removeRetention: `Take the default retention away (MinIO: mc retention clear --default ${bucket}). Objects of before keep their own dates.`,
    keepDeleted: `MinIO: mc version enable ${bucket}`,
    expireVersions: (probePrefix) =>
      `Add a lifecycle rule (MinIO: mc ilm rule add --prefix "${probePrefix}" --noncurrent-expire-days 1 --expire-delete-marker ${bucket}).`,
    changeLifecycle: `See the rules (MinIO: mc ilm rule ls ${bucket}), then take the path out of the rule, or the rule away (mc ilm rule rm --id <id> ${bucket}).`,
    changeClass: `Restore the objects or copy them to the standard class, and take transitions out of the lifecycle rules (MinIO: mc ilm rule ls ${bucket}).`,
    payForRequests: `Let the owner of bucket ${name} pay for requests in the settings of the store.`,
    mendKey: (problem) => mendKey(problem, kmsKeyId ?? '<key>'),
    encryptWith: (key) => `MinIO: mc encrypt set sse-kms ${key} ${bucket}`,
    grantAll: (permissions) => grantStatement(permissions, name, 'aws'),
  };
}

function mendKey(problem: KeyProblem, key: string): string {
  switch (problem) {
    case 'NotFound':
      return `Create the key in the KMS of the store (MinIO: mc admin kms key create <alias> ${key}), or correct spec.bucket.s3Compatible.kmsKeyId and the encryption settings of the bucket.`;
    case 'Disabled':
      return `Enable the key in the KMS of the store (MinIO: mc admin kms key status <alias> ${key}).`;
    case 'Denied':
      return 'Let the owner of the access key use the encryption key, in the policies of the store and of its KMS.';
    case 'NotConfigured':
      return 'Configure the KMS of the store, or drop the key from spec.bucket.s3Compatible.kmsKeyId and from the encryption settings of the bucket.';
  }
}
