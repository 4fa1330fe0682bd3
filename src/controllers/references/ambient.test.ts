import { describe, expect, it } from '@jest/globals';
import { azureBlob, gcs, minio, s3 } from '../../../test/support/fakes/observations.ts';
import { ok } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import type { AmbientIdentity } from '../../domain/credentials/sign-in.ts';
import { ambientSignIn } from './ambient.ts';

const workload = { name: 'the operator', token: () => Promise.resolve(ok(new Secret('token'))) };
const identity: AmbientIdentity = {
  aws: { kind: 'WebIdentity', roleArn: 'arn:aws:iam::123456789012:role/operator', workload },
  azure: { kind: 'AzureWorkloadIdentity', clientId: 'client', tenantId: 'tenant', workload },
};

describe("the operator's own identity", () => {
  it.each([
    [s3, 'WebIdentity'],
    [azureBlob, 'AzureWorkloadIdentity'],
  ])('proves an InstanceStorage where its administrator allows it (%#)', (storage, kind) => {
    expect(ambientSignIn(identity, { kind: 'InstanceStorage', storage })).toMatchObject({ ok: true, value: { kind } });
  });

  it.each([
    ['is not used without the flag', undefined, 'InstanceStorage', s3, 'CredentialsRequired', '--ambient-credentials'],
    ['is never used for a team', identity, 'TeamStorage', s3, 'CredentialsRequired', 'spec.validation.credentialsFrom'],
    ['may not be there', {}, 'InstanceStorage', s3, 'AmbientIdentityUnavailable', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
    ['is none of Google', identity, 'InstanceStorage', gcs, 'AmbientIdentityUnavailable', 'credentialsFrom'],
    ['is none of other stores', identity, 'InstanceStorage', minio, 'AmbientIdentityUnavailable', 'S3Compatible'],
  ] as const)('%s', (...row) => {
    const [, own, kind, storage, reason, says] = row;
    const signIn = ambientSignIn(own, { kind, storage });

    expect(signIn).toMatchObject({ ok: false, error: { reason } });
    if (!signIn.ok) expect(`${signIn.error.message} ${signIn.error.remedy ?? ''}`).toContain(says);
  });
});
