import { examine } from './battery/examine.ts';
import { obstacle, type Situation } from './battery/situation.ts';
import { SITUATIONS } from './battery/situations.ts';
import { STORES } from './stores/index.ts';
import type { Store, Verdict } from './stores/store.ts';

/** One cell of the table. */
export interface Cell {
  readonly situation: Situation;
  /** Absent where the store cannot be brought into the situation. */
  readonly verdict?: Verdict;
  /** Why the verdict is another than elsewhere, or why there is none. */
  readonly remark?: string;
  readonly faults: readonly string[];
}

/** One column of the table. */
export interface Column extends Pick<Store, 'title' | 'version' | 'origin' | 'baseline'> {
  readonly cells: readonly Cell[];
}

/** Whether a store was brought into a situation, or should have been. */
export function isExamined({ verdict, faults }: Cell): boolean {
  return verdict !== undefined || faults.length > 0;
}

/** Starts a store, puts it through the whole battery, and ends it. */
export async function runStore(id: keyof typeof STORES, tell: (line: string) => void): Promise<Column> {
  const store = await STORES[id]();
  try {
    const { title, version, origin, baseline } = store;
    tell(`${title} ${version} (${origin})`);
    const cells: Cell[] = [];
    for (const situation of SITUATIONS) {
      const cell = await cellOf(store, situation);
      cells.push(cell);
      tell(lineOf(cell));
    }
    return { title, version, origin, baseline, cells };
  } finally {
    await store.stop();
  }
}

async function cellOf(store: Store, situation: Situation): Promise<Cell> {
  const missing = obstacle(store, situation);
  if (missing !== undefined) return { situation, remark: missing, faults: [] };
  try {
    const finding = await examine(store, situation);
    const isAsEver =
      finding.verdict !== 'Ready' && Object.keys(store.neverReady?.failures ?? {})[0] === finding.verdict[0];
    const remark = store.exceptions[situation.id]?.remark ?? (isAsEver ? store.neverReady?.remark : undefined);
    return { situation, ...finding, ...(remark !== undefined && { remark }) };
  } catch (error) {
    // The store could not be brought into the situation, say: the others are still told.
    return { situation, faults: [Error.isError(error) ? `${error.name}: ${error.message}` : String(error)] };
  }
}

function lineOf({ situation, verdict, remark, faults }: Cell): string {
  if (faults.length > 0) return `FAIL ${situation.id}\n${faults.map((fault) => `       ${fault}`).join('\n')}`;
  if (verdict === undefined) return `  -- ${situation.id}: ${remark ?? ''}`;
  return `  ok ${situation.id}: ${verdict === 'Ready' ? verdict : verdict[1]}`;
}
