import { expect, it } from '@jest/globals';
import type { Observations } from '../../domain/observations/observations.ts';
import { ok } from '../../base/result.ts';
import { contextOf, goodObservations, minio, s3 } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { encryptionMatches } from './encryption-matches.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444455556666';

const withKey = contextOf({ storage: { ...s3, kmsKeyArn: KEY } });

function readBack(encryption: { readonly algorithm: string; readonly keyId?: string }): Observations {
  return goodObservations({ read: ok({ intact: true, encryption }) });
}

describeCheck(encryptionMatches, [
  {
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    context: withKey,
    says: [],
  },
  {
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: 'arn:aws:kms:wandb' }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: [],
  },
  {
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    context: contextOf({ storage: { ...s3, kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/wandb' } }),
    says: ['alias'],
  },
  {
    reason: 'KmsKeyMismatch',
    seen: readBack({ algorithm: 'aws:kms', keyId: `${KEY.slice(0, -1)}7` }),
    context: withKey,
    says: [`with key ${KEY.slice(0, -1)}7`, `names key ${KEY}`, 'put-bucket-encryption --bucket acme-wandb'],
  },
  {
    reason: 'KmsKeyMismatch',
    seen: readBack({ algorithm: 'AES256' }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: ['by AES256', 'mc encrypt set sse-kms wandb <alias>/omega-data'],
  },
  {
    reason: 'KmsKeyMismatch',
    seen: goodObservations(),
    context: withKey,
    says: ['with no key'],
  },
]);

it.each<readonly [keyId: string | undefined, wanted: string, says: string | undefined]>([
  ['key/1', 'arn:aws:kms:key/1', undefined],
  ['arn:aws-us-gov:kms:key/1', 'key/1', undefined],
  ['arn:aws:kms:key/1', 'my-alias/1', 'encrypts new objects by aws:kms with key arn:aws:kms:key/1, and'],
  ['x:arn:aws:kms:key/1', 'key/1', 'encrypts new objects by aws:kms with key x:arn:aws:kms:key/1, and'],
  ['key 2', 'key/1', 'encrypts new objects by aws:kms, and'],
  ['k'.repeat(300), 'key/1', `with key ${'k'.repeat(300)}, and`],
  ['k'.repeat(301), 'key/1', 'encrypts new objects by aws:kms, and'],
  ['', 'key/1', 'encrypts new objects by aws:kms, and'],
  [undefined, 'alias/wandb', 'encrypts new objects by aws:kms, and the spec names key alias/wandb.'],
])('shows key %s only where it is one, and not %s', (keyId, kmsKeyId, says) => {
  const seen = readBack({ algorithm: 'aws:kms', ...(keyId !== undefined && { keyId }) });
  const verdicts = judgeAll(seen, contextOf({ storage: { ...minio, kmsKeyId } }), { ignore: [] });
  const { result, message = '' } = verdicts.find(({ name }) => name === 'EncryptionMatches')!;
  expect(result).toBe(says === undefined ? 'Pass' : 'Fail');
  expect(message).toContain(says ?? '');
});
