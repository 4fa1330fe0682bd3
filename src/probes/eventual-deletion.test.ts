import { expect, it } from '@jest/globals';
import { startProbing } from '../../test/support/fakes/probing.ts';

/** A store on which a deleted object can still be read for a while, as on StorageGRID. */
function deletingAfter(milliseconds: number) {
  const probing = startProbing();
  const { store } = probing;
  store.deletesLate = true;
  let waitedMs = 0;
  probing.onPause((pause) => {
    waitedMs += pause;
    if (waitedMs < milliseconds) return;
    waitedMs = 0;
    for (const run of store.deletions.splice(0)) run();
  });
  return probing;
}

it.each([
  [1000, [1000]],
  [3000, [1000, 2000]],
  [7000, [1000, 2000, 4000]],
])('a deletion that takes effect after %i ms is one: it is looked for again after 1, 2 and 4 s', async (ms, waits) => {
  const { store, probe, reasons, pauses } = deletingAfter(ms);
  store.moreSettings = 0;
  const seen = await probe();
  expect(reasons(seen)).not.toMatchObject({ CanDelete: 'DeleteHadNoEffect' });
  expect(reasons(seen)).not.toMatchObject({ PresignedUrls: 'DeleteHadNoEffect' });
  expect(seen.delete).toEqual({ ok: true, value: { gone: true, afterMs: ms } });
  expect(pauses.slice(0, waits.length)).toEqual(waits);
});

it('what the first deletion took is waited for before the second is looked at: no request more', async () => {
  const { probe, pauses, store } = deletingAfter(3000);
  const seen = await probe();
  expect(seen.presigned?.DELETE).toEqual({ ok: true, value: { httpStatus: 204 } });
  expect(pauses).toEqual([1000, 2000, 3000]);
  expect(store.calls.filter(({ action }) => action === 'read')).toHaveLength(3 + 1 + 1);
});

it('a deletion without effect after 7 s is none', async () => {
  const { store, probe, reasons, pauses } = startProbing();
  store.lies.add('remove');
  expect(reasons(await probe())).toMatchObject({
    CanDelete: 'DeleteHadNoEffect',
    PresignedUrls: 'PrerequisiteFailed',
    GrantComplete: 'PrerequisiteFailed',
  });
  expect(pauses).toEqual([1000, 2000, 4000]);
});

it('a pre-signed deletion without effect after 7 s is none', async () => {
  const { store, probe, reasons, pauses } = startProbing();
  store.lies.add('DELETE');
  expect(reasons(await probe())).toMatchObject({ PresignedUrls: 'DeleteHadNoEffect' });
  expect(pauses).toEqual([1000, 2000, 4000]);
});

it('a store that deletes at once is asked once', async () => {
  const { probe, pauses } = startProbing();
  const seen = await probe();
  expect(seen.delete).toEqual({ ok: true, value: { gone: true } });
  expect(pauses).toEqual([]);
});

it('looking again leaves fewer of the other settings to be read, not more requests', async () => {
  const { store, probe } = deletingAfter(7000);
  store.moreSettings = 7;
  expect((await probe()).requests).toBe(30);
});
