import type { Kind } from '../../crds/crd-files.ts';
import type { Spec } from './placement.ts';
import { ORIGIN, type Provider, type Stores } from './stores.ts';

/** Stand in a spec for what each object has for itself. */
export const OWN_NAME = '@own-name';
export const OWN_BUCKET = '@own-bucket';

/** A good object that is changed. */
export interface Base {
  readonly name: string;
  readonly kind: Kind;
  /** Absent where it has no bucket of its own. */
  readonly provider?: Provider;
  readonly spec: Spec;
  /** Ready is not True. */
  readonly isUnproven?: true;
}

const PROVIDERS = ['S3Compatible', 'S3', 'GCS', 'AzureBlob', 'CoreWeave'] as const;
/** With it W&B offers every provider to a deployment of one's own. */
export const DEPLOYMENT = {
  type: 'SelfManaged',
  cloud: 'OnPremises',
  url: ORIGIN,
  availability: 'byob-2026',
} as const;
/** Nothing of it is there: the chart of W&B may come after us. */
const DELIVERY = {
  weightsAndBiases: { name: 'wandb' },
  restart: { mode: 'Automatic', minInterval: '5m', selector: { matchLabels: { app: 'wandb' } } },
} as const;
const ALLOW = { bucketChangePolicy: 'Allow' } as const;

/** In the order in which they are tried for a field: an object that binds its bucket takes no other one. */
export function basesOf({ bucketSpec }: Pick<Stores, 'bucketSpec'>): readonly Base[] {
  const instance = (provider: Provider): Spec => ({ deployment: DEPLOYMENT, bucket: bucketSpec(provider, OWN_BUCKET) });
  const own = { team: OWN_NAME, instanceRef: { name: 'home' } } as const;
  const team = (provider: Provider): Spec => ({ ...own, bucket: bucketSpec(provider, OWN_BUCKET) });
  const prover = (specFor: (provider: Provider) => Spec) => (provider: Provider) => ({
    ...specFor(provider),
    validation: { credentialsFrom: credentialsOf(bucketSpec(provider, OWN_BUCKET)) },
  });
  const borrower = { ...own, bucketFrom: { teamStorageRef: { name: 'lender' }, path: 'borrowed' } };
  return [
    ...each('InstanceStorage', instance),
    ...each('InstanceStorage', prover(instance), 'proven'),
    {
      name: 'delivered',
      kind: 'InstanceStorage',
      provider: 'S3Compatible',
      spec: { ...instance('S3Compatible'), delivery: DELIVERY },
    },
    {
      name: 'managed',
      kind: 'InstanceStorage',
      spec: { deployment: { ...DEPLOYMENT, type: 'DedicatedCloud', cloud: 'AWS' } },
    },
    ...each('TeamStorage', team),
    ...each('TeamStorage', prover(team), 'proven'),
    { name: 'borrower', kind: 'TeamStorage', spec: borrower },
    { name: 'borrower-allow', kind: 'TeamStorage', spec: { ...borrower, ...ALLOW } },
    // Never published, so nothing of it is bound.
    {
      name: 'unbound',
      kind: 'TeamStorage',
      provider: 'S3Compatible',
      spec: { ...team('S3Compatible'), validation: { mode: 'ReadOnly' } },
      isUnproven: true,
    },
    // Another bucket binds it, and only with this it may return.
    { name: 'guest', kind: 'TeamStorage', spec: { ...own, ...ALLOW } },
  ];
}

/** On each provider; first those whose bucket may not change. */
function each(kind: Kind, specFor: (provider: Provider) => Spec, suffix?: string): readonly Base[] {
  const all = PROVIDERS.map((provider) => ({
    name: [provider.toLowerCase(), ...(suffix === undefined ? [] : [suffix])].join('-'),
    kind,
    provider,
    spec: specFor(provider),
  }));
  if (suffix !== undefined) return all;
  return [...all, ...all.map((base) => ({ ...base, name: `${base.name}-allow`, spec: { ...base.spec, ...ALLOW } }))];
}

/** Those of the bucket, as those with which the operator proves it. */
function credentialsOf(bucket: Spec): Spec {
  const members = Object.entries(bucket).filter(([, value]) => typeof value === 'object');
  return Object.fromEntries(
    members.map(([name, value]) => [name, (value as { readonly credentials: unknown }).credentials]),
  );
}
