import type { Kind } from './crd-files.ts';
import type { Spec } from './rule-rows.ts';

/** A change of a bound object; `undefined` as message: it is accepted. */
export interface TransitionRow {
  readonly kind: Kind;
  readonly name: string;
  readonly before: Spec;
  /** Absent: the object is not bound yet. */
  readonly bound?: Spec;
  /** What else status holds before. */
  readonly status?: Spec;
  readonly after: Spec;
  /** The change is of the status instead: the new `boundBucket`, `null` to remove it. */
  readonly boundAfter?: Spec | null;
  readonly message?: string;
}

const minio = (extra: Spec = {}, own: Spec = {}): Spec => ({
  provider: 'S3Compatible',
  name: 'acme',
  ...extra,
  s3Compatible: { endpoint: 'https://minio.acme.example:9000', region: 'us-east-1', ...own },
});
const azure = (storageAccount: string): Spec => ({
  provider: 'AzureBlob',
  name: 'acme',
  azureBlob: { storageAccount },
});
const bound = { provider: 'S3Compatible', name: 'acme', endpoint: 'https://minio.acme.example:9000' };
const boundAzure = { provider: 'AzureBlob', name: 'acme', storageAccount: 'acmewandb' };
const deployment = { type: 'DedicatedCloud', cloud: 'AWS' };
const instance = (bucket?: Spec, extra: Spec = {}): Spec => ({
  deployment,
  ...(bucket !== undefined && { bucket }),
  ...extra,
});
const team = (bucket?: Spec, extra: Spec = {}): Spec => ({
  team: 'omega',
  ...(bucket !== undefined && { bucket }),
  ...extra,
});

const BOUND: Readonly<Record<Kind, string>> = {
  InstanceStorage: 'the instance bucket is bound and cannot become another one',
  TeamStorage: "the team's bucket is bound and cannot become another one",
};
const ADDRESS: Readonly<Record<Kind, string>> = {
  InstanceStorage: `${BOUND.InstanceStorage}: W&B cannot move its data. For the same bucket under another address, or`,
  TeamStorage: `${BOUND.TeamStorage}: W&B chooses a team's storage once, at its creation. For the same bucket under another address, or`,
};
const STATUS_BOUND = 'status.boundBucket cannot change while spec.bucketChangePolicy is Forbid';

/** What holds for the bucket of either kind. */
function bucketRows(kind: Kind, spec: (bucket?: Spec, extra?: Spec) => Spec): readonly TransitionRow[] {
  const refused = (name: string, after: Spec): TransitionRow => ({
    kind,
    name,
    before: spec(minio()),
    bound,
    after,
    message: BOUND[kind],
  });
  const accepted = (name: string, after: Spec): TransitionRow => ({ kind, name, before: spec(minio()), bound, after });
  const allow = { bucketChangePolicy: 'Allow' };
  return [
    { kind, name: 'another bucket while it is not bound', before: spec(minio()), after: spec(minio({ name: 'b' })) },
    refused('another name', spec(minio({ name: 'other' }))),
    refused('another path', spec(minio({ path: 'runs' }))),
    {
      ...refused('another endpoint', spec(minio({}, { endpoint: 'https://other.acme.example:9000' }))),
      message: ADDRESS[kind],
    },
    accepted('another endpoint with policy Allow', spec(minio({}, { endpoint: 'https://other.acme.example' }), allow)),
    {
      kind,
      name: 'policy Forbid again, after a move of the endpoint',
      before: spec(minio({}, { endpoint: 'https://other.acme.example' }), allow),
      bound: { ...bound, endpoint: 'https://other.acme.example' },
      after: spec(minio({}, { endpoint: 'https://other.acme.example' })),
    },
    refused('another provider', spec({ provider: 'S3', name: 'acme', s3: { region: 'us-east-1' } })),
    refused('no bucket any more', spec()),
    {
      kind,
      name: 'another storage account',
      before: spec(azure('acmewandb')),
      bound: boundAzure,
      after: spec(azure('otherwandb')),
      message: BOUND[kind],
    },
    accepted('another region', spec(minio({}, { region: 'eu-west-1' }))),
    accepted('another Secret', spec(minio({}, { credentials: { accessKey: { secretRef: { name: 'new' } } } }))),
    accepted('another CA', spec(minio({}, { caBundle: { configMapKeyRef: { name: 'ca' } } }))),
    accepted('another KMS key', spec(minio({}, { kmsKeyId: 'key-2' }))),
    accepted('another bucket with policy Allow', spec(minio({ name: 'other' }), allow)),
    {
      kind,
      name: 'back to the bound bucket',
      before: spec(minio({ name: 'slip' })),
      bound,
      after: spec(minio()),
    },
    {
      kind,
      name: 'an unrelated field of an object whose spec differs from the bound bucket',
      before: spec(minio({ name: 'slip' })),
      bound,
      after: spec(minio({ name: 'slip' }), { suspend: true }),
    },
    {
      kind,
      name: 'status bound for the first time',
      before: spec(minio()),
      after: spec(minio()),
      boundAfter: bound,
    },
    {
      kind,
      name: 'status bound to another bucket',
      before: spec(minio()),
      bound,
      after: spec(minio()),
      boundAfter: { ...bound, name: 'other' },
      message: STATUS_BOUND,
    },
    {
      kind,
      name: 'status no longer bound',
      before: spec(minio()),
      bound,
      after: spec(minio()),
      boundAfter: null,
      message: STATUS_BOUND,
    },
    {
      kind,
      name: 'status bound to another bucket with policy Allow',
      before: spec(minio(), allow),
      bound,
      after: spec(minio(), allow),
      boundAfter: { ...bound, name: 'other' },
    },
  ];
}

const from = (name: string, path?: string): Spec => ({
  bucketFrom: { teamStorageRef: { name }, ...(path !== undefined && { path }) },
});
const resolved = { status: { instanceRef: { name: 'wandb' } } };

/** Every rule that compares an object with its older version. */
export const TRANSITION_ROWS: readonly TransitionRow[] = [
  ...bucketRows('InstanceStorage', instance),
  ...bucketRows('TeamStorage', team),
  {
    kind: 'TeamStorage',
    name: 'another team',
    before: team(minio()),
    bound,
    after: team(minio(), { team: 'kappa' }),
    message: 'spec.team cannot change once the bucket is bound',
  },
  { kind: 'TeamStorage', name: 'another team before binding', before: team(minio()), after: { team: 'kappa' } },
  {
    kind: 'TeamStorage',
    name: 'another instance',
    before: team(minio(), { instanceRef: { name: 'wandb' } }),
    bound,
    after: team(minio(), { instanceRef: { name: 'other' } }),
    message: 'spec.instanceRef cannot change once the bucket is bound',
  },
  {
    kind: 'TeamStorage',
    name: 'no instance any more',
    before: team(minio(), { instanceRef: { name: 'wandb' } }),
    bound,
    after: team(minio()),
    message: 'spec.instanceRef cannot change once the bucket is bound',
  },
  {
    kind: 'TeamStorage',
    name: 'an instance that is not the resolved one',
    before: team(minio()),
    bound,
    ...resolved,
    after: team(minio(), { instanceRef: { name: 'other' } }),
    message: 'spec.instanceRef must name the instance to which the team was resolved',
  },
  {
    kind: 'TeamStorage',
    name: 'the resolved instance by name',
    before: team(minio()),
    bound,
    ...resolved,
    after: team(minio(), { instanceRef: { name: 'wandb' } }),
  },
  {
    kind: 'TeamStorage',
    name: 'another source of the bucket',
    before: team(undefined, from('kappa')),
    bound,
    after: team(undefined, from('sigma')),
    message: BOUND.TeamStorage,
  },
  {
    kind: 'TeamStorage',
    name: 'another path in a referenced bucket',
    before: team(undefined, from('kappa')),
    bound,
    after: team(undefined, from('kappa', 'runs')),
    message: BOUND.TeamStorage,
  },
  {
    kind: 'TeamStorage',
    name: 'the referenced bucket spelled out',
    before: team(undefined, from('kappa')),
    bound,
    after: team(minio()),
  },
];
