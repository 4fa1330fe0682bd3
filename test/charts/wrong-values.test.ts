import { describe, expect, it } from '@jest/globals';
import { template, type Values } from './render.ts';

type Row = readonly [what: string, values: Values, says: string];

const OPERATOR: readonly Row[] = [
  ['a misspelt name', { replica: 3 }, "at '': additional properties 'replica' not allowed"],
  [
    'a misspelt name inside',
    { operator: { logLevels: 'info' } },
    "at '/operator': additional properties 'logLevels' not allowed",
  ],
  ['a name in the wrong place', { workers: 8 }, "additional properties 'workers' not allowed"],
  ['a word for a number', { replicas: 'two' }, "at '/replicas': got string, want integer"],
  ['more replicas than are of use', { replicas: 30 }, "at '/replicas': maximum: got 30, want 5"],
  ['no workers', { operator: { workers: 0 } }, "at '/operator/workers': minimum: got 0, want 1"],
  [
    'a level that no log has',
    { operator: { logLevel: 'trace' } },
    "at '/operator/logLevel': value must be one of 'debug', 'info', 'warn', 'error'",
  ],
  ['a word for a switch', { rbac: { delivery: 'yes please' } }, "at '/rbac/delivery': got string, want boolean"],
  ['a switch for an object', { crds: false }, "at '/crds': got boolean, want object"],
  ['a word for a list', { watch: { namespaces: 'wandb' } }, "at '/watch/namespaces': got string, want array"],
  ['a namespace twice', { watch: { namespaces: ['a', 'a'] } }, "at '/watch/namespaces': items at 0 and 1 are equal"],
  [
    'a namespace that none can be',
    { watch: { namespaces: ['W&B'] } },
    "at '/watch/namespaces/0': 'W&B' does not match pattern",
  ],
  [
    'namespaces and all of them',
    { watch: { namespaces: ['wandb'], allNamespaces: true } },
    'watch.namespaces and watch.allNamespaces exclude each other: empty the list, or set allNamespaces to false',
  ],
  [
    'labels for a label selector',
    { watch: { labelSelector: { shard: 'a' } } },
    "at '/watch/labelSelector': got object, want string",
  ],
  [
    'an address for a range',
    { operator: { deniedCIDRs: ['10.0.0.1'] } },
    "at '/operator/deniedCIDRs/0': '10.0.0.1' does not match pattern",
  ],
  [
    'two endpoints in one text',
    { operator: { allowedEndpoints: ['a.example,b.example'] } },
    "at '/operator/allowedEndpoints/0': 'a.example,b.example' does not match pattern",
  ],
  [
    'a number for a duration',
    { operator: { leaderElection: { leaseDuration: 15 } } },
    "at '/operator/leaderElection/leaseDuration': got number, want string",
  ],
  [
    'a duration without a unit',
    { operator: { leaderElection: { leaseDuration: '15' } } },
    "at '/operator/leaderElection/leaseDuration': '15' does not match pattern",
  ],
  [
    'a host for a URL',
    { operator: { endpoints: { aws: 's3.amazonaws.com' } } },
    "at '/operator/endpoints/aws': 's3.amazonaws.com' does not match pattern",
  ],
  [
    'a cloud by another spelling',
    { operator: { endpoints: { coreweave: 'https://cwobject.com' } } },
    "at '/operator/endpoints': additional properties 'coreweave' not allowed",
  ],
  [
    'an unknown pull policy',
    { image: { pullPolicy: 'Newest' } },
    "at '/image/pullPolicy': value must be one of 'Always'",
  ],
  ['half a digest', { image: { digest: 'sha256:abc' } }, "at '/image/digest': 'sha256:abc' does not match pattern"],
  ['a name for a pull secret', { imagePullSecrets: ['registry'] }, "at '/imagePullSecrets/0': got string, want object"],
  [
    'no name for a ServiceAccount that is given',
    { serviceAccount: { create: false } },
    'serviceAccount.name is needed where serviceAccount.create is false',
  ],
  [
    'a misspelt resource',
    { resources: { requests: { mem: '1Gi' } } },
    "at '/resources/requests': additional properties 'mem' not allowed",
  ],
  [
    'a toleration of the wrong kind',
    { tolerations: [{ effect: 'NoRun' }] },
    "at '/tolerations/0/effect': value must be one of 'NoSchedule'",
  ],
];

const bucket = { provider: 'S3', name: 'omega', s3: { region: 'eu-central-1' } };

const STORAGES: readonly Row[] = [
  ['a list of teams', { teams: [{ name: 'omega' }] }, "at '/teams': got array, want object"],
  ['a misspelt kind', { team: {} }, "at '': additional properties 'team' not allowed"],
  [
    'a misspelt field',
    { teams: { omega: { bucket: { ...bucket, s3: { regions: 'eu-central-1' } } } } },
    "at '/teams/omega/bucket/s3': additional properties 'regions' not allowed",
  ],
  [
    'a field that is missing',
    { teams: { omega: { bucket: { provider: 'S3' } } } },
    "at '/teams/omega/bucket': missing property 'name'",
  ],
  [
    'an unknown provider',
    { teams: { omega: { bucket: { ...bucket, provider: 'AWS' } } } },
    "at '/teams/omega/bucket/provider': value must be one of 'S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'",
  ],
  [
    'an account id that is a number',
    { teams: { omega: { bucket: { ...bucket, s3: { region: 'eu-central-1', expectedBucketOwner: 123456789012 } } } } },
    "at '/teams/omega/bucket/s3/expectedBucketOwner': got number, want string",
  ],
  [
    'a key in plain text',
    {
      instances: {
        wandb: {
          deployment: { type: 'SelfManaged', cloud: 'AWS' },
          bucket: { ...bucket, s3: { region: 'eu-central-1', credentials: { accessKey: { accessKeyId: 'AKIA' } } } },
        },
      },
    },
    "at '/instances/wandb/bucket/s3/credentials/accessKey': additional properties 'accessKeyId' not allowed",
  ],
  [
    'an instance without its deployment',
    { instances: { wandb: { bucket } } },
    "at '/instances/wandb': missing property 'deployment'",
  ],
  ['a name that no object can have', { teams: { 'Team Omega': {} } }, "'Team Omega' does not match pattern"],
  [
    'a policy that does not exist',
    { teams: { omega: { deletionPolicy: 'Delete' } } },
    "value must be one of 'Retain', 'Remove'",
  ],
];

describe.each([
  ['byob-operator', OPERATOR],
  ['byob-storages', STORAGES],
])('the chart %s refuses (real Helm)', (chart, rows) => {
  it.each(rows)('%s', async (_what, values, says) => {
    const { code, stdout, stderr } = await template(chart, values);

    expect(stderr).toContain(says);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});
