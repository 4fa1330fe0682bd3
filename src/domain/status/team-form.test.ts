import { expect, it } from '@jest/globals';
import { azureBlob, gcs, s3 } from '../../../test/support/fakes/observations.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { teamForm, type TeamForm } from './team-form.ts';

const TEAM = { team: 'omega', organization: 'acme' };
const KEY = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const arn = 'arn:aws:kms:eu-central-1:123456789012:key/1';

it.each<readonly [string, BucketStorage | undefined, boolean, Partial<TeamForm>]>([
  ['no bucket of its own', undefined, false, { storageType: 'Default Storage' }],
  [
    'AWS with a key of KMS',
    { ...s3, name: 'acme', path: 'teams/omega', kmsKeyArn: arn },
    false,
    { cloudProvider: 'AWS', bucket: 'New bucket', name: 'acme', path: 'teams/omega', kmsKeyArn: arn },
  ],
  ['a bucket that another declares', { ...s3, path: '' }, true, { cloudProvider: 'AWS', bucket: 'Existing bucket' }],
  [
    'AWS by the identity of W&B',
    { ...s3, path: '', credentials: { kind: 'Ambient' } },
    false,
    { cloudProvider: 'AWS', name: s3.name },
  ],
  [
    'a store that speaks S3',
    {
      provider: 'S3Compatible',
      name: 'omega-data',
      path: '',
      endpoint: { scheme: 'https', host: 'minio.acme.example', port: 9000 },
      region: 'us-east-1',
      addressing: 'Path',
      credentials: KEY,
    },
    false,
    { cloudProvider: 'S3-compatible (MinIO)', name: 'omega-data' },
  ],
  ['GCS', { ...gcs, path: 'teams/omega' }, false, { cloudProvider: 'GCP', name: gcs.name, path: 'teams/omega' }],
  [
    'Azure: the account, and the container as the name',
    azureBlob,
    false,
    { cloudProvider: 'Azure', accountName: azureBlob.storageAccount, name: azureBlob.name },
  ],
  [
    'CoreWeave',
    { provider: 'CoreWeave', name: 'acme', path: '', credentials: KEY },
    false,
    { cloudProvider: 'CoreWeave', name: 'acme' },
  ],
])('the create-team form for %s', (_what, storage, existing, expected) => {
  const form = teamForm(TEAM, storage, existing);
  expect(form).toMatchObject({ teamName: 'omega', organization: 'acme', ...expected });
  if (storage !== undefined) expect(form.storageType).toBe('External Storage');
  if (storage?.path === '') expect(form).not.toHaveProperty('path');
  if (storage?.provider !== 'AzureBlob') expect(form).not.toHaveProperty('accountName');
});
