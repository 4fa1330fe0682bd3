import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { ALLOW_LABEL } from '../../../src/api/resources.ts';
import { APP } from '../fakes/observations.ts';

/** The small world in which everything happens. */
export const BUCKETS = ['b1', 'b2', 'b3'] as const;
export type BucketName = (typeof BUCKETS)[number];
export const PATHS = ['', 'a', 'a/b'] as const;
export const SECRET_NAMES = ['k1', 'k2'] as const;
export const KEYS = ['v1', 'v2', 'v3'] as const;
export type Key = (typeof KEYS)[number];
export const W_AND_B_TEAMS = ['kappa', 'omega', 'sigma'] as const;
export const NAMESPACES = ['wandb', 'other'] as const;

export interface Slot {
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly namespace: string;
  readonly name: string;
}

export const INSTANCES: readonly Slot[] = [
  { kind: 'InstanceStorage', namespace: 'wandb', name: 'prod' },
  { kind: 'InstanceStorage', namespace: 'wandb', name: 'lab' },
  { kind: 'InstanceStorage', namespace: 'other', name: 'main' },
];
export const TEAMS: readonly Slot[] = [
  ...['t1', 't2', 't3', 't4'].map((name): Slot => ({ kind: 'TeamStorage', namespace: 'wandb', name })),
  { kind: 'TeamStorage', namespace: 'other', name: 't5' },
];
export const SLOTS: readonly Slot[] = [...INSTANCES, ...TEAMS];

export function slotText({ kind, namespace, name }: Slot): string {
  return `${kind === 'InstanceStorage' ? 'instance' : 'team'} ${namespace}/${name}`;
}

/** A bucket with a sub-path, and the Secret whose key opens it; `ambient` is for b2, which is on AWS. */
export interface Place {
  readonly bucket: BucketName;
  readonly path: string;
  readonly secret: (typeof SECRET_NAMES)[number] | 'ambient';
}

/** What a claim asks for: one form for both kinds, of which each takes its part. */
export interface Wish {
  readonly at: Place | { readonly from: 'prod' | 'lab' | 't1' | 't2'; readonly path: string } | 'nothing';
  readonly deletion: 'Retain' | 'Remove';
  readonly change: 'Forbid' | 'Allow';
  readonly suspend: boolean;
  readonly team: (typeof W_AND_B_TEAMS)[number];
  readonly isolation: 'Required' | 'Preferred';
  readonly instance: 'prod' | 'lab' | undefined;
  readonly cloud: 'AWS' | 'OnPremises';
  readonly separator: ',' | ';';
  readonly variables: readonly string[];
}

/** Keys that people put into an output Secret: before and after the file stores. */
export const HAND_KEYS = ['BY_HAND', 'Z_BY_HAND'] as const;

/** What is asked for where nothing else is said. */
export const PLAIN_WISH: Wish = {
  at: { bucket: 'b1', path: '', secret: 'k1' },
  deletion: 'Retain',
  change: 'Forbid',
  suspend: false,
  team: 'kappa',
  isolation: 'Preferred',
  instance: 'prod',
  cloud: 'OnPremises',
  separator: ',',
  variables: ['FILE_STORES'],
};

export function wishText(slot: Slot, wish: Partial<Wish>): string {
  const isTeam = slot.kind === 'TeamStorage';
  const { at, deletion, change, suspend, team, isolation, instance, cloud, separator, variables } = wish;
  const where =
    at === undefined
      ? undefined
      : at === 'nothing'
        ? isTeam
          ? 'no bucket of its own'
          : 'no bucket'
        : 'from' in at
          ? `the bucket of ${at.from}, path "${at.path}"`
          : `${at.bucket}/${at.path} by ${at.secret}`;
  return [
    where,
    deletion,
    change,
    suspend === true ? 'suspended' : undefined,
    ...(isTeam
      ? [team, isolation, instance === undefined ? undefined : `of ${instance}`]
      : [cloud, separator, variables?.join('+')]),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** The bucket of a spec. */
export function bucketSpec({ bucket, path, secret }: Place): Record<string, unknown> {
  const credentials = secret === 'ambient' ? {} : { credentials: { accessKey: { secretRef: { name: secret } } } };
  const place = { name: `${bucket}-data`, ...(path !== '' && { path }) };
  return bucket === 'b2'
    ? { provider: 'S3', ...place, s3: { region: 'eu-central-1', ...credentials } }
    : {
        provider: 'S3Compatible',
        ...place,
        s3Compatible: { endpoint: 'https://minio.acme.example:9000', region: 'eu-central-1', ...credentials },
      };
}

/** `ambient` has no meaning but on AWS. */
export function placeFor(place: Place): Place {
  return place.secret === 'ambient' && place.bucket !== 'b2' ? { ...place, secret: 'k1' } : place;
}

export function specOf(slot: Slot, wish: Wish): Record<string, unknown> {
  return slot.kind === 'InstanceStorage' ? instanceSpec(slot, wish) : teamSpec(wish);
}

function common(wish: Wish): Record<string, unknown> {
  const { at } = wish;
  const place = at === 'nothing' || 'from' in at ? undefined : placeFor(at);
  return {
    ...(place !== undefined && { bucket: bucketSpec(place) }),
    ...(place?.secret === 'ambient' && {
      validation: { credentialsFrom: { s3: { accessKey: { secretRef: { name: 'k1' } } } } },
    }),
    deletionPolicy: wish.deletion,
    bucketChangePolicy: wish.change,
    suspend: wish.suspend,
  };
}

function teamSpec(wish: Wish): Record<string, unknown> {
  const { at } = wish;
  const from = at !== 'nothing' && 'from' in at ? at : undefined;
  return {
    ...common(wish),
    team: wish.team,
    isolation: wish.isolation,
    ...(wish.instance !== undefined && { instanceRef: { name: wish.instance } }),
    ...(from !== undefined && {
      bucketFrom: {
        ...(from.from === 'prod' || from.from === 'lab'
          ? { instanceStorageRef: { name: from.from } }
          : { teamStorageRef: { name: from.from } }),
        ...(from.path !== '' && { path: from.path }),
      },
    }),
  };
}

function instanceSpec({ name }: Slot, wish: Wish): Record<string, unknown> {
  const at: Wish['at'] =
    wish.at === 'nothing' || 'from' in wish.at ? { bucket: 'b1', path: '', secret: 'k1' } : wish.at;
  return {
    ...common({ ...wish, at }),
    deployment: { type: 'SelfManaged', cloud: wish.cloud, url: APP },
    fileStores: { separator: wish.separator, variables: wish.variables },
    delivery: { restart: { mode: 'Automatic', minInterval: '1m', selector: { matchLabels: { app: name } } } },
  };
}

export function manifestOf(slot: Slot, spec: Record<string, unknown>): Record<string, unknown> {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: slot.kind,
    metadata: { name: slot.name, namespace: slot.namespace },
    spec,
  };
}

/** How a key of the model shows in an address. */
export function credentialText(key: string): string {
  return `AKIA${key.toUpperCase()}EXAMPLE:secret-${key}`;
}

export function secretManifest(namespace: string, name: string, key: Key): Record<string, unknown> {
  const [id = '', secret = ''] = credentialText(key).split(':');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [ALLOW_LABEL]: 'true' } },
    type: 'Opaque',
    data: { ACCESS_KEY: base64(id), SECRET_KEY: base64(secret) },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function plain(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** Where a claim's spec leads, computed independently of the code under test. */
export interface Target {
  readonly instance: string;
  readonly bucket: string;
  readonly path: string;
  /** Name of its Secret, or `ambient`. */
  readonly secret: string;
}

type Claim = InstanceStorage | TeamStorage;

/** `nothing`: it asks for no bucket; `undefined`: it is unknown. */
export function targetOf(
  claim: Claim,
  find: (kind: Slot['kind'], name: string) => Claim | undefined,
  instances: readonly string[],
): Target | 'nothing' | undefined {
  if (claim.kind === 'InstanceStorage') return ownBucket(claim, claim.metadata.name);
  const { bucketFrom } = claim.spec;
  // Whichever instance it is on: one that is bound stays where it is bound.
  if (claim.spec.bucket === undefined && bucketFrom === undefined) return 'nothing';
  const named = claim.spec.instanceRef?.name ?? (instances.length === 1 ? instances[0] : undefined);
  if (named === undefined || !instances.includes(named)) return undefined;
  if (bucketFrom === undefined) return ownBucket(claim, named);
  const source =
    bucketFrom.instanceStorageRef === undefined
      ? find('TeamStorage', bucketFrom.teamStorageRef?.name ?? '')
      : find('InstanceStorage', bucketFrom.instanceStorageRef.name);
  const declared = source === undefined ? undefined : ownBucket(source, named);
  if (declared === undefined || declared === 'nothing') return undefined;
  return { ...declared, path: bucketFrom.path ?? '' };
}

function ownBucket({ spec }: Claim, instance: string): Target | 'nothing' {
  const bucket = spec.bucket as
    | {
        readonly name: string;
        readonly path?: string;
        readonly s3?: Member;
        readonly s3Compatible?: Member;
      }
    | undefined;
  if (bucket === undefined) return 'nothing';
  const { credentials } = bucket.s3 ?? bucket.s3Compatible ?? {};
  return {
    instance,
    bucket: bucket.name,
    path: bucket.path ?? '',
    secret: credentials?.accessKey?.secretRef.name ?? 'ambient',
  };
}

interface Member {
  readonly credentials?: { readonly accessKey?: { readonly secretRef: { readonly name: string } } };
}
