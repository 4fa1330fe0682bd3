import { beforeAll, describe, expect, it } from '@jest/globals';
import { createGcsAccount, createGcsBucket, corsFor, gcsAdmin, gcsTarget, type GcsAccount } from '../servers/gcs.ts';
import { GCS_PERMISSIONS, NEW_BUCKET, type GcsBucketSettings, type GcsPermission } from '../servers/gcs-state.ts';
import { sharedServers } from '../servers/shared.ts';
import { APP, failedChecks, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

/** What a good bucket of the bed has not passed. */
const GOOD = { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' };

let account: GcsAccount;
beforeAll(async () => {
  account = await createGcsAccount(sharedServers().gcs);
});

async function probe(
  settings: GcsBucketSettings,
  permissions: readonly GcsPermission[] = GCS_PERMISSIONS,
): Promise<Outcome & { readonly bucket: string; readonly left: readonly string[] }> {
  const { gcs } = sharedServers();
  const bucket = await createGcsBucket(gcs, { account, permissions, cors: [corsFor(APP)], settings });
  const outcome = await probeBucket(gcsTarget(gcs, { bucket, account, path: 'teams/omega' }));
  return { ...outcome, bucket, left: await gcsAdmin(gcs, 'listEverything', { bucket }) };
}

function lifecycle(action: string, condition: object): GcsBucketSettings {
  return { ...NEW_BUCKET, lifecycle: { rule: [{ action: { type: action }, condition }] } };
}

describe('a probe of the settings of GCS', () => {
  it.each<[string, GcsBucketSettings, Readonly<Record<string, string>>]>([
    [
      'soft delete off',
      { softDeletePolicy: { retentionDurationSeconds: '0' } },
      { VersioningEnabled: 'SoftDeleteDisabled' },
    ],
    ['no word of soft delete', { storageClass: 'STANDARD' }, { VersioningEnabled: 'SoftDeleteDisabled' }],
    ['a costly class', { ...NEW_BUCKET, storageClass: 'ARCHIVE' }, { StorageClassReadable: 'StorageClassCostly' }],
    ['a rule that deletes', lifecycle('Delete', { age: 30 }), { LifecycleSafe: 'LifecycleDeletes' }],
    [
      'one under the path',
      lifecycle('Delete', { age: 1, matchesPrefix: ['teams/o'] }),
      { LifecycleSafe: 'LifecycleDeletes' },
    ],
    ['one elsewhere', lifecycle('Delete', { age: 1, matchesPrefix: ['teams/kappa/'] }), {}],
    ['one for old generations', lifecycle('Delete', { daysSinceNoncurrentTime: 7 }), {}],
    ['one for the archived state', lifecycle('Delete', { isLive: false, age: 1 }), {}],
    ['one to another class, which is read at once', lifecycle('SetStorageClass', { age: 30 }), {}],
    ['one for uploads in parts', lifecycle('AbortIncompleteMultipartUpload', { age: 7 }), {}],
  ])('judges %s', async (_name, settings, expected) => {
    const { reasons, left } = await probe(settings);
    expect(reasons).toEqual({ ...GOOD, ...expected });
    expect(left).toEqual([]);
  });

  it.each<[string, GcsBucketSettings, string]>([
    [
      'a retention policy',
      { ...NEW_BUCKET, retentionPolicy: { retentionPeriod: '604800' } },
      'a retention policy of 7 days',
    ],
    [
      'a locked one',
      { ...NEW_BUCKET, retentionPolicy: { retentionPeriod: '90', isLocked: true } },
      'a retention policy of 90 seconds, locked',
    ],
    ['a default hold', { ...NEW_BUCKET, defaultEventBasedHold: true }, 'a default event-based hold'],
  ])('writes nothing under %s, and says why', async (_name, settings, says) => {
    const outcome = await probe(settings);
    expect(failedChecks(outcome)).toEqual(['ObjectsDeletable']);
    expect(textsOf(outcome)).toContain(says);
    expect(outcome.left).toEqual([]);
    const changes = (await gcsAdmin(sharedServers().gcs, 'requests', { bucket: outcome.bucket })).filter(
      ({ method }) => method !== 'GET',
    );
    expect(changes).toEqual([]);
  });

  it('names retention where it only shows when a deletion is refused', async () => {
    const outcome = await probe(
      { ...NEW_BUCKET, retentionPolicy: { retentionPeriod: '60' } },
      GCS_PERMISSIONS.filter((one) => one !== 'storage.buckets.get'),
    );
    expect(outcome.reasons).toMatchObject({ CanDelete: 'ObjectsRetained', VersioningEnabled: 'BucketSettingsDenied' });
    expect(textsOf(outcome)).toContain('--clear-retention-period');
  });

  it('names requester pays by behaviour, and only that', async () => {
    const outcome = await probe({ ...NEW_BUCKET, billing: { requesterPays: true } });
    expect(failedChecks(outcome)).toEqual(['RequesterPaysOff']);
    expect(textsOf(outcome)).toContain('--no-requester-pays');
  });

  it('names permissions that only W&B needs', async () => {
    const outcome = await probe(
      NEW_BUCKET,
      GCS_PERMISSIONS.filter((one) => one !== 'storage.multipartUploads.abort'),
    );
    expect(outcome.reasons).toEqual({ ...GOOD, GrantComplete: 'GrantIncomplete' });
    expect(textsOf(outcome)).toContain('has no storage.multipartUploads.abort on');
  });
});
