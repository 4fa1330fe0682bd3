import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import { bucketArn, KMS_ACTIONS, objectsArn } from '../../domain/policy/s3-grant.ts';
import type { KeyProblem, SettingsMessages, UnreadSetting } from './settings-messages.ts';
import { permissionToRead } from './settings-messages.ts';

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

/** For stores that are administered with the AWS CLI; `endpoint` is added to its commands. */
export function s3SettingsMessages(
  storage: S3KindStorage,
  { partition, endpoint }: { readonly partition: string; readonly endpoint?: string },
): SettingsMessages {
  const at = `${endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`} --bucket ${storage.name}`;
  const api = (command: string): string => `aws s3api ${command}${at}`;
  return {
    permissionFor: (setting) => permissionToRead(setting, ACTIONS[setting], api(COMMANDS[setting])),
    removeRetention: `Remove the default retention (object lock may stay enabled): ${api('put-object-lock-configuration')} --object-lock-configuration ObjectLockEnabled=Enabled. Existing objects keep their own dates.`,
    keepDeleted: `${api('put-bucket-versioning')} --versioning-configuration Status=Enabled`,
    expireVersions: (probePrefix) =>
      `Add to the lifecycle rules (${api('get-bucket-lifecycle-configuration')}, then put-bucket-lifecycle-configuration with all rules, because it replaces them): ${JSON.stringify(expiryRule(probePrefix))}`,
    changeLifecycle: `List the rules: ${api('get-bucket-lifecycle-configuration')}; then exclude the path from the rule, or remove the rule, by put-bucket-lifecycle-configuration with all rules that should stay, because it replaces them.`,
    changeClass: `Restore the objects (aws s3api restore-object) or copy them to STANDARD, and remove transitions to GLACIER and DEEP_ARCHIVE from the lifecycle rules: ${api('get-bucket-lifecycle-configuration')}`,
    payForRequests: `${api('put-bucket-request-payment')} --request-payment-configuration Payer=BucketOwner`,
    fixKey: fixAwsKey,
    encryptWith: (key) =>
      `${api('put-bucket-encryption')} --server-side-encryption-configuration '${JSON.stringify(encryptionBy(key))}'`,
    grantAll: (permissions) => grantStatement(permissions, storage.name, partition),
  };
}

/** Deletes noncurrent versions below a prefix, and delete markers without a version. */
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
  const place = { name: bucket, path: '' };
  const Resource = [bucketArn(place, partition), objectsArn(place, partition)];
  return `Add to the policy: ${JSON.stringify({ Effect: 'Allow', Action: permissions, Resource })}`;
}

function fixAwsKey(problem: KeyProblem): string {
  switch (problem) {
    case 'NotFound':
      return 'Correct the key in spec.bucket.s3.kmsKeyArn or in the encryption settings of the bucket; it must be in the region of the bucket (aws kms list-keys).';
    case 'Disabled':
      return 'Enable the key: aws kms enable-key --key-id <key> (after aws kms cancel-key-deletion, if its deletion was scheduled).';
    case 'Denied':
      return `Allow ${KMS_ACTIONS.slice(0, -1).join(', ')} and ${KMS_ACTIONS.at(-1) ?? ''} on the key, in the key policy and in the IAM policy of the owner.`;
    case 'NotConfigured':
      return 'Use a store with a KMS, or remove the key from the spec and from the encryption settings of the bucket.';
  }
}
