import { expect, it } from '@jest/globals';
import { startProbing } from '../../test/support/fakes/probing.ts';

const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;
const MONTH_MS = 30 * 86_400_000;

/** A bucket with a default retention that the credential may not see: only its objects show it. */
function lockedBucket() {
  const probing = startProbing();
  probing.store.failures.set('lock', DENIED);
  probing.store.lock = { mode: 'COMPLIANCE', until: '2026-01-31T00:00:00.000Z', legalHold: false };
  return probing;
}

it('a lock that is seen on our own object alone makes the bucket one that retains objects', async () => {
  const { probe, reasons } = lockedBucket();
  expect(reasons(await probe())).toMatchObject({ ObjectsDeletable: 'ObjectsRetained', CanWrite: 'PrerequisiteFailed' });
});

it('a hundred probes of a locked bucket write one object, which stays in sight', async () => {
  const { store, probe, reasons } = lockedBucket();
  const first = reasons(await probe());
  for (let retry = 0; retry < 99; retry++) expect(reasons(await probe())).toEqual(first);
  expect({ written: store.written, keys: store.keys().length }).toEqual({ written: 1, keys: 1 });
  expect(store.actions().filter((action) => ['create', 'remove', 'DELETE', 'PUT', 'start'].includes(action))).toEqual([
    'PUT',
  ]);
});

it('the same holds for a legal hold, which has no end', async () => {
  const { store, probe, reasons, advance } = lockedBucket();
  store.lock = { legalHold: true };
  expect(reasons(await probe())).toMatchObject({ ObjectsDeletable: 'ObjectsRetained' });
  advance(100 * MONTH_MS);
  store.serverTime += 100 * MONTH_MS;
  await probe();
  expect(store.written).toBe(1);
});

it('after retention and object are removed by hand, which leaves a marker, the bucket is tried again', async () => {
  const { store, probe, reasons } = lockedBucket();
  await probe();
  store.lock = undefined;
  store.objects.clear();
  expect(reasons(await probe())).toMatchObject({ ObjectsDeletable: 'SettingNotReadable' });
  expect(store.written).toBe(4);
  expect(store.keys()).toEqual([]);
});

it('once the lock has expired the object is removed, and a bucket without lock is proven', async () => {
  const { store, probe, reasons, advance } = lockedBucket();
  await probe();
  advance(MONTH_MS);
  store.serverTime += MONTH_MS;
  store.failures.clear();
  expect(reasons(await probe())).toEqual({});
  expect(store.keys()).toEqual([]);
});
