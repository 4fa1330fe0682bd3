import type { Lane, Outputs, Storage, World, Written } from './world.ts';

/** What is compared of an object: without times, and without what says which request was answered last. */
export interface State {
  readonly status: unknown;
  /** Of an InstanceStorage: what it publishes. Of a team: its part of that. */
  readonly outputs: unknown;
  /** Of an InstanceStorage: the status of the team on its bucket. */
  readonly team?: unknown;
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const OF_ITS_TIME = new Set(['lastTransitionTime', 'lastFullValidationTime', 'lastHandledReconcileAt']);

export function stateOf(lane: Lane, { storages, outputs }: Written): State {
  const { name, team, base } = lane;
  const status = comparable(storages.get(name));
  if (base.kind === 'TeamStorage') return { status, outputs: partOf(lane, outputs.get('home')) };
  const own = without(outputs.get(name), undefined);
  return { status, outputs: own, ...(team !== undefined && { team: comparable(storages.get(team)) }) };
}

/** The entries of the buckets of a team, and what the list says of it. */
function partOf({ name, bucket, otherBucket }: Lane, outputs: Outputs | undefined): unknown {
  const text = outputs?.secret?.['SUPPORTED_FILE_STORES'] ?? '';
  const entries = Buffer.from(text, 'base64').toString('utf8').split(',');
  const listed = (outputs?.configMap?.['stores.yaml'] ?? '').split(/^(?=- )/m);
  const isOwn = (entry: string): boolean => bucket !== '' && [bucket, otherBucket].some((one) => entry.includes(one));
  const own = listed.filter((item) => item.includes(`TeamStorage/${name}\n`));
  return without({ entries: entries.filter(isOwn), listed: own }, undefined);
}

/** Everything in the buckets of a lane. */
export async function contentsOf({ stores }: World, { base, bucket, otherBucket }: Lane): Promise<readonly string[]> {
  const { provider } = base;
  if (provider === undefined) return [];
  const lists = await Promise.all([bucket, otherBucket].map((name) => stores.contents(provider, name)));
  return lists.flat();
}

function comparable(object: Storage | undefined): unknown {
  const { status, metadata } = object ?? {};
  return without(status, metadata?.generation);
}

function without(value: unknown, generation: number | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, generation));
  if (typeof value === 'string') return value.replaceAll(TIME, 'a time');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !OF_ITS_TIME.has(name))
    .map(([name, one]) => {
      const isPresent = name === 'observedGeneration' && one === generation;
      return [name, isPresent ? 'present' : without(one, generation)] as const;
    });
  return Object.fromEntries(entries);
}

/** Where two values differ, a line each: `status.conditions.0.reason: "Valid" -> "BucketNotFound"`. */
export function differences(before: unknown, after: unknown, at = ''): readonly string[] {
  if (isTree(before) && isTree(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], at === '' ? name : `${at}.${name}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`${at}: ${short(before)} -> ${short(after)}`];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'absent' : text.slice(0, 300);
}
