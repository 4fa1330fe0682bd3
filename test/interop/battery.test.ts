import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from './battery/examine.ts';
import { obstacle } from './battery/situation.ts';
import { SITUATIONS } from './battery/situations.ts';
import { STORES, type StoreName } from './stores/index.ts';
import type { Store } from './stores/store.ts';

/** Small enough for every run; the others are for `npm run interop`. */
const IN_EVERY_RUN: readonly StoreName[] = ['minio', 'versitygw'];

describe.each(IN_EVERY_RUN)('the battery on a real %s', (name) => {
  let store: Store;
  beforeAll(async () => {
    store = await STORES[name]();
  }, 600_000);
  afterAll(() => store.stop());

  it.each(SITUATIONS)('$id: the right verdict, or a reason why it cannot come about', async (situation) => {
    const missing = obstacle(store, situation);
    if (missing === undefined) expect((await examine(store, situation)).faults).toEqual([]);
    else expect(missing).not.toBe('');
  });
});

describe('the page on compatibility', () => {
  const page = readFileSync('docs/reference/compatibility.md', 'utf8');

  it.each(SITUATIONS)('has a row for: $id', ({ id }) => {
    expect(page).toContain(`\n| ${id} | `);
  });
});
