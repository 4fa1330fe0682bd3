import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isProven } from '../../src/checks/roll-up.ts';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import type { S3CompatibleStorage } from '../../src/domain/bucket/storage.ts';
import type { PolicyDocument } from '../../src/domain/policy/s3-grant.ts';
import { APP, probeBucket, type Outcome } from '../contract/probe-outcome.ts';
import { openTerminal, type Terminal } from '../docs/terminal.ts';
import { createUser, createBucket, keepVersions, minioAdmin, startMinio, type Minio } from '../servers/minio.ts';
import { temporaryFolder } from '../servers/process.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { byob } from './byob.ts';

/** What MinIO on loopback lacks, and what the grant does not let the operator read. */
const ALWAYS = {
  TlsTrusted: 'PlainHttp',
  EndpointPublic: 'EndpointNotPublic',
  ObjectsDeletable: 'SettingNotReadable',
  LifecycleSafe: 'SettingNotReadable',
};

function minioFlags(endpoint: string, bucket: string): readonly string[] {
  const place = ['--bucket', bucket, '--endpoint', endpoint, '--region', 'us-east-1'];
  return ['policy', '--provider', 'S3Compatible', ...place, '--origin', APP];
}

async function printedPolicy(bucket: string, path?: string): Promise<PolicyDocument> {
  const more = path === undefined ? [] : ['--path', path];
  const { status, stdout } = await byob([...minioFlags(sharedServers().minio.endpoint, bucket), ...more]);
  expect(status).toBe(0);
  const { documents } = JSON.parse(stdout) as { documents: readonly { name: string; document: PolicyDocument }[] };
  const policy = documents.find(({ name }) => name === 'Policy')?.document;
  if (policy === undefined) throw new Error('no policy was printed');
  return policy;
}

/** A probe of a bucket as a new user with exactly this policy. */
async function probeAs(bucket: string, policy: PolicyDocument, path = ''): Promise<Outcome> {
  const { minio } = sharedServers();
  const user = `user-${randomBytes(4).toString('hex')}`;
  await minioAdmin(minio, ['user', user, 'user-secret-1']);
  await minioAdmin(minio, ['policy', user], JSON.stringify(policy));
  const url = new URL(minio.endpoint);
  const storage: S3CompatibleStorage = {
    provider: 'S3Compatible',
    name: bucket,
    path,
    region: 'us-east-1',
    endpoint: { scheme: 'http', host: url.hostname, port: Number(url.port) },
    addressing: 'Path',
    credentials: {
      kind: 'AccessKey',
      secretName: 'omega',
      accessKeyIdKey: 'ACCESS_KEY',
      secretAccessKeyKey: 'SECRET_KEY',
    },
  };
  const credential = { kind: 'AccessKey', accessKeyId: user, secretAccessKey: new Secret('user-secret-1') } as const;
  return probeBucket({ target: { storage, credential }, clouds: PUBLIC_CLOUDS });
}

function without(policy: PolicyDocument, action: string): PolicyDocument {
  const Statement = policy.Statement.map((one) => ({
    ...one,
    Action: [one.Action].flat().filter((a) => a !== action),
  }));
  return { ...policy, Statement };
}

describe('the policy for MinIO that byob policy prints', () => {
  async function versionedBucket(): Promise<string> {
    const bucket = await newBucket('policy');
    await keepVersions(sharedServers().minio, bucket);
    return bucket;
  }

  it.each(['', 'teams/omega'])('makes every check pass that it can: sub-path %j', async (path) => {
    const bucket = await versionedBucket();
    const outcome = await probeAs(bucket, await printedPolicy(bucket, path === '' ? undefined : path), path);
    expect(isProven(outcome.results)).toBe(true);
    expect(outcome.reasons).toEqual(ALWAYS);
  });

  it('for a sub-path does not open the rest of the bucket', async () => {
    const bucket = await versionedBucket();
    const outcome = await probeAs(bucket, await printedPolicy(bucket, 'teams/omega'), 'teams/sigma');
    expect(outcome.reasons).toMatchObject({ CanWrite: 'WriteDenied' });
  });

  it('holds no action that a check does not miss', async () => {
    const actions = (await printedPolicy('any')).Statement.flatMap(({ Action }) => Action);
    const missed: Record<string, readonly string[]> = {};
    for (const action of actions) {
      const bucket = await versionedBucket();
      const { results } = await probeAs(bucket, without(await printedPolicy(bucket), action));
      const complaints = results.filter(({ name, result }) => ['Fail', 'Warn'].includes(result) && !(name in ALWAYS));
      missed[action] = complaints.map(({ reason }) => reason);
    }
    expect(missed).toEqual({
      's3:ListBucket': ['ListDenied'],
      's3:ListBucketMultipartUploads': ['GrantIncomplete'],
      // MinIO takes s3:ListBucket for it as well. Scripted answers show what is reported without it.
      's3:ListBucketVersions': [],
      's3:GetBucketLocation': ['GrantIncomplete'],
      's3:GetBucketVersioning': ['GrantIncomplete'],
      's3:GetEncryptionConfiguration': ['GrantIncomplete'],
      's3:GetObject*': ['ReadDenied'],
      's3:PutObject': ['WriteDenied'],
      's3:DeleteObject': ['DeleteDenied'],
      's3:AbortMultipartUpload': ['AbortDenied'],
    });
  });
});

describe('the commands for MinIO that byob policy prints', () => {
  let minio: Minio;
  let terminal: Terminal;
  let folder = '';

  beforeAll(async () => {
    minio = await startMinio();
    folder = temporaryFolder('byob-policy-');
    terminal = await openTerminal({ MC_CONFIG_DIR: folder, MC_ALIAS: 'store' }, folder);
    await terminal.enter(`mc alias set store ${minio.endpoint} ${minio.rootUser} ${minio.rootPassword}`);
    await createBucket(minio, 'omega-data');
    await createUser(minio, {
      name: 'omega-app',
      secret: 'omega-secret-1',
      buckets: ['other'],
      actions: ['s3:GetObject'],
    });
    await terminal.enter('mc admin config set store api cors_allow_origin=https://other.example');
  });
  afterAll(() => minio.stop());

  async function runCommands(...more: readonly string[]): Promise<string> {
    const args = [...minioFlags(minio.endpoint, 'omega-data'), '-o', 'commands', ...more];
    const { status, stdout } = await byob(args);
    expect(status).toBe(0);
    writeFileSync(join(folder, 'grant.sh'), stdout);
    return terminal.enter('bash grant.sh');
  }

  it('stop before they do anything while a value is missing', async () => {
    await expect(runCommands()).rejects.toThrow('STORE_USER: set it to: user of the store');
    await expect(terminal.enter('mc admin policy info store wandb-omega-data')).rejects.toThrow();
  });

  it('grant, and keep the policies and origins of others, also the second time', async () => {
    for (const time of ['once', 'again']) {
      await runCommands('--principal', 'omega-app');
      const user = JSON.parse(await terminal.enter('mc admin user info store omega-app --json')) as {
        policyName: string;
      };
      expect([time, user.policyName.split(',').sort()]).toEqual([time, ['omega-app-policy', 'wandb-omega-data']]);
      const api = await terminal.enter('mc admin config get store api');
      expect([time, api]).toEqual([time, expect.stringContaining(`cors_allow_origin=https://other.example,${APP} `)]);
    }
  });

  it('leave a policy of the same name as it is, and say what it would need', async () => {
    await terminal.enter(
      `echo '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::x/*"]}]}' > mine.json
       mc admin policy create store wandb-sigma-data mine.json`,
    );
    const args = ['--bucket', 'sigma-data', '--principal', 'omega-app'];
    await expect(runCommands(...args)).rejects.toThrow('policy wandb-sigma-data has another content');
    expect(await terminal.enter('mc admin policy info store wandb-sigma-data')).toContain('arn:aws:s3:::x/*');
  });
});

describe('byob policy', () => {
  const AWS = ['--provider', 'S3', '--bucket', 'x', '--region', 'eu-central-1'];
  const MANIFESTS = `
apiVersion: storage.wandb.com/v1alpha1
kind: InstanceStorage
metadata: { name: wandb, namespace: wandb }
spec:
  deployment: { type: SelfManaged, cloud: AWS, url: https://wandb.acme.example/home }
  bucket: { provider: S3, name: acme-wandb, s3: { region: eu-central-1 } }
---
apiVersion: storage.wandb.com/v1alpha1
kind: TeamStorage
metadata: { name: omega, namespace: wandb }
spec:
  team: omega
  bucketFrom: { instanceStorageRef: { name: wandb }, path: teams/omega }
`;

  it('takes the bucket, the sub-path and the origin from manifests on the standard input', async () => {
    const { status, stdout, stderr } = await byob(['policy', '-f', '-', 'omega'], { input: MANIFESTS });
    expect(status).toBe(0);
    expect(stdout).toContain('arn:aws:s3:::acme-wandb/teams/omega/*');
    expect(stdout).toContain('"https://wandb.acme.example"');
    expect(stderr).toContain('to fill in: AWS_PRINCIPAL_ARN');
  });

  it('puts a storage that names no namespace into that of --namespace', async () => {
    const input = `
apiVersion: storage.wandb.com/v1alpha1
kind: TeamStorage
metadata: { name: omega }
spec:
  team: omega
  bucket:
    provider: AzureBlob
    name: omega
    azureBlob: { storageAccount: acme, credentials: { workloadIdentity: { serviceAccountRef: { name: wandb }, clientId: 11111111-2222-3333-4444-555555555555, tenantId: 11111111-2222-3333-4444-555555555555 } } }
`;
    const { status, stdout } = await byob(['policy', '-f', '-', '-n', 'prod'], { input });
    expect([status, stdout]).toEqual([0, expect.stringContaining('system:serviceaccount:prod:wandb')]);
  });

  it.each<[string, readonly string[], string]>([
    ['no storage is named', ['-f', '-'], 'Name one storage: InstanceStorage/wandb, TeamStorage/omega.'],
    ['the storage is not there', ['-f', '-', 'kappa'], 'hold no storage kappa'],
    ['a file is not there', ['-f', 'missing.yaml'], 'cannot use missing.yaml: it does not exist'],
    ['the bucket is not complete', ['--provider', 'S3', '--bucket', 'x'], '--region is required'],
    ['the origin is no address of a site', ['--origin', 'javascript:x', ...AWS], '--origin must be a URL'],
    ['nothing is given', [], 'Name manifests with -f'],
    ['an option is unknown', ['--buckets', 'x'], "unknown option '--buckets'"],
    ['the format is unknown', ['-o', 'xml'], 'Allowed choices are json, commands, terraform, wandb-terraform'],
    [
      'W&B has no module for the provider',
      ['--provider', 'CoreWeave', '--bucket', 'x', '-o', 'wandb-terraform'],
      'W&B has no Terraform module for buckets of CoreWeave',
    ],
  ])('ends with 2 and prints nothing if %s', async (_, args, message) => {
    const { status, stdout, stderr } = await byob(['policy', ...args], { input: MANIFESTS });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('explains itself with examples', async () => {
    const { status, stdout } = await byob(['policy', '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}byob policy -f storages.yaml omega/);
  });
});
