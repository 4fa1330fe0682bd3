import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';

export type Storage = InstanceStorage | TeamStorage;
type Status = NonNullable<TeamStorage['status']>;
type Check = NonNullable<Status['checks']>[number];
type Bucket = NonNullable<TeamStorage['spec']['bucket']>;

/** The time of the demo's report. */
export const DEMO_NOW = Date.parse('2026-05-04T03:12:00Z');
const NIGHT = '2026-05-04T02:47:00Z';
const EVENING = '2026-05-03T21:05:00Z';
const APRIL = '2026-04-11T08:30:00Z';
const NAMESPACE = 'wandb';
const MINIO = 'https://minio.acme.example:9000';

export function condition(type: string, status: 'True' | 'False' | 'Unknown', reason: string, message = '') {
  const since = status === 'True' ? APRIL : NIGHT;
  return { type, status, reason, message, observedGeneration: 1, lastTransitionTime: since };
}

/** The checks of a bucket that passes, with the given ones in their places. */
export function checksWith(...others: readonly Check[]): readonly Check[] {
  const failed = others.findIndex(({ result }) => result === 'Fail');
  const at = failed < 0 ? Infinity : CATALOGUE.findIndex(({ name }) => name === others[failed]?.name);
  return CATALOGUE.map(({ name }, index): Check => {
    const given = others.find((one) => one.name === name);
    if (given !== undefined) return given;
    if (index > at)
      return { name, result: 'Skip', reason: 'PrerequisiteFailed', message: 'An earlier check did not pass.' };
    if (name === 'KmsUsable' || name === 'OwnerMatches') {
      return { name, result: 'Skip', reason: 'NotApplicable', message: 'The spec asks for none.' };
    }
    const message = MESSAGES[name];
    return { name, result: 'Pass', reason: 'Passed', ...(message !== undefined && { message }) };
  });
}

const MESSAGES: Readonly<Record<string, string>> = {
  RegionMatches: 'Requests signed for eu-1 are accepted.',
  IdentityProven: 'Proven as access key WB4K***Q7XD.',
};

const GATES = ['Accepted', 'CredentialsResolved', 'BucketReachable', 'BucketUsable', 'BrowserAccess'];

/** Conditions of a storage that is Ready. */
export function readyConditions(): NonNullable<Status['conditions']> {
  return [
    condition('Ready', 'True', 'Valid'),
    ...GATES.map((type) => condition(type, 'True', 'Valid', 'It is as it should be.')),
    condition('Published', 'True', 'Published', 'Secret wandb-storage holds the proven bucket.'),
  ];
}

function brokenConditions(gate: string, reason: string, message: string, published: boolean) {
  return [
    condition('Ready', 'False', reason, message),
    ...GATES.map((type, index) =>
      type === gate
        ? condition(type, 'False', reason, message)
        : condition(
            type,
            index < GATES.indexOf(gate) ? 'True' : 'Unknown',
            index < GATES.indexOf(gate) ? 'Valid' : 'NotReached',
          ),
    ),
    published
      ? condition('Published', 'True', 'LastKnownGood', 'The entry that was proven last stays published.')
      : condition('Published', 'False', 'AwaitingProof', 'Nothing is published before the bucket is proven.'),
  ];
}

function metadata(name: string, namespace = NAMESPACE) {
  return { name, namespace, uid: `uid-${namespace}-${name}`, generation: 1, creationTimestamp: APRIL };
}

/** A team with its own bucket. */
export function teamStorage(
  name: string,
  spec: Partial<TeamStorage['spec']>,
  status: Status,
  namespace = NAMESPACE,
): TeamStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: metadata(name, namespace),
    spec: { team: name, ...spec },
    status: { observedGeneration: 1, instanceRef: { name: 'wandb' }, ...status },
  };
}

/** A bucket of MinIO. */
export function minioBucketOf(name: string, secretName: string, path?: string): Bucket {
  return {
    provider: 'S3Compatible',
    name,
    ...(path !== undefined && { path }),
    s3Compatible: { endpoint: MINIO, region: 'eu-1', credentials: { accessKey: { secretRef: { name: secretName } } } },
  };
}

/** The facts of a status about that bucket. */
export function factsOf(name: string, path?: string): Status {
  const place = path === undefined ? name : `${name}/${path}`;
  return {
    provider: 'S3Compatible',
    bucket: place,
    region: 'eu-1',
    address: `s3://[redacted]@minio.acme.example:9000/${place}?region=eu-1&tls=true`,
    credentialMode: 'AccessKey',
    principal: 'access key WB4K***Q7XD',
    lastFullValidationTime: EVENING,
  };
}

const SIGMA = 'There is no bucket sigma-data at https://minio.acme.example:9000 (404 NoSuchBucket).';
const RHO = 'Azure Blob Storage refuses the key of the storage account acmewandb (403 AuthenticationFailed).';

/** A deployment at night: something fails, something is shared, a certificate ends and a key was replaced. */
export function demoStorages(): readonly Storage[] {
  return [
    {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'InstanceStorage',
      metadata: metadata('wandb'),
      spec: {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.acme.example' },
        bucket: minioBucketOf('wandb-data', 'wandb-bucket'),
        delivery: { weightsAndBiases: { name: 'wandb' } },
      },
      status: {
        observedGeneration: 1,
        ...factsOf('wandb-data'),
        conditions: [
          ...readyConditions(),
          condition('Delivered', 'True', 'Delivered', ''),
          condition('RolledOut', 'True', 'RolledOut', ''),
        ],
        checks: [
          ...checksWith({
            name: 'TlsExpiry',
            result: 'Warn',
            reason: 'TlsExpiresSoon',
            message:
              'The certificate of https://minio.acme.example:9000 expires on 2026-05-13, which was less than 21 days away at the last probe.',
            remedy: 'Renew the certificate of the store before that day: nothing can be read or written after it.',
          }),
        ],
        boundBucket: { provider: 'S3Compatible', name: 'wandb-data', endpoint: MINIO },
        config: { secretName: 'wandb-storage', configMapName: 'wandb-storage', hash: '6f1c0e5b' },
        rollout: {
          workloads: [
            { uid: '1', name: 'wandb-app', hash: '6f1c0e5b', restartTime: NIGHT },
            { uid: '2', name: 'wandb-parquet', hash: '6f1c0e5b', restartTime: NIGHT },
          ],
        },
        teams: { total: 7, ready: 5, published: 5, retained: 0, sharing: 2 },
      },
    },
    teamStorage(
      'kappa',
      {},
      {
        bucket: '(instance bucket)',
        conditions: [
          condition('Ready', 'True', 'Valid'),
          condition('Accepted', 'True', 'Accepted'),
          condition('Isolated', 'False', 'UsesInstanceBucket', 'Team kappa is on the bucket of InstanceStorage wandb.'),
        ],
      },
    ),
    teamStorage(
      'omega',
      { bucket: minioBucketOf('omega-data', 'omega-bucket') },
      {
        ...factsOf('omega-data'),
        conditions: [...readyConditions(), condition('Isolated', 'True', 'ExclusiveBucket')],
        checks: [...checksWith()],
        rotation: { rotatedAt: NIGHT, previousKeySafeToRevokeAfter: '2026-05-05T02:47:00Z' },
      },
    ),
    teamStorage(
      'sigma',
      { bucket: minioBucketOf('sigma-data', 'omega-bucket', 'runs') },
      {
        ...factsOf('sigma-data', 'runs'),
        conditions: [
          ...brokenConditions('BucketReachable', 'BucketNotFound', SIGMA, false),
          condition('Isolated', 'True', 'ExclusiveBucket'),
        ],
        checks: [
          ...checksWith({
            ...{ name: 'BucketExists', result: 'Fail', reason: 'BucketNotFound', message: SIGMA },
            remedy:
              'Create the bucket (aws s3api create-bucket --bucket sigma-data --endpoint-url https://minio.acme.example:9000), or correct spec.bucket.name.',
          }),
        ],
      },
    ),
    teamStorage(
      'vision',
      { bucket: minioBucketOf('research', 'research-bucket', 'vision') },
      {
        ...factsOf('research', 'vision'),
        conditions: [
          ...readyConditions(),
          condition('Isolated', 'False', 'PathOverlap', 'The sub-path vision overlaps that of vision-labels.'),
        ],
        checks: [...checksWith()],
        isolation: { sharedWith: ['vision-labels'] },
      },
    ),
    teamStorage(
      'vision-labels',
      { team: 'labels', bucket: minioBucketOf('research', 'labels-bucket', 'vision/labels') },
      {
        ...factsOf('research', 'vision/labels'),
        conditions: [
          ...readyConditions(),
          condition('Isolated', 'False', 'PathOverlap', 'The sub-path vision/labels overlaps that of vision.'),
        ],
        checks: [...checksWith()],
        isolation: { sharedWith: ['vision'] },
      },
    ),
    teamStorage(
      'rho',
      {
        bucket: {
          provider: 'AzureBlob',
          name: 'rho-data',
          path: 'runs',
          azureBlob: {
            storageAccount: 'acmewandb',
            credentials: { accountKey: { secretRef: { name: 'rho-account' } } },
          },
        },
      },
      {
        ...{ provider: 'AzureBlob', bucket: 'rho-data/runs', address: 'az://[redacted]@acmewandb/rho-data/runs' },
        ...{ credentialMode: 'AccountKey', principal: 'the account key', lastFullValidationTime: EVENING },
        conditions: [
          ...brokenConditions('BucketReachable', 'SecretKeyWrong', RHO, true),
          condition('Isolated', 'True', 'ExclusiveBucket'),
        ],
        checks: [
          ...checksWith({
            ...{ name: 'Authenticated', result: 'Fail', reason: 'SecretKeyWrong', message: RHO },
            remedy:
              'Put key1 or key2 of the storage account into the Secret rho-account (az storage account keys list --account-name acmewandb), key AZURE_STORAGE_KEY.',
          }),
        ],
      },
    ),
    teamStorage(
      'theta',
      {
        bucket: {
          provider: 'GCS',
          name: 'theta-data',
          gcs: { credentials: { serviceAccountKey: { secretRef: { name: 'theta-bucket' } } } },
        },
      },
      {
        ...{ provider: 'GCS', bucket: 'theta-data', address: 'gs://[redacted]@theta-data' },
        ...{ credentialMode: 'ServiceAccountKey', principal: 'service account theta@acme.iam.gserviceaccount.com' },
        lastFullValidationTime: EVENING,
        conditions: [...readyConditions(), condition('Isolated', 'True', 'ExclusiveBucket')],
        checks: [...checksWith()],
      },
    ),
  ];
}
