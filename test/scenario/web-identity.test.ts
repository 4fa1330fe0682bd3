import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startIssuer } from '../beds/issuer.ts';
import { createBucket, createUser, startMinio, type Minio } from '../beds/minio.ts';
import {
  applySecret,
  applyStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../beds/objects.ts';
import { startOperator, type OperatorProcess } from '../beds/operator.ts';
import { newNamespace } from '../beds/shared.ts';
import { allowTokens, applyServiceAccount } from '../beds/workloads.ts';

/**
 * The whole way of a token: the real API server issues it to the operator, and a
 * real STS (MinIO's) verifies it with the API server's keys. MinIO stands for AWS:
 * it takes any role, and the policy that the token's subject names.
 */
const ROLE = 'arn:aws:iam::123456789012:role/wandb';
/** Its policy is named after it, with `-policy` at its end: so must the ServiceAccount be. */
const USER = 'wandb';
const ACCOUNT = 'wandb-policy';

let namespace = '';
let minio: Minio;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let operator: OperatorProcess;
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
  await applySecret(namespace, 'root', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'AWS', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio, 'instance', 'root'),
  });
  operator = await startOperator(namespace, {
    args: [`--aws-endpoint=${minio.endpoint}`, `--aws-sts-endpoint=${minio.endpoint}`],
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
});

/** Waits for a reason, and gives what a person reads then. */
async function told(reason: string): Promise<string> {
  await requestValidation(namespace, 'TeamStorage', 'omega');
  const { status } = await untilStorage(omega(), { ready: 'False', reason });
  return status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
}

describe("W&B's own ServiceAccount (real tokens, MinIO's STS)", () => {
  it('must exist', async () => {
    expect(await told('ServiceAccountNotFound')).toContain(`ServiceAccount ${ACCOUNT}, as which the bucket is to be`);
  });

  it('must be opened by label', async () => {
    await applyServiceAccount(namespace, ACCOUNT, false);

    expect(await told('ServiceAccountNotAllowed')).toContain(
      `kubectl label serviceaccount ${ACCOUNT} -n ${namespace} storage.wandb.com/allow=true`,
    );
  });

  it('must be named in the Role of the operator', async () => {
    await applyServiceAccount(namespace, ACCOUNT, true);

    expect(await told('TokenRequestForbidden')).toContain(
      `{apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [${ACCOUNT}], verbs: [create]}`,
    );
  });

  it('must be trusted by the cloud', async () => {
    await allowTokens(namespace, ACCOUNT);

    expect(await told('IssuerNotTrusted')).toContain(
      'aws iam create-open-id-connect-provider --url https://kubernetes.default.svc',
    );
  });

  it('then proves the bucket, and nothing is published of it', async () => {
    const subject = `system:serviceaccount:${namespace}`;
    await createUser(minio, {
      name: `${subject}:${USER}`,
      secret: 'never-used-secret',
      buckets: ['omega-data'],
      actions: ['s3:*'],
    });
    await requestValidation(namespace, 'TeamStorage', 'omega');

    const { status } = await untilStorage(omega(), { ready: 'True', publishedReason: 'NoEntryNeeded' });
    expect(status).toMatchObject({
      credentialMode: 'WebIdentity',
      principal: `role ${ROLE} as ServiceAccount ${namespace}/${ACCOUNT}`,
      address: 's3://s3.us-east-1.amazonaws.com/omega-data?region=us-east-1',
    });
    const identity = (status?.checks ?? []).find(({ name }) => name === 'IdentityProven');
    expect(identity).toMatchObject({ result: 'Pass' });
    const published = await readSecret(namespace, 'wandb-storage');
    expect(JSON.stringify(published)).not.toContain('omega-data');
  });

  it('leaves no token in log or status', async () => {
    const { status } = await untilStorage(omega(), { ready: 'True' });
    for (const text of [operator.rawLog(), JSON.stringify(status)]) expect(text).not.toMatch(/eyJ[\w-]{8}/);
  });
});
