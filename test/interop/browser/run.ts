import { S3ServiceException } from '@aws-sdk/client-s3';
import { faultOf } from '../fault.ts';
import { obstacle } from '../battery/situation.ts';
import type { Store } from '../stores/store.ts';
import { compare, type Agreement } from './agreement.ts';
import type { Browser } from './chromium.ts';
import { startCorsFront } from './cors-front.ts';
import { corsSettingsFor, type CorsSetting } from './cors-settings.ts';
import { frontAnswersFor } from './front-answers.ts';

/** One cell of the table about browsers. */
export interface BrowserCell extends Partial<Agreement> {
  readonly id: string;
  /** Why the store cannot be set so. */
  readonly remark?: string;
  readonly faults: readonly string[];
}

/** Every setting that the store takes, each on a bucket of its own. */
export async function compareSettings(
  store: Store,
  browser: Browser,
  report: (cell: BrowserCell) => void,
): Promise<readonly BrowserCell[]> {
  const cells: BrowserCell[] = [];
  for (const setting of corsSettingsFor(store.place('any').appOrigin)) {
    const cell = await cellOf(store, browser, setting);
    cells.push(cell);
    report(cell);
  }
  return cells;
}

async function cellOf(store: Store, browser: Browser, setting: CorsSetting): Promise<BrowserCell> {
  const { id } = setting;
  const missing = obstacle(store, setting);
  if (missing !== undefined) return { id, remark: missing, faults: [] };
  try {
    const bucket = await store.createBucket();
    const refusal = await refusalOf(setting.apply(store, bucket));
    if (refusal !== undefined) return { id, remark: `it refuses such a rule: ${refusal}`, faults: [] };
    return { id, ...(await compare(browser, store.place(bucket))) };
  } catch (error) {
    return { id, faults: [faultOf(error)] };
  }
}

/** What the store says of a setting that it does not take. */
async function refusalOf(setting: Promise<void>): Promise<string | undefined> {
  try {
    await setting;
    return undefined;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$fault === 'client') return error.name;
    throw error;
  }
}

/** Every way to answer for CORS, by a proxy before one bucket of a store on loopback that is reached without TLS. */
export async function compareAnswers(
  store: Store,
  browser: Browser,
  report: (cell: BrowserCell) => void,
): Promise<readonly BrowserCell[]> {
  const place = store.place(await store.createBucket());
  const { storage } = place.target;
  if (storage.provider !== 'S3Compatible') throw new Error(`${store.title} does not speak S3`);
  const front = await startCorsFront(`http://127.0.0.1:${storage.endpoint.port}`);
  const behind = { ...storage, endpoint: { ...storage.endpoint, port: front.port } };
  try {
    const cells: BrowserCell[] = [];
    for (const answers of frontAnswersFor(place.appOrigin)) {
      front.answerAs(answers);
      const seen = await compare(browser, { ...place, target: { ...place.target, storage: behind } });
      const cell = { id: answers.id, ...seen };
      cells.push(cell);
      report(cell);
    }
    return cells;
  } finally {
    await front.stop();
  }
}
