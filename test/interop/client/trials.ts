import { obstacle, type Situation } from '../battery/situation.ts';
import { SITUATIONS } from '../battery/situations.ts';
import { faultOf } from '../fault.ts';
import type { Place, Store } from '../stores/store.ts';
import { compareClient, SIGNS, type Agreement } from './agreement.ts';

/** One cell of the table about W&B's client. */
export interface ClientCell extends Partial<Agreement> {
  readonly id: string;
  /** Why the store cannot be brought into the situation. */
  readonly remark?: string;
  readonly faults: readonly string[];
}

/** Good buckets that differ in what a client meets. */
const GOOD = [
  'a path',
  'a path of odd characters',
  'virtual-hosted addressing',
  "W&B's grant",
  'a key for one path',
] as const;

/** Situations of the battery that a client would notice. */
export const TRIALS: readonly Situation[] = SITUATIONS.filter(({ id, verdict }) =>
  verdict === 'Ready' ? GOOD.some((one) => one === id) : Object.hasOwn(SIGNS, verdict[1]),
);

/** Lets W&B's client use a store in every situation that it would notice. */
export async function tryClient(store: Store, report: (cell: ClientCell) => void): Promise<readonly ClientCell[]> {
  const cells: ClientCell[] = [];
  for (const situation of TRIALS) {
    const cell = await cellOf(store, situation);
    cells.push(cell);
    report(cell);
  }
  return cells;
}

async function cellOf(store: Store, situation: Situation): Promise<ClientCell> {
  const { id } = situation;
  const remark = obstacle(store, situation);
  if (remark !== undefined) return { id, remark, faults: [] };
  try {
    const { place } = await situation.prepare(store, await store.createBucket());
    const { clientWorks = false, remark: why = '' } = store.exceptions[id] ?? {};
    const agreement = await compareClient(place, { worksAnyway: clientWorks });
    return { id, ...agreement, ...(clientWorks && { remark: why }) };
  } catch (error) {
    return { id, faults: [faultOf(error)] };
  }
}

/** Lets W&B's client use a bucket that is in a situation. */
export async function trialAt(id: string, place: Place, size?: number): Promise<ClientCell> {
  return { id, ...(await compareClient(place, size === undefined ? {} : { size })) };
}

/** A file that the client uploads in parts. */
export const LARGE_FILE = 'a file of more than 2 GiB, in parts';
const LARGE_BYTES = 2 * 1024 ** 3 + 100;

export async function tryLargeFile(store: Store, report: (cell: ClientCell) => void): Promise<ClientCell> {
  const cell = await trialAt(LARGE_FILE, store.place(await store.createBucket()), LARGE_BYTES);
  report(cell);
  return cell;
}
