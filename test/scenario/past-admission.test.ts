import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { InstanceStorage } from '../../src/api/resources.ts';
import { startControlPlane, type ControlPlane } from '../servers/control-plane.ts';
import { publishedBuckets } from '../servers/file-stores.ts';
import {
  applySecret,
  applyStorage,
  currentOnes,
  getStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers, useOwnBeds } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { installCrds } from '../servers/install-crds.ts';

const VARIABLES = ['SUPPORTED_FILE_STORES', 'GORILLA_SUPPORTED_FILE_STORES', 'OUR_FILE_STORES'];
const KINDS = ['instancestorages', 'teamstorages'] as const;
let plane: ControlPlane;
let operator: OperatorProcess | undefined;
let namespace = '';
let neighbour = '';
const minio = () => sharedServers().minio;

/** The CRDs of an older or a careless cluster: they take anything. */
function looseCrd(plural: string): string {
  const crd = parse(readFileSync(`crds/storage.wandb.com_${plural}.yaml`, 'utf8')) as {
    spec: { versions: { schema: unknown }[] };
  };
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  // Without the default of the status, readers would take a new object for done.
  const openAPIV3Schema = { ...anything, properties: { status: { ...anything, default: { observedGeneration: -1 } } } };
  for (const version of crd.spec.versions) version.schema = { openAPIV3Schema };
  return stringify(crd);
}

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, KINDS.map(looseCrd).join('---\n'));
  const { serverUrl, folder, kubeconfig, auditLog } = plane;
  useOwnBeds({ serverUrl, folder, kubeconfig, auditLog });
  namespace = await newNamespace('loose');
  neighbour = await newBucket('neighbour');
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
    fileStores: { variables: VARIABLES },
  });
  await applyStorage(namespace, 'TeamStorage', 'neighbour', {
    team: 'neighbour',
    instanceRef: { name: 'wandb' },
    bucket: minioBucket(minio(), neighbour, 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'neighbour' }, { ready: 'True', published: 'True' });
});

afterAll(async () => {
  await operator?.stop();
  await plane.stop();
});

const good = (changes: object = {}): object => ({ ...minioBucket(minio(), 'some-bucket', 'root'), ...changes });
const store = (changes: object): object => ({
  ...good(),
  s3Compatible: { ...minioBucket(minio(), 'some-bucket', 'root').s3Compatible, ...changes },
});
const named = (name: string) => () => ({ bucket: good({ name }) });
const below = (path: unknown) => () => ({ bucket: good({ path }) });
const keyed = (secretRef: unknown) => () => ({ bucket: store({ credentials: { accessKey: { secretRef } } }) });
const nested = (depth: number): unknown => (depth === 0 ? 'name' : { name: nested(depth - 1) });

type Row = readonly [what: string, change: () => unknown, says: RegExp];

const TEAM_ROWS: readonly Row[] = [
  ['no spec', () => undefined, /spec must be an object/],
  ['a spec that is null', () => null, /spec must be an object/],
  ['a spec that is a list', () => [1], /spec must be an object/],
  ['a team that is a number', () => ({ team: 7 }), /spec\.team must be/],
  ['a team with a template', () => ({ team: '{{ .Values.team }}' }), /spec\.team must be/],
  ['a team that a variable would fill', () => ({ team: '$(TEAM)' }), /spec\.team must be/],
  ['suspend as a text', () => ({ suspend: 'yes' }), /spec\.suspend must be true or false/],
  ['an interval of a year', () => ({ validation: { interval: '1y' } }), /validation\.interval must be a duration/],
  ['a negative interval', () => ({ validation: { fullInterval: '-5s' } }), /fullInterval must be a duration/],
  ['an interval of nothing', () => ({ validation: { interval: '0s' } }), /validation\.interval must be a duration/],
  ['checks to ignore as a text', () => ({ validation: { ignore: 'NotPublic' } }), /validation\.ignore must be a list/],
  ['validation as a list', () => ({ validation: ['Full'] }), /spec\.validation must be an object/],
  ['an instance as a text', () => ({ instanceRef: 'wandb' }), /spec\.instanceRef must be an object/],
  ['a bucket that is a text', () => ({ bucket: 's3://key:secret@host/bucket' }), /spec\.bucket must be an object/],
  ['a bucket that is null', () => ({ bucket: null }), /spec\.bucket must be an object/],
  ['an unknown provider', () => ({ bucket: good({ provider: '__proto__' }) }), /spec\.bucket\.provider must be one of/],
  [
    'a bucket and a reference',
    () => ({ bucket: good(), bucketFrom: from('neighbour') }),
    /bucket or bucketFrom, not both/,
  ],
  ['a reference that is a number', () => ({ bucketFrom: { teamStorageRef: 5 } }), /teamStorageRef must be an object/],
  ['a reference to nobody', () => ({ bucketFrom: { path: 'a' } }), /exactly one of teamStorageRef/],
  ['a number for a name', () => ({ bucket: good({ name: 5 }) }), /spec\.bucket\.name must be/],
  ['a comma in the name', named('a,s3://key:secret@evil.example/b'), /spec\.bucket\.name must be/],
  ['an at sign in the name', named('key:secret@evil'), /spec\.bucket\.name must be/],
  ['a query in the name', named('bucket?tls=false'), /spec\.bucket\.name must be/],
  ['an escape in the name', named('bucket%2Fother'), /spec\.bucket\.name must be/],
  ['a line break in the name', named('bucket\nOTHER=1'), /spec\.bucket\.name must be/],
  ['a trailing line break in the name', named('bucket\n'), /spec\.bucket\.name must be/],
  ['dots for a name', named('..'), /spec\.bucket\.name must be/],
  ['unicode in the name', named('büçkét'), /spec\.bucket\.name must be/],
  ['a template in the name', named('{{bucket}}'), /spec\.bucket\.name must be/],
  ['a variable in the name', named('$(BUCKET)'), /spec\.bucket\.name must be/],
  ['a name of 1 MB', named('b'.repeat(1_000_000)), /spec\.bucket\.name must be/],
  ['a name nested 500 deep', () => ({ bucket: good({ name: nested(500) }) }), /spec\.bucket\.name must be/],
  ['a path that climbs', below('teams/../../other'), /spec\.bucket\.path must not/],
  ['a path with a query', below('a?b'), /spec\.bucket\.path must not/],
  ['a path with an escape', below('a%2Fb'), /spec\.bucket\.path must not/],
  ['a path with a line break', below('a\nb'), /spec\.bucket\.path must not/],
  ['a path with a template', below('{{team}}'), /spec\.bucket\.path must not/],
  ['a path with a variable', below('$(TEAM)'), /spec\.bucket\.path must not/],
  ['a path that is null', below(null), /spec\.bucket\.path must be a text/],
  [
    'the store as a list',
    () => ({ bucket: good({ s3Compatible: [] }) }),
    /spec\.bucket\.s3Compatible must be an object/,
  ],
  ['two stores', () => ({ bucket: good({ gcs: {} }) }), /spec\.bucket\.gcs is not for provider S3Compatible/],
  ['a comma in the host', () => ({ bucket: store({ endpoint: 'http://a,b' }) }), /endpoint must name a host/],
  [
    'a key in the endpoint',
    () => ({ bucket: store({ endpoint: 'http://k:s@host' }) }),
    /endpoint must not hold credentials/,
  ],
  ['addressing of its own', () => ({ bucket: store({ addressing: 'path' }) }), /addressing must be Path or/],
  ['a CA as a text', () => ({ bucket: store({ caBundle: '-----BEGIN' }) }), /caBundle must have exactly one of/],
  ['credentials as null', () => ({ bucket: store({ credentials: null }) }), /credentials must be an object/],
  ['a Secret without a name', keyed({ name: '' }), /secretRef\.name must be/],
  ['a Secret of another namespace', keyed({ name: '../kube-system/secrets/root' }), /secretRef\.name must be/],
  ['a list for the key of a Secret', keyed({ name: 'root', accessKeyIdKey: ['a'] }), /accessKeyIdKey must be/],
  [
    'an owner that is a number',
    () => ({ bucket: aws({ expectedBucketOwner: 123456789012 }) }),
    /expectedBucketOwner must be/,
  ],
  ['a region in a host', () => ({ bucket: aws({ region: 'evil.example/' }) }), /spec\.bucket\.s3\.region/],
];

const aws = (changes: object) => ({ provider: 'S3', name: 'bucket', s3: { region: 'eu-central-1', ...changes } });
const from = (name: string) => ({ teamStorageRef: { name } });

const INSTANCE_ROWS: readonly Row[] = [
  ['no deployment', () => ({ deployment: undefined }), /spec\.deployment is required/],
  ['a deployment that is null', () => ({ deployment: null }), /spec\.deployment must be an object/],
  [
    'an unknown cloud',
    () => ({ deployment: { type: 'SelfManaged', cloud: 'Moon' } }),
    /deployment\.cloud must be one of/,
  ],
  ['a URL that is a number', () => deployed({ url: 5 }), /deployment\.url must be/],
  ['a list for the separator', () => ({ fileStores: { separator: [','] } }), /fileStores\.separator must be/],
  ['a long separator', () => ({ fileStores: { separator: ',s3://k:s@h/b,' } }), /fileStores\.separator must be/],
  [
    'a variable that is no name',
    () => ({ fileStores: { variables: ['PATH=x'] } }),
    /fileStores\.variables\[0\] must be/,
  ],
];

const deployed = (changes: object) => ({ deployment: { type: 'SelfManaged', cloud: 'OnPremises', ...changes } });
const nameOf = (prefix: string, index: number): string => `${prefix}-${String(index)}`;

async function create(kind: 'InstanceStorage' | 'TeamStorage', name: string, spec: unknown): Promise<void> {
  const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/${kind.toLowerCase()}s`;
  const metadata = { name, namespace };
  const answer = await adminRequest('POST', path, { apiVersion: 'storage.wandb.com/v1alpha1', kind, metadata, spec });
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body['message'])}`);
}

describe('what an older CRD lets through is refused by the operator, each on its own object', () => {
  beforeAll(async () => {
    const spec = (base: object, change: unknown): unknown =>
      typeof change === 'object' && change !== null && !Array.isArray(change) ? { ...base, ...change } : change;
    await Promise.all(
      TEAM_ROWS.map(([, change], index) =>
        create(
          'TeamStorage',
          nameOf('t', index),
          spec({ team: nameOf('t', index), instanceRef: { name: 'wandb' } }, change()),
        ),
      ),
    );
    const base = { ...deployed({}), bucket: minioBucket(minio(), neighbour, 'root') };
    await Promise.all(
      INSTANCE_ROWS.map(([, change], index) => create('InstanceStorage', nameOf('i', index), spec(base, change()))),
    );
  });

  const rows = [
    ...TEAM_ROWS.map(([what, , says], index) => ['TeamStorage', what, nameOf('t', index), says] as const),
    ...INSTANCE_ROWS.map(([what, , says], index) => ['InstanceStorage', what, nameOf('i', index), says] as const),
  ];

  it.each(rows)('%s with %s', async (kind, _what, name, says) => {
    const object = await untilStorage({ namespace, kind, name }, { ready: 'False', reason: 'InvalidSpec' }, 15);

    const accepted = object.status?.conditions?.find(({ type }) => type === 'Accepted');
    expect(accepted).toMatchObject({ status: 'False', reason: 'InvalidSpec', message: expect.stringMatching(says) });
    expect(accepted?.message.length).toBeLessThan(400);
  });

  it('the neighbour stays Ready and is validated on request, and nothing but its entry is published', async () => {
    const token = await requestValidation(namespace, 'TeamStorage', 'neighbour');
    await until('the request is answered', async () => {
      const { status } = await getStorage(namespace, 'TeamStorage', 'neighbour');
      return status?.lastHandledReconcileAt === token;
    });

    await untilStorage({ namespace, kind: 'TeamStorage', name: 'neighbour' }, { ready: 'True', published: 'True' });
    expect(await publishedBuckets(namespace)).toEqual([neighbour]);
    expect(await currentOnes(namespace)).toEqual(['neighbour', 'wandb']);
  });

  it('nothing of it is a fault of the operator', () => {
    const faults = operator?.log().filter(({ message }) => message === 'reconcile threw') ?? [];

    expect(faults).toEqual([]);
  });
});

it('a slip in how the file stores are written leaves them as they were', async () => {
  const before = await readSecret(namespace, 'wandb-storage');
  expect(Object.keys(before ?? {})).toEqual(expect.arrayContaining(VARIABLES));
  const { spec } = (await getStorage(namespace, 'InstanceStorage', 'wandb')) as InstanceStorage;
  await applyStorage(namespace, 'InstanceStorage', 'wandb', { ...spec, fileStores: { variables: 'OUR_FILE_STORES' } });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'False', reason: 'InvalidSpec' });
  const token = await requestValidation(namespace, 'InstanceStorage', 'wandb');
  await until('the operator has looked', async () => {
    const { status } = await getStorage(namespace, 'InstanceStorage', 'wandb');
    return status?.lastHandledReconcileAt === token;
  });

  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);
});
