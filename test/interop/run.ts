import { examine } from './battery/examine.ts';
import { obstacle, type Situation } from './battery/situation.ts';
import { SITUATIONS } from './battery/situations.ts';
import type { Browser } from './browser/chromium.ts';
import { compareAnswers, compareSettings, type BrowserCell } from './browser/run.ts';
import { EMULATED_CLOUDS, tryCloud, type CloudName } from './client/emulated-clouds.ts';
import { tryClient, tryLargeFile, type ClientCell } from './client/trials.ts';
import { faultOf } from './fault.ts';
import { STORES, type StoreName } from './stores/index.ts';
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

/** One column of the tables: a store, or an emulator that W&B's client alone is tried on. */
export interface Column extends Pick<Store, 'title' | 'version' | 'origin'> {
  /** Of a store: warnings on every bucket. */
  readonly baseline?: Store['baseline'];
  readonly cells: readonly Cell[];
  /** CORS settings of its buckets, by a browser. */
  readonly settings: readonly BrowserCell[];
  /** Answers for CORS by a front before it, by a browser. */
  readonly answers: readonly BrowserCell[];
  readonly client: readonly ClientCell[];
}

/** What is run besides the battery, and where lines of the report go. */
export interface RunOptions {
  readonly browser: Browser;
  /** Uploads of W&B's client in parts as well, which it begins at 2 GiB. */
  readonly large: boolean;
  readonly report: (line: string) => void;
}

/** Cells that came about, or should have. */
export function examined({ cells, settings, answers, client }: Column) {
  const tried = [...settings, ...answers, ...client].filter(
    ({ works, faults }) => works !== undefined || faults.length > 0,
  );
  return [...cells.filter(({ verdict, faults }) => verdict !== undefined || faults.length > 0), ...tried];
}

/** Starts a store, puts it through the whole battery, lets a browser and W&B's client use it, and ends it. */
export async function runStore(id: StoreName, options: RunOptions): Promise<Column> {
  const { browser, report } = options;
  const store = await STORES[id]();
  try {
    const { title, version, origin, baseline } = store;
    report(`${title} ${version} (${origin})`);
    const cells: Cell[] = [];
    for (const situation of SITUATIONS) {
      const cell = await cellOf(store, situation);
      cells.push(cell);
      report(lineOf({ ...cell, id: situation.id, says: cell.verdict && nameOf(cell.verdict) }));
    }
    report(`${title}: a browser`);
    const settings = await compareSettings(store, browser, (cell) => report(lineOf(browserLine(cell))));
    const isFronted = id === 'minio';
    const answers = isFronted ? await compareAnswers(store, browser, (cell) => report(lineOf(browserLine(cell)))) : [];
    report(`${title}: W&B's client`);
    const client = await runClient(store, options);
    return { title, version, origin, baseline, cells, settings, answers, client };
  } finally {
    await store.stop();
  }
}

/** Starts an emulator of a cloud, lets W&B's client use it, and ends it. */
export async function runCloud(id: CloudName, { report }: RunOptions): Promise<Column> {
  const cloud = await EMULATED_CLOUDS[id]();
  try {
    const { title, version, origin } = cloud;
    report(`${title} ${version} (${origin}): W&B's client`);
    const client = await tryCloud(cloud, (cell) => report(lineOf(clientLine(cell))));
    return { title, version, origin, cells: [], settings: [], answers: [], client };
  } finally {
    await cloud.stop();
  }
}

async function runClient(store: Store, { large, report }: RunOptions): Promise<readonly ClientCell[]> {
  // Where no bucket is Ready, nothing is promised to a client.
  if (store.neverReady !== undefined) return [];
  const onCell = (cell: ClientCell): void => report(lineOf(clientLine(cell)));
  const cells = await tryClient(store, onCell);
  return large ? [...cells, await tryLargeFile(store, onCell)] : cells;
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
    return { situation, faults: [faultOf(error)] };
  }
}

interface Line {
  readonly id: string;
  /** What came of it; absent where it could not come about. */
  readonly says?: string | undefined;
  readonly remark?: string;
  readonly faults: readonly string[];
}

function browserLine({ works, reason, ...cell }: BrowserCell): Line {
  return { ...cell, says: works === true ? 'works' : reason };
}

function clientLine({ works, verdict, ...cell }: ClientCell): Line {
  return { ...cell, says: works === true ? 'works' : verdict };
}

function lineOf({ id, says, remark, faults }: Line): string {
  if (faults.length > 0) return `FAIL ${id}\n${faults.map((fault) => `       ${fault}`).join('\n')}`;
  return says === undefined ? `  -- ${id}: ${remark ?? ''}` : `  ok ${id}: ${says}`;
}

function nameOf(verdict: Verdict): string {
  return verdict === 'Ready' ? verdict : verdict[1];
}
