import type { CheckReason } from './check-reason.ts';

/** Reasons about the keys that encrypt a bucket. */
export const KMS_REASONS = {
  KmsKeyNotFound: {
    checks: ['KmsUsable'],
    result: 'Fail',
    class: 'external',
    meaning: 'The key with which the bucket encrypts, or which the spec names, does not exist.',
    remedy: 'Correct the key in the spec or in the encryption settings of the bucket.',
    codes: ['KMS.NotFoundException', 'cloudKmsEncryptionKeyNotFound', 'KeyVaultEncryptionKeyNotFound'],
  },
  KmsKeyDisabled: {
    checks: ['KmsUsable'],
    result: 'Fail',
    class: 'external',
    meaning: 'The key is disabled, about to be deleted, or not for encryption.',
    remedy: 'Enable the key, or cancel its deletion.',
    codes: ['KMS.DisabledException', 'KMS.KMSInvalidStateException', 'cloudKmsDisabledKey'],
  },
  KmsAccessDenied: {
    checks: ['KmsUsable'],
    result: 'Fail',
    class: 'external',
    meaning: 'The credential may use the bucket, but not the key that encrypts it.',
    remedy: 'Allow encryption and decryption with the key, in the policies of the key and of the credential.',
    codes: ['AccessDenied naming kms:', '403 naming Cloud KMS', 'KeyVaultAccessTokenCannotBeAcquired'],
  },
  KmsNotConfigured: {
    checks: ['KmsUsable'],
    result: 'Fail',
    class: 'external',
    meaning: 'Encryption with a key is asked for, and the store has no KMS.',
    remedy: 'Configure the KMS of the store, or drop the key from the spec and from the bucket.',
    codes: ['NotImplemented: KMS is not configured'],
  },
  KmsKeyMismatch: {
    checks: ['EncryptionMatches'],
    result: 'Fail',
    class: 'external',
    meaning: 'The bucket encrypts new objects with another key than the spec names, or with none.',
    remedy: 'Correct the key in the spec, or in the encryption settings of the bucket.',
    codes: [],
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
