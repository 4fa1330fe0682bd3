import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer } from '../servers/issuer.ts';
import { createBucket, createUser, startMinio, type Minio } from '../servers/minio.ts';
import { applyStorage, readSecret, requestValidation, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { temporaryFolder } from '../servers/process.ts';
import { newNamespace } from '../servers/shared.ts';
import { allowActingAs, applyServiceAccount, tokenOf } from '../servers/workloads.ts';

/**
 * The whole way of a token: the real API server issues it to the operator, and a
 * real STS (MinIO's) verifies it with the API server's keys. MinIO stands for AWS:
 * it takes any role, and the policy that the token's subject names.
 */
const ROLE = 'arn:aws:iam::123456789012:role/wandb';
/** Its policy is named after it, with `-policy` at its end: so must the ServiceAccount be. */
const USER = 'wandb';
const ACCOUNT = 'wandb-policy';
const OPERATOR_ACCOUNT = 'operator-policy';

let namespace = '';
let minio: Minio;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let operator: OperatorProcess;
let folder = '';
const omega = () => ({ namespace, kind: 'TeamStorage', name: 'omega' }) as const;

beforeAll(async () => {
  namespace = await newNamespace('web-identity');
  issuer = await startIssuer();
  minio = await startMinio({
    env: {
      MINIO_IDENTITY_OPENID_CONFIG_URL: issuer.configUrl,
      MINIO_IDENTITY_OPENID_CLIENT_ID: 'sts.amazonaws.com',
      MINIO_IDENTITY_OPENID_CLAIM_NAME: 'sub',
    },
  });
  for (const bucket of ['instance', 'omega-data']) await createBucket(minio, bucket);
  folder = temporaryFolder('byob-token-');
  const tokenFile = join(folder, 'token');
  await applyServiceAccount(namespace, OPERATOR_ACCOUNT, false);
  writeFileSync(tokenFile, await tokenOf(namespace, OPERATOR_ACCOUNT, 'sts.amazonaws.com'));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'AWS', url: 'https://wandb.example.com' },
    bucket: { provider: 'S3', name: 'instance', s3: { region: 'us-east-1' } },
  });
  operator = await startOperator(namespace, {
    args: [`--aws-endpoint=${minio.endpoint}`, `--aws-sts-endpoint=${minio.endpoint}`, '--ambient-credentials'],
    // As the webhook of EKS and the kubelet do.
    env: { AWS_ROLE_ARN: `${ROLE}-operator`, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile },
  });
  await applyStorage(namespace, 'TeamStorage', 'omega', {
    team: 'omega',
    bucket: {
      provider: 'S3',
      name: 'omega-data',
      s3: {
        region: 'us-east-1',
        credentials: { webIdentity: { serviceAccountRef: { name: ACCOUNT }, roleArn: ROLE } },
      },
    },
  });
});

afterAll(async () => {
  await operator.stop();
  await minio.stop();
  issuer.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives the ServiceAccount `<user>-policy` a bucket. */
function allow(user: string, bucket: string): Promise<void> {
  const name = `system:serviceaccount:${namespace}:${user}`;
  return createUser(minio, { name, secret: 'never-used-secret', buckets: [bucket], actions: ['s3:*'] });
}

/** Waits for a reason, and gives what a person reads then. */
async function told(reason: string): Promise<string> {
  await requestValidation(namespace, 'TeamStorage', 'omega');
  const { status } = await untilStorage(omega(), { ready: 'False', reason });
  return status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
}

describe("W&B's own ServiceAccount (real tokens, MinIO's STS)", () => {
  it('must be named in a Role of the operator', async () => {
    const says = await told('ServiceAccountUnreadable');

    expect(says).toContain(`Add ${ACCOUNT} to rbac.tokenRequest of the operator's Helm chart`);
    expect(says).toContain(
      `{apiGroups: [""], resources: [serviceaccounts], resourceNames: [${ACCOUNT}], verbs: [get]} and ` +
        `{apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [${ACCOUNT}], verbs: [create]}`,
    );
  });

  it('must exist', async () => {
    await allowActingAs(namespace, ACCOUNT, ['read']);

    expect(await told('ServiceAccountNotFound')).toContain(`ServiceAccount ${ACCOUNT}, as which the bucket is to be`);
  });

  it('must be opened by label', async () => {
    await applyServiceAccount(namespace, ACCOUNT, false);

    expect(await told('ServiceAccountNotAllowed')).toContain(
      `kubectl label serviceaccount ${ACCOUNT} -n ${namespace} storage.wandb.com/allow=true`,
    );
  });

  it('must be named for tokens, too', async () => {
    await applyServiceAccount(namespace, ACCOUNT, true);

    expect(await told('TokenRequestForbidden')).toContain(
      `{apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [${ACCOUNT}], verbs: [create]}`,
    );
  });

  it('must be trusted by the cloud', async () => {
    await allowActingAs(namespace, ACCOUNT);

    expect(await told('IssuerNotTrusted')).toContain(
      'aws iam create-open-id-connect-provider --url https://kubernetes.default.svc',
    );
  });

  it('then proves the bucket, and nothing is published of it', async () => {
    await allow(USER, 'omega-data');
    await requestValidation(namespace, 'TeamStorage', 'omega');

    const { status } = await untilStorage(omega(), { ready: 'True', publishedReason: 'NoEntryNeeded' });
    expect(status).toMatchObject({
      credentialMode: 'WebIdentity',
      principal: `role ${ROLE} as ServiceAccount ${namespace}/${ACCOUNT}`,
      // Where it was proven.
      address: `s3://${new URL(minio.endpoint).host}/omega-data?region=us-east-1&forcePathStyle=false&tls=false`,
    });
    const reached = (status?.checks ?? []).find(({ name }) => name === 'EndpointReachable');
    expect(reached).toMatchObject({ result: 'Warn', reason: 'ServerDialsElsewhere' });
    expect(reached?.message).toContain("W&B's server uses https://s3.us-east-1.amazonaws.com");
    const identity = (status?.checks ?? []).find(({ name }) => name === 'IdentityProven');
    expect(identity).toMatchObject({ result: 'Pass' });
    const published = await readSecret(namespace, 'wandb-storage');
    expect(JSON.stringify(published)).not.toContain('omega-data');
  });

  it("is the operator's own for an InstanceStorage, where its administrator says so", async () => {
    const instance = { namespace, kind: 'InstanceStorage', name: 'wandb' } as const;
    await untilStorage(instance, { ready: 'False', reason: 'IssuerNotTrusted' });
    await allow('operator', 'instance');
    await requestValidation(namespace, 'InstanceStorage', 'wandb');

    const { status } = await untilStorage(instance, { ready: 'True', publishedReason: 'Published' });
    expect(status).toMatchObject({
      credentialMode: 'Ambient',
      principal: `role ${ROLE}-operator as the operator's own ServiceAccount`,
    });
    const identity = (status?.checks ?? []).find(({ name }) => name === 'IdentityProven');
    expect(identity).toMatchObject({ result: 'Warn', reason: 'ProvenAsOther' });
    const published = await readSecret(namespace, 'wandb-storage');
    expect(published).toMatchObject({ BUCKET: 's3://instance' });
    expect(published).not.toHaveProperty('ACCESS_KEY');
  });

  it('leaves no token in log or status', async () => {
    const { status } = await untilStorage(omega(), { ready: 'True' });
    for (const text of [operator.rawLog(), JSON.stringify(status)]) expect(text).not.toMatch(/eyJ[\w-]{8}/);
  });
});
