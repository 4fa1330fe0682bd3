import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import type { KeyProblem, SettingsWords, UnreadSetting } from './settings-messages.ts';
import { tells } from './settings-messages.ts';

const KMS_ACTIONS = 'kms:GenerateDataKey*, kms:Encrypt, kms:Decrypt, kms:ReEncrypt* and kms:Describe*';

const ACTIONS: Readonly<Record<UnreadSetting, string>> = {
  retention: 's3:GetBucketObjectLockConfiguration',
  versioning: 's3:GetBucketVersioning',
  lifecycle: 's3:GetLifecycleConfiguration',
};

const COMMANDS: Readonly<Record<UnreadSetting, string>> = {
  retention: 'get-object-lock-configuration',
  versioning: 'get-bucket-versioning',
  lifecycle: 'get-bucket-lifecycle-configuration',
};

/** Where a bucket speaks S3 and is administered by the AWS CLI: `endpoint` is what its commands need besides. */
export function s3SettingsWords(
  storage: S3KindStorage,
  { partition, endpoint }: { readonly partition: string; readonly endpoint?: string },
): SettingsWords {
  const at = `${endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`} --bucket ${storage.name}`;
  const api = (command: string): string => `aws s3api ${command}${at}`;
  return {
    whoTells: (setting) => tells(setting, ACTIONS[setting], api(COMMANDS[setting])),
    removeRetention: `Take the default retention away (object lock may stay on): ${api('put-object-lock-configuration')} --object-lock-configuration ObjectLockEnabled=Enabled. Objects of before keep their own dates.`,
    keepDeleted: `${api('put-bucket-versioning')} --versioning-configuration Status=Enabled`,
    expireVersions: (probePrefix) =>
      `Add to the lifecycle rules (${api('get-bucket-lifecycle-configuration')}, then put-bucket-lifecycle-configuration, which replaces them all): ${JSON.stringify(expiryRule(probePrefix))}`,
    changeLifecycle: `See the rules: ${api('get-bucket-lifecycle-configuration')}; then take the path out of the rule, or the rule away, by put-bucket-lifecycle-configuration with all rules that are to stay.`,
    changeClass: `Restore the objects (aws s3api restore-object) or copy them to STANDARD, and take transitions to GLACIER and DEEP_ARCHIVE out of the lifecycle rules: ${api('get-bucket-lifecycle-configuration')}`,
    payForRequests: `${api('put-bucket-request-payment')} --request-payment-configuration Payer=BucketOwner`,
    mendKey: mendAwsKey,
    encryptWith: (key) =>
      `${api('put-bucket-encryption')} --server-side-encryption-configuration '${JSON.stringify(encryptionBy(key))}'`,
    grantAll: (permissions) => grantStatement(permissions, storage.name, partition),
  };
}

/** Deletes what is no longer current below a prefix, markers with nothing behind them included. */
function expiryRule(Prefix: string) {
  return {
    ID: 'wandb-storage-probe',
    Status: 'Enabled',
    Filter: { Prefix },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    Expiration: { ExpiredObjectDeleteMarker: true },
  };
}

function encryptionBy(KMSMasterKeyID: string) {
  return {
    Rules: [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID }, BucketKeyEnabled: true },
    ],
  };
}

export function grantStatement(permissions: readonly string[], bucket: string, partition: string): string {
  const Resource = [`arn:${partition}:s3:::${bucket}`, `arn:${partition}:s3:::${bucket}/*`];
  return `Add to the policy: ${JSON.stringify({ Effect: 'Allow', Action: permissions, Resource })}`;
}

function mendAwsKey(problem: KeyProblem): string {
  switch (problem) {
    case 'NotFound':
      return 'Correct the key in spec.bucket.s3.kmsKeyArn or in the encryption settings of the bucket; it must be in the region of the bucket (aws kms list-keys).';
    case 'Disabled':
      return 'Enable the key: aws kms enable-key --key-id <key> (after aws kms cancel-key-deletion, if its deletion was scheduled).';
    case 'Denied':
      return `Allow ${KMS_ACTIONS} on the key, in the key policy and in the IAM policy of the owner.`;
    case 'NotConfigured':
      return 'Use a store with a KMS, or drop the key from the spec and from the encryption settings of the bucket.';
  }
}
