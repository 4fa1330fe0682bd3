import { expect, it } from '@jest/globals';
import { recordOf } from '../../../test/support/fakes/admission-world.ts';
import { bucketSpec, storageOf } from '../../../test/support/fakes/publishing-world.ts';
import { bucketChangeForbidden } from './bucket-change.ts';

const bound = { record: recordOf({ path: 'teams/omega' }), instance: 'wandb' };
const IS_BOUND =
  'TeamStorage omega is bound to b/teams/omega (s3://minio.example/b?region=us-east-1&tls=true, InstanceStorage wandb) since 2026-02-01T00:00:00Z and now names ';
const ANOTHER_BUCKET =
  'Name the bound bucket again. If it is the same bucket under another address, or if the bucket is to change, which needs W&B for a team that exists there, set spec.bucketChangePolicy to Allow: what is published stays until the new bucket has been proven.';

it.each<[string, Parameters<typeof bucketChangeForbidden>[1], string, string]>([
  [
    'another bucket',
    { instance: 'wandb', storage: storageOf(bucketSpec('c')) },
    'c (s3://minio.example/c?region=us-east-1&tls=true, InstanceStorage wandb).',
    ANOTHER_BUCKET,
  ],
  ['no bucket', { instance: 'wandb', storage: undefined }, 'no bucket of its own.', ANOTHER_BUCKET],
  [
    'another path of the same bucket',
    { instance: 'lab', storage: storageOf(bucketSpec('b')) },
    'b (s3://minio.example/b?region=us-east-1&tls=true, InstanceStorage lab). Both addresses lead to the same bucket.',
    'Name the bound address again, or set spec.bucketChangePolicy to Allow: what is published stays until the new address has been proven.',
  ],
])('says where a claim is bound that names %s, and what to do', (_, wanted, named, remedy) => {
  expect(bucketChangeForbidden(bound, wanted)).toEqual({
    reason: 'BucketChangeForbidden',
    message: `${IS_BOUND}${named}`,
    remedy,
    failureClass: 'spec',
  });
});
