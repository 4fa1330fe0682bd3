import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/base/secret.ts';
import type { AssumedRoleRef } from '../../src/domain/credentials/refs.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { createUser } from '../servers/minio.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { startStsGate } from '../servers/sts-gate.ts';
import { probeBucket, textsOf } from './probe-outcome.ts';

/** MinIO has a real STS: it verifies who asks. It takes any role and no external id; the gate before it knows both. */
const ROLE = 'arn:aws:iam::123456789012:role/wandb';
const user = { name: `role-user-${randomBytes(4).toString('hex')}`, secret: 'role-user-secret-1' };
const PLAIN = {
  TlsTrusted: 'PlainHttp',
  EndpointPublic: 'EndpointNotPublic',
  VersioningEnabled: 'VersioningDisabled',
  CredentialLifetime: 'CredentialsShortLived',
};
let bucket = '';

beforeAll(async () => {
  bucket = await newBucket('sts');
  await createUser(sharedServers().minio, { ...user, buckets: [bucket], actions: ['s3:*'] });
});

function targetOf(changes: { readonly externalId?: string; readonly roleArn?: string } = {}) {
  const { roleArn = ROLE, externalId } = changes;
  const role = { roleArn, ...(externalId !== undefined && { externalId }) };
  const from = { kind: 'AccessKey', secretName: 'omega', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' } as const;
  const actAs: AssumedRoleRef = { kind: 'AssumedRole', from, ...role };
  const target: BucketTarget = {
    storage: { provider: 'S3', name: bucket, path: '', region: 'us-east-1', credentials: { kind: 'Ambient' }, actAs },
    credential: {
      kind: 'AssumedRole',
      from: { kind: 'AccessKey', accessKeyId: user.name, secretAccessKey: new Secret(user.secret) },
      ...role,
    },
  };
  return target;
}

const clouds = (awsSts: string) => ({ ...PUBLIC_CLOUDS, aws: sharedServers().minio.endpoint, awsSts });

describe('a role that is assumed by a key (MinIO)', () => {
  it('proves the bucket, by a session of which the end is known', async () => {
    const outcome = await probeBucket({ target: targetOf(), clouds: clouds(sharedServers().minio.endpoint) });

    expect(outcome.reasons).toEqual(PLAIN);
    const left = Date.parse(outcome.seen.credentialExpiresAt ?? '') - Date.now();
    expect(left / 60_000).toBeCloseTo(15, 0);
    expect(outcome.seen.requests).toBeLessThanOrEqual(30);
  });

  it('sends two requests to the bucket in a light probe', async () => {
    const gate = await startStsGate(sharedServers().minio.endpoint, [{ roleArn: ROLE }]);
    const outcome = await probeBucket({ target: targetOf(), clouds: clouds(gate.url) }, { mode: 'Light' });
    gate.stop();

    expect(outcome.seen).toMatchObject({ list: { ok: true }, presigned: { GET: { ok: true } }, requests: 2 });
    expect(gate.asked).toEqual([{ action: 'AssumeRole', roleArn: ROLE, externalId: null }]);
  });

  it('warns when nobody asks for the external id', async () => {
    const target = targetOf({ externalId: 'acme-1' });
    const outcome = await probeBucket({ target, clouds: clouds(sharedServers().minio.endpoint) });

    expect(outcome.reasons).toEqual({ ...PLAIN, IdentityProven: 'ExternalIdNotEnforced' });
    expect(textsOf(outcome)).toContain('"Condition":{"StringEquals":{"sts:ExternalId":"acme-1"}}');
  });

  it('passes when the trust policy asks for the external id', async () => {
    const gate = await startStsGate(sharedServers().minio.endpoint, [{ roleArn: ROLE, externalId: 'acme-1' }]);
    const outcome = await probeBucket({ target: targetOf({ externalId: 'acme-1' }), clouds: clouds(gate.url) });
    gate.stop();

    expect(outcome.reasons).toEqual(PLAIN);
    expect(gate.asked.map(({ externalId }) => externalId)).toEqual(['acme-1', null]);
  });

  it.each([
    ['another external id', { externalId: 'other', roleArn: ROLE }],
    ['another role', { externalId: 'acme-1', roleArn: `${ROLE}-other` }],
  ])('with %s fails with the statement to paste', async (_, changes) => {
    const gate = await startStsGate(sharedServers().minio.endpoint, [{ roleArn: ROLE, externalId: 'acme-1' }]);
    const outcome = await probeBucket({ target: targetOf(changes), clouds: clouds(gate.url) });
    gate.stop();

    expect(outcome.reasons).toMatchObject({ Authenticated: 'RoleNotAssumable' });
    expect(textsOf(outcome)).toContain(`"Action":"sts:AssumeRole","Resource":"${changes.roleArn}"`);
  });

  it('is tried again when STS is not there', async () => {
    const gone = await startStsGate('http://127.0.0.1:1', []);
    gone.stop();
    const outcome = await probeBucket({ target: targetOf(), clouds: clouds(gone.url) }, { mode: 'Light' });

    expect(outcome.reasons).toMatchObject({ Authenticated: 'IdentityServiceUnavailable' });
    expect(outcome.reasons).not.toHaveProperty('EndpointReachable', 'ConnectionRefused');
  });
});
