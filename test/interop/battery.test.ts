import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from './battery/examine.ts';
import { obstacle, type Situation } from './battery/situation.ts';
import { SITUATIONS } from './battery/situations.ts';
import { corsSettingsFor } from './browser/cors-settings.ts';
import { frontAnswersFor } from './browser/front-answers.ts';
import { TRIALS } from './client/trials.ts';
import { STORES, type StoreName } from './stores/index.ts';
import { appOriginFor } from './stores/origins.ts';
import type { Store } from './stores/store.ts';

/** Small enough for every run; the others are for `npm run interop`. */
const IN_EVERY_RUN: readonly StoreName[] = ['minio', 'versitygw'];

/** What the operator reports wrongly as yet. */
const STILL_WRONG: Readonly<Partial<Record<StoreName, readonly string[]>>> = {};

describe.each(IN_EVERY_RUN)('the battery on a real %s', (name) => {
  let store: Store;
  beforeAll(async () => {
    store = await STORES[name]();
  }, 600_000);
  afterAll(() => store.stop());

  const isWrong = ({ id }: Situation): boolean => STILL_WRONG[name]?.includes(id) === true;

  it.each(SITUATIONS.filter((one) => !isWrong(one)))(
    '$id: the right verdict, or a reason why it cannot come about',
    async (situation) => {
      const missing = obstacle(store, situation);
      if (missing === undefined) expect((await examine(store, situation)).faults).toEqual([]);
      else expect(missing).not.toBe('');
    },
  );

  const wrong = SITUATIONS.filter(isWrong);
  // Fails as soon as the verdict is right: then the line above goes.
  if (wrong.length > 0) {
    it.failing.each(wrong)('$id: the right verdict', async (situation) => {
      expect((await examine(store, situation)).faults).toEqual([]);
    });
  }
});

describe('the page on compatibility', () => {
  const page = readFileSync('docs/reference/compatibility.md', 'utf8');
  const app = appOriginFor('http');
  const rows = [SITUATIONS, corsSettingsFor(app), frontAnswersFor(app), TRIALS].flat();

  it.each(rows)('has a row for: $id', ({ id }) => {
    expect(page).toContain(`\n| ${id} | `);
  });
});
