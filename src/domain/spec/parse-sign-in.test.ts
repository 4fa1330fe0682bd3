import { describe, expect, it } from '@jest/globals';
import { bucketId } from '../bucket/bucket-id.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { fileStoreEntry, redactedAddress } from '../publication/file-store-address.ts';
import { needsEntry } from '../publication/file-stores.ts';
import { declaredIdentity, declaredSignIn } from '../credentials/identity-ref.ts';
import { parseBucket } from './parse-bucket.ts';
import { parseProver } from './parse-sign-in.ts';
import { Secret } from '../../base/secret.ts';

const ROLE = 'arn:aws:iam::123456789012:role/wandb';
const AUDIENCE = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
const UUID = '11111111-2222-3333-4444-555555555555';
const serviceAccountRef = { name: 'wandb-app' };
const accessKey = { secretRef: { name: 'omega' } };
const webIdentity = { serviceAccountRef, roleArn: ROLE };
const parsedKey = {
  kind: 'AccessKey',
  secretName: 'omega',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
};
const parsedWebIdentity = { kind: 'WebIdentity', serviceAccount: 'wandb-app', roleArn: ROLE };

const s3 = (credentials: unknown) => ({ provider: 'S3', name: 'acme', s3: { region: 'eu-central-1', credentials } });
const gcs = (credentials: unknown) => ({ provider: 'GCS', name: 'acme', gcs: { credentials } });
const azure = (credentials: unknown) => ({
  provider: 'AzureBlob',
  name: 'acme',
  azureBlob: { storageAccount: 'acmewandb', credentials },
});
const coreWeave = (credentials: unknown) => ({ provider: 'CoreWeave', name: 'acme', coreWeave: { credentials } });

function storageOf(bucket: unknown) {
  const parsed = parseBucket(bucket, 'spec.bucket');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

describe('an identity of W&B', () => {
  it.each([
    ['a web identity', s3({ webIdentity }), parsedWebIdentity],
    [
      'a role on top of it',
      s3({ webIdentity, assumeRole: { roleArn: `${ROLE}-b`, externalId: 'x_1' } }),
      { kind: 'AssumedRole', from: parsedWebIdentity, roleArn: `${ROLE}-b`, externalId: 'x_1' },
    ],
    [
      'a role on top of a key',
      s3({ accessKey, assumeRole: { roleArn: ROLE } }),
      { kind: 'AssumedRole', from: parsedKey, roleArn: ROLE },
    ],
    [
      'a federation of Google Cloud',
      gcs({ workloadIdentity: { serviceAccountRef, audience: AUDIENCE, impersonate: 'w@p.iam.gserviceaccount.com' } }),
      {
        kind: 'GcpWorkloadIdentity',
        serviceAccount: 'wandb-app',
        audience: AUDIENCE,
        impersonate: 'w@p.iam.gserviceaccount.com',
      },
    ],
    [
      'a workload identity of Azure',
      azure({ workloadIdentity: { serviceAccountRef, clientId: UUID, tenantId: UUID } }),
      { kind: 'AzureWorkloadIdentity', serviceAccount: 'wandb-app', clientId: UUID, tenantId: UUID },
    ],
  ])('%s is read, and nothing of it is published', (_, bucket, expected) => {
    const storage = storageOf(bucket);

    expect(declaredSignIn(storage)).toEqual(expected);
    expect(storage.credentials).toEqual({ kind: 'Ambient' });
    expect(redactedAddress(storage, storage.credentials.kind)).not.toContain('@');
    expect(fileStoreEntry(storage, undefined)).toContain('acme');
    expect(JSON.stringify(fileStoreEntry(storage, undefined))).not.toMatch(/role|omega|iam|1111/);
  });

  it('needs no entry on the cloud that it belongs to, and one elsewhere', () => {
    const storage = storageOf(s3({ webIdentity }));
    expect([needsEntry(storage, 'Ambient', 'AWS'), needsEntry(storage, 'Ambient', 'OnPremises')]).toEqual([
      false,
      true,
    ]);
  });

  it('is another one, with another digest, whenever a part of it changes', () => {
    const salt = new Secret('00112233445566778899aabbccddeeff');
    const digests = [
      s3({ webIdentity }),
      s3({ webIdentity: { ...webIdentity, roleArn: `${ROLE}2` } }),
      s3({ webIdentity: { ...webIdentity, serviceAccountRef: { name: 'other' } } }),
      s3({ webIdentity, assumeRole: { roleArn: ROLE } }),
      s3({ webIdentity, assumeRole: { roleArn: ROLE, externalId: 'one' } }),
      s3({ webIdentity, assumeRole: { roleArn: ROLE, externalId: 'two' } }),
    ].map((bucket) => credentialDigest(salt, declaredIdentity(storageOf(bucket))));

    expect(new Set(digests).size).toBe(digests.length);
  });

  it('leaves what the bucket is as it was', () => {
    expect(bucketId(storageOf(s3({ webIdentity })))).toBe(bucketId(storageOf(s3({ accessKey }))));
  });
});

const withFederation = (changes: object) =>
  gcs({ workloadIdentity: { serviceAccountRef, audience: AUDIENCE, ...changes } });

describe('an invalid sign-in is refused by a sentence that names the field', () => {
  it.each<readonly [unknown, string]>([
    [s3({}), 's3.credentials must have exactly one of accessKey and webIdentity'],
    [s3({ accessKey, webIdentity }), 's3.credentials must have exactly one of accessKey and webIdentity'],
    [s3({ assumeRole: { roleArn: ROLE } }), 's3.credentials must have exactly one of accessKey and webIdentity'],
    [s3({ accessKey, webIdentityTokenFile: '/a' }), 's3.credentials must have exactly one of'],
    [s3({ webIdentity: { roleArn: ROLE } }), 'webIdentity.serviceAccountRef.name is required'],
    [s3({ webIdentity: { serviceAccountRef: { name: '../x' }, roleArn: ROLE } }), 'serviceAccountRef.name must be'],
    [s3({ webIdentity: { serviceAccountRef } }), 'webIdentity.roleArn is required'],
    [s3({ webIdentity: { serviceAccountRef, roleArn: 'wandb' } }), 'webIdentity.roleArn must be the ARN of a role'],
    [s3({ accessKey, assumeRole: 'x' }), 'assumeRole.roleArn is required'],
    [s3({ accessKey, assumeRole: { roleArn: ROLE, externalId: 'a b' } }), 'assumeRole.externalId must be'],
    [withFederation({ audience: 'https://kubernetes.default.svc' }), 'workloadIdentity.audience must be'],
    [withFederation({ audience: '//evil.example/x' }), 'workloadIdentity.audience must be'],
    [withFederation({ impersonate: 'a/../b@c' }), 'workloadIdentity.impersonate must be'],
    [azure({ workloadIdentity: { serviceAccountRef, clientId: UUID } }), 'workloadIdentity.tenantId is required'],
    [
      azure({ workloadIdentity: { serviceAccountRef, clientId: UUID, tenantId: '../x' } }),
      'workloadIdentity.tenantId must be a UUID',
    ],
    [coreWeave({ webIdentity }), 'coreWeave.credentials must have exactly one of accessKey'],
  ])('%j', (bucket, sentence) => {
    expect(parseBucket(bucket, 'spec.bucket')).toMatchObject({
      ok: false,
      error: { reason: 'InvalidSpec', message: expect.stringContaining(sentence) },
    });
  });
});

describe('credentialsFrom', () => {
  const storage = storageOf(s3(undefined));

  it('names other credentials to prove the bucket with', () => {
    expect(parseProver({ s3: { accessKey } }, storage)).toEqual({ ok: true, value: parsedKey });
    expect(parseProver({ s3: { webIdentity } }, storage)).toEqual({ ok: true, value: parsedWebIdentity });
    expect(parseProver(undefined, storage)).toEqual({ ok: true, value: undefined });
  });

  it.each<readonly [unknown, string]>([
    ['x', 'must have exactly one member, s3,'],
    [{}, 'must have exactly one member, s3,'],
    [{ gcs: {} }, 'must have exactly one member, s3,'],
    [{ s3: { accessKey }, gcs: {} }, 'must have exactly one member, s3,'],
    [{ s3: {} }, 'credentialsFrom.s3 must have exactly one of'],
    [{ s3: { accessKey: {} } }, 'spec.validation.credentialsFrom.s3.accessKey.secretRef.name is required'],
  ])('%j is refused', (value, sentence) => {
    expect(parseProver(value, storage)).toMatchObject({
      ok: false,
      error: { reason: 'InvalidSpec', message: expect.stringContaining(sentence) },
    });
  });
});
