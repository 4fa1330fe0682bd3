import type { RuleRow, Spec } from './rule-rows.ts';

const role = 'arn:aws:iam::123456789012:role/wandb';
const workload = { serviceAccountRef: { name: 'wandb-app' } };

/** A team whose spec holds `value` at one place. */
type Around = (value: string) => Spec;

const team: Around = (value) => ({ team: value });
const bucket = (change: (value: string) => Spec): Around => {
  return (value) => ({
    team: 'omega',
    bucket: { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' }, ...change(value) },
  });
};
const s3 = (change: (value: string) => Spec): Around =>
  bucket((value) => ({ s3: { region: 'eu-central-1', ...change(value) } }));
const own = (change: (value: string) => Spec): Around =>
  bucket((value) => ({
    provider: 'S3Compatible',
    s3: undefined,
    s3Compatible: { endpoint: 'https://minio.acme.example', region: 'us-east-1', ...change(value) },
  }));
const gcs = (workloadIdentity: (value: string) => Spec): Around =>
  bucket((value) => ({
    provider: 'GCS',
    s3: undefined,
    gcs: {
      credentials: {
        workloadIdentity: { ...workload, audience: '//iam.googleapis.com/p', ...workloadIdentity(value) },
      },
    },
  }));
const azure = (azureBlob: (value: string) => Spec): Around =>
  bucket((value) => ({
    provider: 'AzureBlob',
    s3: undefined,
    azureBlob: { storageAccount: 'acmewandb', ...azureBlob(value) },
  }));
const GUID = '00000000-0000-0000-0000-000000000001';
const client: Around = azure((clientId) => ({
  credentials: { workloadIdentity: { ...workload, clientId, tenantId: GUID } },
}));
const instance = (change: (value: string) => Spec): Around => {
  return (value) => ({ deployment: { type: 'DedicatedCloud', cloud: 'AWS' }, ...change(value) });
};

type Text = readonly [
  at: string,
  message: string,
  around: Around,
  accepted: readonly string[],
  refused: readonly string[],
];

const OF_TEAMS: readonly Text[] = [
  ['spec.team', "must be the team's name", team, ['omega', 'Team_1.x'], ['', 'my team', '-x', 'https://wandb/omega']],
  [
    'spec.organization',
    'must be a name on one line',
    (value) => ({ team: 'omega', organization: value }),
    ['Acme GmbH'],
    ['a\nb', ''],
  ],
  [
    'spec.instanceRef.name',
    'must be the name of a Kubernetes object',
    (name) => ({ team: 'omega', instanceRef: { name } }),
    ['wandb', 'a.b-c'],
    ['', 'My Instance', 'wandb_prod', 'ns/wandb'],
  ],
  [
    'spec.bucket.s3.credentials.accessKey.secretRef.accessKeyIdKey',
    'must be a key of a Secret or ConfigMap',
    s3((accessKeyIdKey) => ({ credentials: { accessKey: { secretRef: { name: 'keys', accessKeyIdKey } } } })),
    ['AWS_ACCESS_KEY_ID', 'a.b'],
    ['', 'a b', 'a/b'],
  ],
  [
    'spec.bucket.name',
    "must be the bucket's name alone, such as omega-data: without a scheme such as s3://",
    bucket((name) => ({ name })),
    ['omega-data'],
    ['s3://omega-data', 'omega-data/teams', 'omega/'],
  ],
  [
    'spec.bucket.name',
    "must be the bucket's name as the store lists it",
    bucket((name) => ({ name })),
    ['Omega_Data', '0.a'],
    ['', 'a,b', '-a', 'a b', '${BUCKET}'],
  ],
  [
    'spec.bucket.path',
    'must have no slash at its ends',
    bucket((path) => ({ path })),
    ['teams/omega', 'a'],
    ['', '/a', 'a/', 'a//b', '/'],
  ],
  ['spec.bucket.path', 'must have no spaces', bucket((path) => ({ path })), ['ä-ö/b'], ['a b', 'a?b', 'a%20b', 'a\nb']],
  [
    'spec.bucket.s3.region',
    'must be the region as AWS names it',
    s3((region) => ({ region })),
    ['eu-central-1'],
    ['', 'EU', 'x.evil.example/', 'eu_1'],
  ],
  [
    'spec.bucket.s3Compatible.region',
    'must be the region that the store signs for',
    own((region) => ({ region })),
    ['auto', 'NL', 'RegionOne', 'default_zone'],
    ['', 'a b', '-', 'x/y'],
  ],
  [
    'spec.bucket.coreWeave.region',
    'must be the availability zone as CoreWeave names it',
    bucket((region) => ({ provider: 'CoreWeave', s3: undefined, coreWeave: { region } })),
    ['US-EAST-04A', 'us-east-04a'],
    ['', 'US EAST'],
  ],
  [
    'spec.bucket.s3.kmsKeyArn',
    'must be the ARN of a KMS key',
    s3((kmsKeyArn) => ({ kmsKeyArn })),
    ['arn:aws-eusc:kms:eusc-de-east-1:123456789012:key/1', 'arn:aws:kms:eu-central-1:123456789012:alias/wandb'],
    ['', 'alias/wandb', '1234abcd-12ab-34cd-56ef-1234567890ab'],
  ],
  [
    'spec.bucket.s3.expectedBucketOwner',
    'must be the id of an AWS account',
    s3((expectedBucketOwner) => ({ expectedBucketOwner })),
    ['012345678901'],
    ['', '12345', '0123-4567-8901', 'acme'],
  ],
  [
    'spec.bucket.s3.credentials.assumeRole.roleArn',
    'must be the ARN of an IAM role',
    s3((roleArn) => ({ credentials: { webIdentity: { ...workload, roleArn: role }, assumeRole: { roleArn } } })),
    [role, 'arn:aws-us-gov:iam::123456789012:role/path/wandb'],
    ['', 'wandb', 'arn:aws:iam::123456789012:user/wandb'],
  ],
  [
    'spec.bucket.s3.credentials.assumeRole.externalId',
    "must be the external id of the role's trust policy",
    s3((externalId) => ({
      credentials: { webIdentity: { ...workload, roleArn: role }, assumeRole: { roleArn: role, externalId } },
    })),
    ['acme:wandb'],
    ['', 'a', 'a b'],
  ],
  [
    'spec.bucket.s3Compatible.endpoint',
    'must begin with https:// or http://',
    own((endpoint) => ({ endpoint })),
    ['https://minio.acme.example:9000', 'http://[::1]:9000'],
    ['', 'minio.acme.example:9000', 's3://minio', 'file:///etc'],
  ],
  [
    'spec.bucket.s3Compatible.endpoint',
    'must end after the host and its port',
    own((endpoint) => ({ endpoint })),
    ['https://minio.acme.example'],
    ['https://minio.acme.example/', 'https://minio.acme.example/omega-data', 'https://h:1/p?q'],
  ],
  [
    'spec.bucket.s3Compatible.endpoint',
    'must be a URL such as',
    own((endpoint) => ({ endpoint })),
    ['https://10.0.0.1:9000'],
    ['http://[::1:9000', 'https://k:s@minio.acme.example', 'https://min io', 'https://minio?x=y', 'https://'],
  ],
  [
    'spec.bucket.s3Compatible.kmsKeyId',
    "must be the id of the store's encryption key",
    own((kmsKeyId) => ({ kmsKeyId })),
    ['my-key'],
    ['', 'a b'],
  ],
  [
    'spec.bucket.gcs.credentials.workloadIdentity.audience',
    'must be the full name of the provider',
    gcs((audience) => ({ audience })),
    ['//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k'],
    ['', 'projects/1/locations/global', 'https://iam.googleapis.com/p'],
  ],
  [
    'spec.bucket.gcs.credentials.workloadIdentity.impersonate',
    'must be the e-mail address of a Google service account',
    gcs((impersonate) => ({ impersonate })),
    ['wandb@acme.iam.gserviceaccount.com'],
    ['', 'wandb', 'serviceAccount:wandb@acme'],
  ],
  [
    'spec.bucket.azureBlob.storageAccount',
    'must be the name of the storage account alone',
    azure((storageAccount) => ({ storageAccount })),
    ['acmewandb1'],
    ['', 'ab', 'Acme', 'acmewandb.blob.core.windows.net', 'https://acmewandb.blob.core.windows.net'],
  ],
  [
    'spec.bucket.azureBlob.credentials.workloadIdentity.clientId',
    'must be an id as Azure shows it',
    client,
    [GUID],
    ['', 'wandb', '00000000000000000000000000000001', `{${GUID}}`],
  ],
  [
    'spec.validation.interval',
    'must be a duration such as',
    (interval) => ({ team: 'omega', validation: { interval } }),
    ['30m', '1h30m', '1.5h'],
    ['', '1', '1d', '1 h', 'daily'],
  ],
  [
    'spec.provision.admin',
    'must be a username or an e-mail address',
    (admin) => ({ team: 'omega', provision: { admin } }),
    ['admin@acme.example', 'admin'],
    ['', 'Ada Lovelace', 'a"b'],
  ],
  [
    'spec.provision.members[]',
    'must be a username or an e-mail address',
    (member) => ({ team: 'omega', provision: { members: [member] } }),
    ['admin@acme.example'],
    ['', 'Ada Lovelace'],
  ],
];

const OF_INSTANCES: readonly Text[] = [
  [
    'spec.deployment.url',
    'must begin with https:// or http://, such as https://wandb',
    instance((url) => ({ deployment: { type: 'DedicatedCloud', cloud: 'AWS', url } })),
    ['https://wandb.acme.example:8443'],
    ['', 'wandb.acme.example', 'ftp://wandb.acme.example'],
  ],
  [
    'spec.deployment.url',
    'must be the address of the W&B front end',
    instance((url) => ({ deployment: { type: 'DedicatedCloud', cloud: 'AWS', url } })),
    ['https://wandb.acme.example/'],
    ['https://[::1', 'https://wandb.acme.example?x=1', 'https://me@wandb.acme.example'],
  ],
  [
    'spec.fileStores.separator',
    'must be one comma',
    instance((separator) => ({ fileStores: { separator } })),
    [',', ';', ' ', '|'],
    ['', '\n', ', ', ':'],
  ],
  [
    'spec.fileStores.variables[]',
    'must be the name of an environment variable',
    instance((name) => ({ fileStores: { variables: [name] } })),
    ['MY_STORES'],
    ['', 'my-stores', '1A', '$A'],
  ],
];

/** One row for each refused text, with an accepted one beside it. */
export const TEXT_ROWS: readonly RuleRow[] = [
  ...OF_TEAMS.flatMap((text) => rowsOf('TeamStorage', text)),
  ...OF_INSTANCES.flatMap((text) => rowsOf('InstanceStorage', text)),
];

function rowsOf(kind: RuleRow['kind'], [at, message, around, accepted, refused]: Text): readonly RuleRow[] {
  const count = Math.max(accepted.length, refused.length);
  return Array.from({ length: count }, (_, index) => ({
    kind,
    at,
    message,
    accepted: around(accepted[index % accepted.length] ?? ''),
    refused: around(refused[index % refused.length] ?? ''),
  }));
}
