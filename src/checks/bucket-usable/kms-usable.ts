import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { Observations, Observed } from '../../domain/observations/observations.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { objectsDeletable } from './objects-deletable.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';

const KMS_KINDS: readonly BucketFailureKind[] = [
  'KmsKeyNotFound',
  'KmsKeyDisabled',
  'KmsAccessDenied',
  'KmsNotConfigured',
];

/** Objects can be encrypted and decrypted with the key of the bucket, and with that of the spec. */
export const kmsUsable = defineCheck({
  name: 'KmsUsable',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [ownerMatches, canList, objectsDeletable],
  needs: ['write'],
  reasons: {
    KmsKeyNotFound: {
      result: 'Fail',
      class: 'external',
      meaning: 'The key with which the bucket encrypts, or which the spec names, does not exist.',
      remedy: 'Correct the key in the spec or in the encryption settings of the bucket.',
      codes: ['KMS.NotFoundException', 'cloudKmsEncryptionKeyNotFound', 'KeyVaultEncryptionKeyNotFound'],
      proof: 'scripted server',
    },
    KmsKeyDisabled: {
      result: 'Fail',
      class: 'external',
      meaning: 'The key is disabled, about to be deleted, or not for encryption.',
      remedy: 'Enable the key, or cancel its deletion.',
      codes: ['KMS.DisabledException', 'KMS.KMSInvalidStateException', 'cloudKmsDisabledKey'],
      proof: 'scripted server',
    },
    KmsAccessDenied: {
      result: 'Fail',
      class: 'external',
      meaning:
        'Who encrypts for the bucket may not use its key: the credential, on Google Cloud the service agent of Cloud Storage, on Azure the identity of the storage account.',
      remedy: 'Allow encryption and decryption with the key, where the message says.',
      codes: ['AccessDenied naming kms:', '403 naming Cloud KMS', 'KeyVaultAccessTokenCannotBeAcquired'],
      proof: 'scripted server',
    },
    KmsNotConfigured: {
      result: 'Fail',
      class: 'external',
      meaning:
        'The bucket or the spec requires encryption with a key, and the store has no KMS, or none for this account.',
      remedy: 'Configure the KMS of the store, or remove the key from the spec and from the bucket.',
      codes: ['NotImplemented: KMS is not configured', 'UbsmsInvalidBid'],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const refused = refusedKey(observations);
    if (refused !== undefined) return failedBy(refused.failure, context, refused.doing);
    const { read } = observations;
    if (read?.ok !== true) return unknown('NotObserved', 'No object was written and read back.');
    const keyId = read.value.encryption?.keyId;
    return passed(keyId === undefined ? undefined : 'Written and read back with a key of a KMS.');
  },
});

/** The first refusal of a key; uploads by pre-signed URLs name the key of the spec. */
function refusedKey({
  write,
  read,
  presigned,
}: Observations): { readonly failure: BucketFailure; readonly doing: string } | undefined {
  const tried: readonly (readonly [string, Observed<unknown> | undefined])[] = [
    ['Writing an object', write],
    ['Reading an object back', read],
    ['A pre-signed PUT', presigned?.PUT],
    ['A pre-signed GET', presigned?.GET],
  ];
  for (const [doing, seen] of tried) {
    if (seen?.ok === false && KMS_KINDS.includes(seen.error.kind)) return { failure: seen.error, doing };
  }
  return undefined;
}
