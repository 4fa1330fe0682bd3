import { describe, expect, it } from '@jest/globals';
import { parseBucket } from '../spec/parse-bucket.ts';
import { blanksOfOutput } from './blanks.ts';
import { commandsOf } from './commands/commands.ts';
import { documentsOf } from './documents.ts';
import type { PolicyRequest } from './policy-request.ts';
import { terraformOf } from './terraform/terraform.ts';
import { wandbTerraformOf } from './terraform/wandb-terraform.ts';

const ROLE = 'arn:aws:iam::123456789012:role/wandb';
const serviceAccountRef = { name: 'wandb-app' };
const accessKey = { secretRef: { name: 'omega' } };
const S3 = { provider: 'S3', name: 'acme-omega', s3: { region: 'eu-central-1' } };
const IRSA = { ...S3, s3: { ...S3.s3, credentials: { webIdentity: { serviceAccountRef, roleArn: ROLE } } } };
const GCS = { provider: 'GCS', name: 'acme-omega' };
const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/wandb/providers/cluster';
const workloadIdentity = { serviceAccountRef, audience: POOL, impersonate: 'wandb@acme.iam.gserviceaccount.com' };
const AZURE = { provider: 'AzureBlob', name: 'omega', azureBlob: { storageAccount: 'acmewandb' } };
const CLIENT = '11111111-2222-3333-4444-555555555555';
const azureIdentity = { serviceAccountRef, clientId: CLIENT, tenantId: CLIENT };
const MINIO = {
  provider: 'S3Compatible',
  name: 'omega-data',
  s3Compatible: { endpoint: 'https://m.example', region: 'x' },
};
const CORS_ORIGIN = 'https://wandb.acme.example';

function requestFor(bucket: unknown, more: Partial<PolicyRequest> = {}): PolicyRequest {
  const parsed = parseBucket(bucket, 'bucket');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { storage: parsed.value, namespace: 'wandb', deployment: 'SelfManaged', origin: CORS_ORIGIN, ...more };
}

function documents(bucket: unknown, more: Partial<PolicyRequest> = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(documentsOf(requestFor(bucket, more)).map(({ name, document }) => [name, document]));
}

describe('the principal in the documents', () => {
  it.each<[string, unknown, Partial<PolicyRequest>, string]>([
    ['a key on AWS: unknown', S3, {}, '"AWS":"<AWS_PRINCIPAL_ARN>"'],
    ['a key on AWS: given', S3, { principal: ROLE }, `"AWS":"${ROLE}"`],
    ['the role that the storage names', IRSA, { principal: 'arn:aws:iam::1:user/x' }, `"AWS":"${ROLE}"`],
    ['W&B on AWS, Dedicated Cloud', S3, { deployment: 'DedicatedCloud' }, '"AWS":"arn:aws:iam::830241207209:root"'],
    [
      'W&B on AWS, SaaS Cloud',
      S3,
      { deployment: 'SaaSCloud' },
      '"AWS":"arn:aws:iam::725579432336:role/WandbIntegration"',
    ],
    [
      'a service account by its address',
      GCS,
      { principal: 'a@b.iam.gserviceaccount.com' },
      '"members":["serviceAccount:a@b.iam.gserviceaccount.com"]',
    ],
    [
      'W&B on Google Cloud',
      GCS,
      { deployment: 'SaaSCloud' },
      '"serviceAccount:wandb-integration@wandb-production.iam.gserviceaccount.com"',
    ],
    [
      'the impersonated service account',
      { ...GCS, gcs: { credentials: { workloadIdentity } } },
      {},
      '"serviceAccount:wandb@acme.iam.gserviceaccount.com"',
    ],
    [
      'a managed identity',
      { ...AZURE, azureBlob: { storageAccount: 'acmewandb', credentials: { workloadIdentity: azureIdentity } } },
      {},
      `"assignee":"${CLIENT}"`,
    ],
    [
      'W&B on CoreWeave',
      { provider: 'CoreWeave', name: 'acme-omega' },
      {},
      '"CW":"arn:aws:iam::wandb:static/wandb-integration"',
    ],
  ])('%s', (_, bucket, more, expected) => {
    expect(JSON.stringify(documents(bucket, more))).toContain(expected);
  });

  it('is bound to one organization where W&B is a principal for all of them', () => {
    const { BucketPolicy } = documents({ provider: 'CoreWeave', name: 'acme-omega' });
    expect(JSON.stringify(BucketPolicy).match(/"wandb:OrgID":\["<WANDB_ORG_ID>"\]/g)).toHaveLength(2);
  });
});

describe('the documents of a bucket', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['AWS', S3, ['IamPolicy', 'BucketPolicy', 'Cors']],
    [
      'AWS with a KMS key',
      { ...S3, s3: { ...S3.s3, kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1' } },
      ['IamPolicy', 'BucketPolicy', 'KeyPolicy', 'Cors'],
    ],
    ['AWS by a ServiceAccount', IRSA, ['IamPolicy', 'BucketPolicy', 'TrustPolicy', 'Cors']],
    [
      'AWS by a role that a key assumes',
      { ...S3, s3: { ...S3.s3, credentials: { accessKey, assumeRole: { roleArn: ROLE, externalId: 'acme-1' } } } },
      ['IamPolicy', 'BucketPolicy', 'TrustPolicy', 'CallerPolicy', 'Cors'],
    ],
    ['MinIO', MINIO, ['Policy', 'Cors']],
    [
      'CoreWeave with a key',
      { provider: 'CoreWeave', name: 'acme-omega', coreWeave: { credentials: { accessKey } } },
      ['OrganizationPolicy', 'BucketPolicy', 'Cors'],
    ],
    ['Google Cloud', GCS, ['Roles', 'Cors']],
    [
      'Google Cloud by a ServiceAccount',
      { ...GCS, gcs: { credentials: { workloadIdentity } } },
      ['Roles', 'ServiceAccountRoles', 'Cors'],
    ],
    [
      'Azure with an account key, which needs no role',
      { ...AZURE, azureBlob: { storageAccount: 'acmewandb', credentials: { accountKey: accessKey } } },
      ['Cors'],
    ],
    [
      'Azure by a ServiceAccount',
      { ...AZURE, azureBlob: { storageAccount: 'acmewandb', credentials: { workloadIdentity: azureIdentity } } },
      ['Roles', 'FederatedCredential', 'Cors'],
    ],
  ])('%s', (_, bucket, names) => {
    expect(Object.keys(documents(bucket))).toEqual(names);
  });

  it('name the partition of China, and the sub-path alone', () => {
    const { IamPolicy } = documents({
      provider: 'S3',
      name: 'acme',
      path: 'teams/omega',
      s3: { region: 'cn-north-1' },
    });
    expect(JSON.stringify(IamPolicy)).toContain('"Resource":"arn:aws-cn:s3:::acme/teams/omega/*"');
  });
});

const BUCKETS: readonly (readonly [string, unknown])[] = [
  [
    'AWS',
    {
      ...IRSA,
      s3: { ...IRSA.s3, kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1', expectedBucketOwner: '210987654321' },
    },
  ],
  ['MinIO', MINIO],
  ['CoreWeave', { provider: 'CoreWeave', name: 'acme-omega' }],
  ['Google Cloud', { ...GCS, gcs: { credentials: { workloadIdentity } } }],
  ['Azure', { ...AZURE, azureBlob: { storageAccount: 'acmewandb', credentials: { workloadIdentity: azureIdentity } } }],
];

describe.each(BUCKETS)('the commands for %s', (_, bucket) => {
  const script = commandsOf(requestFor(bucket));

  it.each<readonly [write: string, read: string]>([
    ['put-bucket-cors', 'get-bucket-cors'],
    ['put-bucket-policy', 'get-bucket-policy'],
    ['put-key-policy', 'get-key-policy'],
    ['update-assume-role-policy', 'get-role'],
    ['create-policy', 'get-policy'],
    ['admin policy create', 'admin policy info'],
    ['cors_allow_origin="$origins', 'admin config get'],
    ['--cors-file', '(cors_config)'],
    ['federated-credential create', 'federated-credential list'],
  ])('write with %s only after %s', (write, read) => {
    const lines = script.split('\n').filter((line) => !line.startsWith('#'));
    const at = lines.findIndex((line) => line.includes(write));
    if (at >= 0) expect(lines.slice(0, at).join('\n')).toContain(read);
  });

  it('take nothing away', () => {
    expect(script).not.toMatch(/\bdelete-|\bremove\b|\bdetach\b|\brm (?!-rf "\$work")|cors clear|--force/);
  });

  it('begin with the values that are missing', () => {
    const [first = ''] = script.split('\n\n');
    for (const name of blanksOfOutput(script)) expect(first).toContain(`: "\${${name}:?set it to: `);
  });
});

it('hostile sub-paths stay text in the commands', () => {
  const script = commandsOf(requestFor({ ...S3, path: 'a\'`id`/"b' }));
  expect(script).toContain('"Resource": "arn:aws:s3:::acme-omega/a\'`id`/\\"b/*"');
  expect(script.split('\n').filter((line) => line.includes('`id`') && !line.includes('"Resource"'))).toEqual([]);
});

describe('Terraform', () => {
  it.each(BUCKETS)('declares a variable for each blank: %s', (_, bucket) => {
    const { storage, namespace, deployment } = requestFor(bucket);
    const text = terraformOf({ storage, namespace, deployment });
    const used = new Set([...text.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
    const declared = new Set([...text.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name));
    expect(declared).toEqual(used);
    expect(text).not.toMatch(/<[A-Z_]+>/);
  });

  it("has W&B's inputs for an existing instance bucket, and for the bucket of a team", () => {
    const request = requestFor({ ...S3, path: 'files' }, { principal: ROLE });
    const instance = wandbTerraformOf({ ...request, level: 'Instance' });
    expect(instance).toMatchObject({
      value: expect.stringMatching(/bucket_name = "acme-omega"\n +bucket_path = "files"/),
    });
    const team = wandbTerraformOf({ ...request, level: 'Team' });
    expect(team).toMatchObject({ value: expect.stringContaining(`aws_principal_arn = "${ROLE}"`) });
    expect(team).toMatchObject({ value: expect.not.stringContaining('bucket_name') });
  });
});
