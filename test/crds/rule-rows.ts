import type { Kind } from './crd-files.ts';

/** A spec, raw: the refused ones do not fit the types. */
export type Spec = Readonly<Record<string, unknown>>;

/** One CEL rule that looks at an object by itself. */
export interface RuleRow {
  readonly kind: Kind;
  /** Path of the rule in the schema; empty for the root. */
  readonly at: string;
  /** The rule's message begins so. */
  readonly message: string;
  readonly accepted: Spec;
  readonly refused: Spec;
  /** Names of the objects, where the name matters. */
  readonly names?: { readonly accepted: string; readonly refused: string };
}

const keyRef = { secretRef: { name: 'keys' } };
const role = 'arn:aws:iam::123456789012:role/wandb';
const webIdentity = { serviceAccountRef: { name: 'wandb-app' }, roleArn: role };
const workload = { serviceAccountRef: { name: 'wandb-app' } };
const gcsWorkload = {
  ...workload,
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k',
};
const azureWorkload = {
  ...workload,
  clientId: '00000000-0000-0000-0000-000000000001',
  tenantId: '00000000-0000-0000-0000-000000000002',
};
const endpoint = 'https://minio.acme.example:9000';

const s3 = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } };
const s3Compatible = { provider: 'S3Compatible', name: 'acme', s3Compatible: { endpoint, region: 'us-east-1' } };
const gcs = { provider: 'GCS', name: 'acme' };
const azureBlob = { provider: 'AzureBlob', name: 'acme', azureBlob: { storageAccount: 'acmewandb' } };

export const bases: Readonly<Record<Kind, Spec>> = {
  InstanceStorage: { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, bucket: s3 },
  TeamStorage: { team: 'omega', bucket: s3 },
};

type Pair = readonly [at: string, message: string, accepted: unknown, refused: unknown];

const BUCKET_PAIRS: readonly Pair[] = [
  ['', 'provider S3 goes with the member s3 and no other', s3, { provider: 'S3', name: 'acme' }],
  [
    '',
    'provider S3Compatible goes with the member s3Compatible and no other',
    s3Compatible,
    { ...s3Compatible, s3: s3.s3 },
  ],
  ['', 'provider S3 goes with the member s3 and no other', { ...gcs, gcs: {} }, { ...s3, gcs: {} }],
  [
    '',
    'provider AzureBlob goes with the member azureBlob and no other',
    azureBlob,
    { provider: 'AzureBlob', name: 'acme' },
  ],
  [
    '',
    'provider GCS goes with the member gcs and no other',
    { provider: 'CoreWeave', name: 'acme', coreWeave: {} },
    { ...gcs, coreWeave: {} },
  ],
  ['.path', "a path must not contain '.' or '..' parts", { ...s3, path: 'a/.b/..c' }, { ...s3, path: 'a/../b' }],
  [
    '.s3.credentials',
    'give exactly one of accessKey and webIdentity',
    { ...s3, s3: { region: 'r', credentials: { accessKey: keyRef, assumeRole: { roleArn: role } } } },
    { ...s3, s3: { region: 'r', credentials: { accessKey: keyRef, webIdentity } } },
  ],
  [
    '.s3Compatible.caBundle',
    'give exactly one of configMapKeyRef and secretKeyRef',
    { ...s3Compatible, s3Compatible: { ...s3Compatible.s3Compatible, caBundle: { configMapKeyRef: { name: 'ca' } } } },
    { ...s3Compatible, s3Compatible: { ...s3Compatible.s3Compatible, caBundle: {} } },
  ],
  [
    '.gcs.credentials',
    'give exactly one of serviceAccountKey and workloadIdentity',
    { ...gcs, gcs: { credentials: { workloadIdentity: gcsWorkload } } },
    { ...gcs, gcs: { credentials: { serviceAccountKey: keyRef, workloadIdentity: gcsWorkload } } },
  ],
  [
    '.azureBlob.credentials',
    'give exactly one of accountKey and workloadIdentity',
    { ...azureBlob, azureBlob: { storageAccount: 'acmewandb', credentials: { accountKey: keyRef } } },
    { ...azureBlob, azureBlob: { storageAccount: 'acmewandb', credentials: {} } },
  ],
];

const IDENTITY_PAIRS: readonly Pair[] = [
  [
    '',
    'give exactly one of s3, s3Compatible, gcs, azureBlob and coreWeave',
    { s3: { accessKey: keyRef } },
    { s3: { accessKey: keyRef }, coreWeave: { accessKey: keyRef } },
  ],
  ['.s3', 'give exactly one of accessKey and webIdentity', { s3: { webIdentity } }, { s3: {} }],
  [
    '.gcs',
    'give exactly one of serviceAccountKey and workloadIdentity',
    { gcs: { serviceAccountKey: keyRef } },
    { gcs: {} },
  ],
  [
    '.azureBlob',
    'give exactly one of accountKey and workloadIdentity',
    { azureBlob: { workloadIdentity: azureWorkload } },
    { azureBlob: {} },
  ],
];

function rowsOf(kind: Kind): readonly RuleRow[] {
  const base = bases[kind];
  const row = (under: string, [at, message, accepted, refused]: Pair, wrap: (value: unknown) => Spec): RuleRow => ({
    kind,
    at: under + at,
    message,
    accepted: { ...base, ...wrap(accepted) },
    refused: { ...base, ...wrap(refused) },
  });
  return [
    ...BUCKET_PAIRS.map((pair) => row('spec.bucket', pair, (bucket) => ({ bucket }))),
    ...IDENTITY_PAIRS.map((pair) =>
      row('spec.validation.credentialsFrom', pair, (credentialsFrom) => ({ validation: { credentialsFrom } })),
    ),
  ];
}

/** Every rule that needs no older version of the object. */
export const RULE_ROWS: readonly RuleRow[] = [
  ...rowsOf('InstanceStorage'),
  ...rowsOf('TeamStorage'),
  {
    kind: 'InstanceStorage',
    at: '',
    message: 'the name must have at most 55 characters',
    accepted: bases.InstanceStorage,
    refused: bases.InstanceStorage,
    names: { accepted: 'n'.repeat(55), refused: 'n'.repeat(56) },
  },
  {
    kind: 'InstanceStorage',
    at: '',
    message: 'a SelfManaged deployment needs spec.bucket',
    accepted: { deployment: { type: 'DedicatedCloud', cloud: 'AWS' } },
    refused: { deployment: { type: 'SelfManaged', cloud: 'AWS' } },
  },
  {
    kind: 'InstanceStorage',
    at: 'spec.delivery.restart',
    message: 'mode Automatic needs selector.matchLabels',
    accepted: {
      ...bases.InstanceStorage,
      delivery: { restart: { mode: 'Automatic', selector: { matchLabels: { app: 'wandb' } } } },
    },
    refused: { ...bases.InstanceStorage, delivery: { restart: { mode: 'Automatic', selector: { matchLabels: {} } } } },
  },
  {
    kind: 'InstanceStorage',
    at: 'spec.fileStores.variables[]',
    message: "this name is taken by the instance bucket's own keys",
    accepted: { ...bases.InstanceStorage, fileStores: { variables: ['MY_FILE_STORES'] } },
    refused: { ...bases.InstanceStorage, fileStores: { variables: ['BUCKET'] } },
  },
  {
    kind: 'TeamStorage',
    at: 'spec',
    message: 'give bucket or bucketFrom, not both',
    accepted: { team: 'omega' },
    refused: { team: 'omega', bucket: s3, bucketFrom: { teamStorageRef: { name: 'kappa' } } },
  },
  {
    kind: 'TeamStorage',
    at: 'spec.bucketFrom',
    message: 'give exactly one of teamStorageRef and instanceStorageRef',
    accepted: { team: 'omega', bucketFrom: { instanceStorageRef: { name: 'wandb' } } },
    refused: {
      team: 'omega',
      bucketFrom: { teamStorageRef: { name: 'kappa' }, instanceStorageRef: { name: 'wandb' } },
    },
  },
  {
    kind: 'TeamStorage',
    at: 'spec.bucketFrom.path',
    message: "a path must not contain '.' or '..' parts",
    accepted: { team: 'omega', bucketFrom: { teamStorageRef: { name: 'kappa' }, path: 'a.b/c' } },
    refused: { team: 'omega', bucketFrom: { teamStorageRef: { name: 'kappa' }, path: 'a/.' } },
  },
];
