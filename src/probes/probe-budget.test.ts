import { describe, expect, it } from '@jest/globals';
import type { FakeStore } from '../../test/support/fakes/bucket.ts';
import { azureBlob, gcs, minio, s3 } from '../../test/support/fakes/observations.ts';
import { startProbing } from '../../test/support/fakes/probing.ts';
import { probeBody } from './probe-object.ts';

const LEFT = 'teams/omega/.wandb-storage-probe/uid-1/';
const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;

/** What makes a probe look again, clean up, or ask in another form. */
const SITUATIONS: readonly (readonly [string, (store: FakeStore) => void])[] = [
  ['a good bucket', () => undefined],
  ['a bucket with more settings than there is room for', (store) => (store.moreSettings = 40)],
  ['a body limit on the way', (store) => (store.takesLongBodies = false)],
  ['what crashes left', (store) => ['a', 'b', 'c'].forEach((id) => store.put(LEFT + id, probeBody('uid-1', id, 't')))],
  ['deletions that take seven seconds', (store) => (store.deletesLate = true)],
  ['deletions without effect', (store) => store.lies.add('remove')],
  ['pre-signed deletions without effect', (store) => store.lies.add('DELETE')],
  ['pre-signed deletions that are refused', (store) => store.failures.set('DELETE', DENIED)],
  ['uploads in parts that cannot be completed', (store) => store.failures.set('complete', DENIED)],
];

describe.each([
  ['S3', s3],
  ['S3Compatible', minio],
  ['GCS', gcs],
  ['AzureBlob', azureBlob],
])('a full probe of %s', (_, storage) => {
  it.each(SITUATIONS)(
    'sends 30 requests at most and writes three small objects at most: %s',
    async (_what, arrange) => {
      const { store, probe, onPause } = startProbing(storage);
      // As S3 takes them.
      store.settingsBefore = 2;
      store.moreSettings = 10;
      let waitedMs = 0;
      onPause((pause) => {
        waitedMs += pause;
        if (waitedMs < 7000) return;
        waitedMs = 0;
        for (const run of store.deletions.splice(0)) run();
      });
      arrange(store);
      const before = store.written;
      const bodies: number[] = [];
      store.before = () => {
        for (const { body } of store.objects.values()) bodies.push(body.length);
      };
      const { requests } = await probe();
      expect(store.calls.length).toBe(requests);
      expect(requests).toBeLessThanOrEqual(30);
      expect(store.written - before).toBeLessThanOrEqual(3);
      expect(Math.max(...bodies)).toBeLessThanOrEqual(1024);
    },
  );
});

it('stops uploading once an uploaded object stays, whatever the store answered to its deletion', async () => {
  const { store, probe } = startProbing();
  store.lies.add('DELETE');
  await probe();
  expect(store.actions()).not.toContain('start');
});

it('counts each request of a call that sends several', async () => {
  const { store, probe } = startProbing();
  const client = store.client();
  let sent = 0;
  store.before = ({ action }) => {
    // A creation that is refused for its condition: a look, and another creation.
    if (['list', 'read', 'remove', 'lock', 'settings', 'unended', 'start', 'complete', 'abort'].includes(action))
      sent += 1;
    if (action === 'create') sent += 3;
  };
  store.client = () => ({ ...client, requestsSent: () => sent });
  store.moreSettings = 40;
  expect((await probe()).requests).toBe(30);
  expect(store.calls).toHaveLength(28);
});
