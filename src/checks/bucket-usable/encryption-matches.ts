import type { EncryptionSeen } from '../../domain/observations/observations.ts';
import { kmsUsable } from './kms-usable.ts';
import { canRead } from './can-read.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** The bucket encrypts with the key that the spec names, as the store reports it for a new object. */
export const encryptionMatches = defineCheck({
  name: 'EncryptionMatches',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [kmsUsable, canRead],
  needs: ['read'],
  notApplicable: (context) => (wantedKey(context) === undefined ? 'The spec names no encryption key.' : undefined),
  reasons: {
    KmsKeyMismatch: {
      result: 'Fail',
      class: 'external',
      meaning: 'New objects are encrypted with another key than the spec names and every write asks for, or with none.',
      remedy: 'Correct the key in the spec, or in the encryption settings of the bucket.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: ({ read }, context) => {
    if (read?.ok !== true) return unknown('NotObserved', 'No object was read back.');
    const { encryption } = read.value;
    const wanted = wantedKey(context) ?? '';
    const actual = encryption?.keyId;
    if (actual === undefined) return mismatch(wanted, encryption, context);
    // Only the KMS could resolve an alias; KmsUsable checks that the key can be used.
    if (isAlias(wanted)) return passed('The spec names the key by an alias, which cannot be compared with its id.');
    return bareKey(actual) === bareKey(wanted) ? passed() : mismatch(wanted, encryption, context);
  },
});

function wantedKey({ storage }: CheckContext): string | undefined {
  if (storage.provider === 'S3') return storage.kmsKeyArn;
  return storage.provider === 'S3Compatible' ? storage.kmsKeyId : undefined;
}

function isAlias(key: string): boolean {
  return /(^|:)alias\//.test(key);
}

/** Stores report the id of a key with or without the prefix of an ARN: MinIO reports `arn:aws:kms:<id>`. */
function bareKey(key: string): string {
  return key.replace(/^arn:[a-z-]+:kms:/, '');
}

function mismatch(
  wanted: string,
  actual: EncryptionSeen | undefined,
  context: CheckContext,
): Judgement<'KmsKeyMismatch'> {
  const { bucket, settings } = messagesOf(context);
  const found = actual === undefined ? 'with no key' : `by ${actual.algorithm}${withKey(actual)}`;
  return failed(
    'KmsKeyMismatch',
    `The ${bucket} encrypts new objects ${found}, and the spec names key ${wanted}.`,
    `Correct the key in the spec, or have the bucket encrypt with it, which replaces its default encryption: ${settings.encryptWith(wanted)}`,
  );
}

/** The key id of the store goes to the status, so its length and characters are checked. */
function withKey({ keyId }: EncryptionSeen): string {
  return keyId !== undefined && /^[\w:/.-]{1,300}$/.test(keyId) ? ` with key ${keyId}` : '';
}
