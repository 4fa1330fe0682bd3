import fc from 'fast-check';
import type { Verb } from '../api-server/requests.ts';
import { FORMER_FORMATS, type FormerFormat } from './former-version.ts';
import { FEEDS, type FeedName } from './operator.ts';
import {
  BUCKETS,
  INSTANCES,
  KEYS,
  NAMESPACES,
  PATHS,
  placeFor,
  SECRET_NAMES,
  SLOTS,
  slotText,
  TEAMS,
  W_AND_B_TEAMS,
  wishText,
  type Key,
  type Slot,
  type Wish,
} from './universe.ts';

/** One thing that happens. What makes no sense at that moment does nothing, so that any list of them can be run. */
export type Command =
  | { readonly do: 'apply'; readonly slot: Slot; readonly wish: Wish }
  | { readonly do: 'edit'; readonly slot: Slot; readonly wish: Partial<Wish> }
  | { readonly do: 'delete'; readonly slot: Slot }
  /** `gapMs`: how long there is no object of the name. */
  | { readonly do: 'replace --force'; readonly slot: Slot; readonly wish: Partial<Wish>; readonly gapMs: number }
  | { readonly do: 'restore all with new UIDs' }
  | { readonly do: 'set Secret'; readonly namespace: string; readonly name: string; readonly key: Key | undefined }
  | { readonly do: 'set bucket'; readonly bucket: (typeof BUCKETS)[number]; readonly works: boolean }
  | { readonly do: 'set key'; readonly key: Key; readonly works: boolean }
  | { readonly do: 'damage'; readonly slot: Slot; readonly what: Output; readonly how: Damage }
  | { readonly do: 'delete all outputs'; readonly slot: Slot }
  /** A version with a former format of ledgers has published the same until now; `added`: a key that people put in. */
  | {
      readonly do: 'upgrade';
      readonly slot: Slot;
      readonly format: FormerFormat;
      readonly isDisputed: boolean;
      readonly added: AddedKey | undefined;
    }
  | { readonly do: 'restart' }
  | { readonly do: 'start a standby' }
  | { readonly do: 'standby takes over'; readonly stale: boolean }
  | { readonly do: 'hold back'; readonly feed: FeedName }
  | { readonly do: 'let through'; readonly feed: FeedName; readonly count: number }
  | { readonly do: 'let all through' }
  | { readonly do: 'fault'; readonly fault: Trouble }
  | { readonly do: 'faults end' }
  | { readonly do: 'API server takes'; readonly latencyMs: number }
  | { readonly do: 'remove CRD'; readonly kind: Slot['kind'] }
  | { readonly do: 'install CRD'; readonly kind: Slot['kind'] }
  | { readonly do: 'set clock'; readonly stepMs: number };

export type Output = 'ledger' | 'Secret' | 'ConfigMap';
export const DAMAGES = [
  'delete',
  'edit',
  'put back an older copy',
  'put back an older copy of format 1',
  'put back an older copy of format 2',
  'add a key in front',
  'add a key behind',
  'take the seal off',
] as const;
export type Damage = (typeof DAMAGES)[number];
/** Where a key sorts that people put into an output: before or after the file stores. */
export type AddedKey = 'in front' | 'behind';

export interface Trouble {
  readonly verb?: Verb;
  readonly kind?: string;
  readonly name?: string;
  readonly status: number;
  readonly when: 'before' | 'after';
  readonly times: number;
  readonly retryAfterMs?: number;
}

/** A command, and how long nothing else happens then. */
export interface Step {
  readonly command: Command;
  readonly thenMs: number;
}

const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const place = fc
  .record({ bucket: one(BUCKETS), path: one(PATHS), secret: one([...SECRET_NAMES, 'ambient'] as const) })
  .map(placeFor);
const at: fc.Arbitrary<Wish['at']> = fc.oneof(
  { weight: 6, arbitrary: place },
  { weight: 1, arbitrary: fc.record({ from: one(['prod', 'lab', 't1', 't2'] as const), path: one(PATHS) }) },
  { weight: 1, arbitrary: fc.constant('nothing' as const) },
);
const fields = {
  at,
  deletion: one(['Retain', 'Remove'] as const),
  change: one(['Forbid', 'Allow'] as const),
  suspend: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  team: one(W_AND_B_TEAMS),
  isolation: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Preferred' as const) },
    { weight: 1, arbitrary: fc.constant('Required' as const) },
  ),
  instance: fc.oneof(
    { weight: 3, arbitrary: fc.constant('prod' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lab' as const, undefined) },
  ),
  cloud: fc.oneof(
    { weight: 3, arbitrary: fc.constant('OnPremises' as const) },
    { weight: 1, arbitrary: fc.constant('AWS' as const) },
  ),
  separator: one([',', ';'] as const),
  variables: one([['FILE_STORES'], ['FILE_STORES', 'MY_STORES']]),
};
const wish: fc.Arbitrary<Wish> = fc.record(fields);
const partialWish: fc.Arbitrary<Partial<Wish>> = fc.oneof(
  fc.record({ at: fields.at }),
  fc.record({ at: fields.at, change: fc.constant('Allow' as const) }),
  fc.record({ deletion: fields.deletion }),
  fc.record({ change: fields.change }),
  fc.record({ isolation: fields.isolation, cloud: fields.cloud }),
  fc.record({ team: fields.team, separator: fields.separator }),
  fc.record({ suspend: fc.boolean() }),
  fc.record({ instance: fields.instance, variables: fields.variables, change: fields.change }),
);
const slot = fc.oneof({ weight: 1, arbitrary: one(INSTANCES) }, { weight: 3, arbitrary: one(TEAMS) });
const instanceSlot = fc.oneof({ weight: 3, arbitrary: fc.constant(INSTANCES[0] as Slot) }, one(INSTANCES));
const kind = one(['TeamStorage', 'InstanceStorage'] as const);

const trouble: fc.Arbitrary<Trouble> = fc
  .record({
    on: one([
      { kind: 'Secret' },
      { kind: 'Secret', verb: 'apply' },
      { kind: 'Secret', verb: 'replace' },
      { kind: 'Secret', verb: 'create' },
      { kind: 'Secret', verb: 'get' },
      { kind: 'ConfigMap' },
      { kind: 'TeamStorage', verb: 'applyStatus' },
      { kind: 'InstanceStorage', verb: 'applyStatus' },
      { kind: 'TeamStorage', verb: 'get' },
      { verb: 'servedVerbs' },
      { kind: 'Deployment' },
      {},
    ] as const),
    status: one([500, 503, 409, 403, 429, 0, 422]),
    when: one(['before', 'after'] as const),
    times: one([1, 2, 4, 30]),
    retryAfterMs: one([undefined, undefined, undefined, 20_000]),
  })
  .map(({ on, retryAfterMs, when, ...rest }) => ({
    ...on,
    ...rest,
    // A server that answers with 4xx has done nothing.
    when: rest.status >= 400 && rest.status < 500 ? 'before' : when,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }));

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('apply' as const), slot, wish }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('edit' as const), slot, wish: partialWish }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('delete' as const), slot }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('replace --force' as const),
      slot,
      wish: partialWish,
      gapMs: one([0, 0, 3_000, 8_000]),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restore all with new UIDs' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('set Secret' as const),
      namespace: fc.oneof({ weight: 3, arbitrary: fc.constant('wandb') }, one(NAMESPACES)),
      name: one(SECRET_NAMES),
      key: fc.oneof({ weight: 8, arbitrary: one(KEYS) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('set bucket' as const), bucket: one(BUCKETS), works: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set key' as const), key: one(KEYS), works: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      slot: instanceSlot,
      what: one(['ledger', 'Secret', 'ConfigMap'] as const),
      how: fc.oneof({ weight: 2, arbitrary: one(DAMAGES.slice(0, 3)) }, { weight: 1, arbitrary: one(DAMAGES) }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      slot: instanceSlot,
      what: fc.constant('ledger' as const),
      how: one(['put back an older copy of format 1', 'put back an older copy of format 2'] as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete all outputs' as const), slot: instanceSlot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('upgrade' as const),
      slot: instanceSlot,
      format: one(FORMER_FORMATS),
      isDisputed: fc.boolean(),
      added: one([undefined, undefined, 'in front', 'behind'] as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'restart' } as const) },
  { weight: 2, arbitrary: fc.constant({ do: 'start a standby' } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('standby takes over' as const), stale: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold back' as const), feed: one(FEEDS) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('let through' as const),
      feed: one(FEEDS),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'let all through' } as const) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('fault' as const), fault: trouble }) },
  { weight: 2, arbitrary: fc.constant({ do: 'faults end' } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('API server takes' as const), latencyMs: one([0, 40]) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove CRD' as const), kind }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('install CRD' as const), kind }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('set clock' as const), stepMs: one([-7_200_000, 3_600_000, 90_000_000]) }),
  },
);

const step: fc.Arbitrary<Step> = fc.record({ command, thenMs: one([0, 0, 60, 400, 2_000, 2_000, 14_000]) });

/** Two claims that want the same bucket for themselves at the same moment, through two instances. */
const race: fc.Arbitrary<readonly Step[]> = fc
  .record({
    first: wish,
    second: wish,
    bucket: one(BUCKETS),
    latencyMs: one([0, 40]),
    rival: one([
      ['t3', 'lab'],
      ['t5', undefined],
    ] as const),
    gapMs: one([0, 0, 60]),
  })
  .map(({ first, second, bucket, latencyMs, rival: [rival, instance], gapMs }) => {
    const alone = { at: placeFor({ bucket, path: '', secret: 'k1' }), suspend: false, isolation: 'Required' } as const;
    const apply = (of: string, asks: Wish, thenMs: number): Step => ({
      command: { do: 'apply', slot: SLOTS.find(({ name }) => name === of) as Slot, wish: asks },
      thenMs,
    });
    const other = { ...second, at: { bucket: 'b3', path: 'a', secret: 'k1' }, suspend: false } as const;
    return [
      apply(instance ?? 'main', other, 2_000),
      { command: { do: 'API server takes', latencyMs }, thenMs: 0 },
      apply('t2', { ...first, ...alone, team: 'kappa', instance: 'prod' }, gapMs),
      apply(rival, { ...second, ...alone, team: 'omega', instance }, 2_000),
    ];
  });

/** The ledger is gone beside outputs that carry no seal, and cannot be made again. */
const refusedRecovery: fc.Arbitrary<readonly Step[]> = fc
  .record({ slot: instanceSlot, status: one([500, 403, 0]), thenMs: one([2_000, 14_000, 90_000]) })
  .map(({ slot: of, status, thenMs }) => {
    const fault: Trouble = { verb: 'create', kind: 'Secret', status, when: 'before', times: 1_000 };
    return [
      { command: { do: 'fault', fault }, thenMs: 0 },
      { command: { do: 'damage', slot: of, what: 'ledger', how: 'delete' }, thenMs: 0 },
      { command: { do: 'damage', slot: of, what: 'Secret', how: 'take the seal off' }, thenMs },
      { command: { do: 'faults end' }, thenMs: 0 },
    ];
  });

/** Another process begins to lead while what the former one has sent is on its way. */
const handover: fc.Arbitrary<readonly Step[]> = fc
  .record({ slot: one(TEAMS), wish, sinceMs: one([600, 700, 800, 1_000, 1_300]), stale: fc.boolean(), next: wish })
  .map(({ slot: of, wish: asks, sinceMs, stale, next }) => [
    { command: { do: 'start a standby' }, thenMs: 0 },
    { command: { do: 'API server takes', latencyMs: 400 }, thenMs: 0 },
    { command: { do: 'apply', slot: of, wish: asks }, thenMs: sinceMs },
    { command: { do: 'API server takes', latencyMs: 0 }, thenMs: 0 },
    { command: { do: 'standby takes over', stale }, thenMs: 0 },
    { command: { do: 'let all through' }, thenMs: 0 },
    { command: { do: 'apply', slot: TEAMS[0] as Slot, wish: next }, thenMs: 2_000 },
  ]);

const steps: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 1, arbitrary: handover },
  { weight: 40, arbitrary: step.map((only) => [only]) },
  { weight: 1, arbitrary: race },
  { weight: 1, arbitrary: refusedRecovery },
);

/** Most stories begin with something that is published, because otherwise there is little to lose. */
const beginning: fc.Arbitrary<readonly Step[]> = fc
  .record({ first: wish, second: wish, third: wish, count: fc.integer({ min: 0, max: 3 }) })
  .map(({ first, second, third, count }) => {
    const applied = (of: Slot | undefined, asks: Wish): Step => ({
      command: { do: 'apply', slot: of as Slot, wish: asks },
      thenMs: 0,
    });
    const own = (asks: Wish): Wish => ({
      ...asks,
      suspend: false,
      at: asks.at === 'nothing' || 'from' in asks.at ? { bucket: 'b3', path: '', secret: 'k1' } : asks.at,
    });
    const all = [
      applied(SLOTS[0], own(first)),
      applied(TEAMS[0], { ...own(second), instance: 'prod' }),
      applied(TEAMS[1], { ...third, instance: 'prod' }),
    ].slice(0, count);
    return all.map((each, index) => (index === all.length - 1 ? { ...each, thenMs: 2_000 } : each));
  });

export const story: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    beginning,
    fc.array(steps, { minLength: 1, maxLength: process.env['BYOB_SOAK'] === '1' ? 14 : 8, size: 'max' }),
  )
  .map(([first, then]) => [...first, ...then.flat()]);

export function stepText({ command: happens, thenMs }: Step): string {
  return `${commandText(happens)}${thenMs === 0 ? '' : `; ${thenMs / 1000} s go by`}`;
}

function commandText(happens: Command): string {
  switch (happens.do) {
    case 'replace --force':
      return `${happens.do} ${slotText(happens.slot)}: ${wishText(happens.slot, happens.wish)}${happens.gapMs === 0 ? '' : `, with a gap of ${happens.gapMs / 1000} s`}`;
    case 'apply':
    case 'edit':
      return `${happens.do} ${slotText(happens.slot)}: ${wishText(happens.slot, happens.wish)}`;
    case 'delete':
    case 'delete all outputs':
      return `${happens.do} ${happens.do === 'delete' ? '' : 'of '}${slotText(happens.slot)}`;
    case 'set Secret':
      return happens.key === undefined
        ? `delete Secret ${happens.namespace}/${happens.name}`
        : `Secret ${happens.namespace}/${happens.name} holds ${happens.key}`;
    case 'set bucket':
      return `bucket ${happens.bucket} ${happens.works ? 'works' : 'is down'}`;
    case 'set key':
      return `key ${happens.key} ${happens.works ? 'works' : 'is revoked'}`;
    case 'damage':
      return `${happens.how}: ${happens.what} of ${slotText(happens.slot)}`;
    case 'upgrade':
      return `a former version published ${slotText(happens.slot)} until now, in format ${happens.format}${happens.isDisputed ? ', with disputed keys' : ''}${happens.added === undefined ? '' : `, and people added a key ${happens.added}`}`;
    case 'standby takes over':
      return `the standby takes over, its caches ${happens.stale ? 'had missed everything' : 'are up to date'}`;
    case 'hold back':
      return `watch of ${happens.feed} lags`;
    case 'let through':
      return `watch of ${happens.feed} brings ${happens.count}`;
    case 'fault':
      return `fault ${JSON.stringify(happens.fault)}`;
    case 'API server takes':
      return `the API server takes ${happens.latencyMs} ms`;
    case 'remove CRD':
    case 'install CRD':
      return `${happens.do} of ${happens.kind}`;
    case 'set clock':
      return `the wall clock steps by ${happens.stepMs / 1000} s`;
    default:
      return happens.do;
  }
}
