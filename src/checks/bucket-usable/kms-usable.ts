import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { Observations, Observed } from '../../domain/observations/observations.ts';
import type { Check } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';

const KMS_KINDS: readonly BucketFailureKind[] = [
  'KmsKeyNotFound',
  'KmsKeyDisabled',
  'KmsAccessDenied',
  'KmsNotConfigured',
];

/** Objects can be encrypted and decrypted with the key of the bucket, and with that of the spec. */
export const kmsUsable: Check = {
  name: 'KmsUsable',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: ['OwnerMatches', 'CanList', 'ObjectsDeletable'],
  needs: ['write'],
  judge: (observations, context) => {
    const refused = refusedKey(observations);
    if (refused !== undefined) return failedBy(refused.failure, context, refused.doing);
    const { read } = observations;
    if (read?.ok !== true) return unknown('NotObserved', 'No object was written and read back.');
    const keyId = read.value.encryption?.keyId;
    return passed(keyId === undefined ? undefined : 'Written and read back with a key of a KMS.');
  },
};

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
