import type { BucketSettings, LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import { err, ok } from '../../base/result.ts';
import { asJsonObject, own, text, type JsonObject } from '../../domain/spec/json.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { SettingsRequest } from '../../ports/bucket.ts';

/** Sends a GET of the JSON API below the bucket, and returns the document if it is of this kind. */
export type GetDocument = (path: string, kind: string, signal: AbortSignal) => BucketCall<JsonObject>;

const FIELDS =
  'kind,name,location,storageClass,versioning,softDeletePolicy,retentionPolicy,defaultEventBasedHold,lifecycle,billing';

/** The permissions that W&B's server uses, of those that roles/storage.admin grants. */
const WANTED = [
  'storage.buckets.get',
  'storage.objects.list',
  'storage.objects.create',
  'storage.objects.get',
  'storage.objects.delete',
  'storage.multipartUploads.create',
  'storage.multipartUploads.abort',
  'storage.multipartUploads.list',
  'storage.multipartUploads.listParts',
];

/** Settings of a bucket of GCS: one request for its metadata, which has all of them, and one for the granted permissions. */
export function settingsRequests(bucket: string, get: GetDocument): readonly SettingsRequest[] {
  return [
    {
      covers: ['retention', 'softDelete', 'versioning', 'lifecycle', 'requesterPays', 'storageClass'],
      beforeWriting: true,
      async ask(signal) {
        const metadata = await get(`?fields=${encodeURIComponent(FIELDS)}`, 'storage#bucket', signal);
        if (!metadata.ok) return metadata;
        const isOurs = text(metadata.value, 'name') === bucket;
        return isOurs ? ok(settingsOf(metadata.value)) : err({ kind: 'NotAnObjectStore', httpStatus: 200 });
      },
    },
    {
      covers: ['missingPermissions'],
      beforeWriting: false,
      async ask(signal) {
        const query = WANTED.map((permission) => `permissions=${permission}`).join('&');
        const answer = await get(`/iam/testPermissions?${query}`, 'storage#testIamPermissionsResponse', signal);
        if (!answer.ok) return answer;
        const granted = listIn(answer.value, 'permissions');
        return ok({ missingPermissions: WANTED.filter((permission) => !granted.includes(permission)) });
      },
    },
  ];
}

function settingsOf(bucket: JsonObject): Partial<BucketSettings> {
  const storageClass = text(bucket, 'storageClass');
  return {
    retention: { keeps: keptBy(bucket) },
    softDelete: { enabled: secondsIn(bagIn(bucket, 'softDeletePolicy'), 'retentionDurationSeconds') > 0 },
    versioning: { enabled: own(bagIn(bucket, 'versioning'), 'enabled') === true },
    lifecycle: listIn(bagIn(bucket, 'lifecycle'), 'rule').map((rule, index) =>
      lifecycleRule(asJsonObject(rule), index),
    ),
    requesterPays: { enabled: own(bagIn(bucket, 'billing'), 'requesterPays') === true },
    ...(storageClass !== undefined && /^[A-Z_]{1,40}$/.test(storageClass) && { storageClass: { name: storageClass } }),
  };
}

function keptBy(bucket: JsonObject): readonly string[] {
  const policy = bagIn(bucket, 'retentionPolicy');
  const seconds = secondsIn(policy, 'retentionPeriod');
  const locked = own(policy, 'isLocked') === true ? ', locked' : '';
  return [
    ...(seconds > 0 ? [`a retention policy of ${timeOf(seconds)}${locked}`] : []),
    ...(own(bucket, 'defaultEventBasedHold') === true ? ['a default event-based hold'] : []),
  ];
}

function timeOf(seconds: number): string {
  return seconds % 86_400 === 0 ? `${seconds / 86_400} days` : `${seconds} seconds`;
}

/** Conditions that limit a rule to noncurrent versions. */
const NONCURRENT = ['numNewerVersions', 'daysSinceNoncurrentTime', 'noncurrentTimeBefore'];

/** Rules of GCS have no name, and none archives: all storage classes can be read at once. */
function lifecycleRule(rule: JsonObject | undefined, index: number): LifecycleRule {
  const condition = bagIn(rule, 'condition');
  const deletes = text(bagIn(rule, 'action'), 'type') === 'Delete';
  const isForOld = own(condition, 'isLive') === false || NONCURRENT.some((name) => own(condition, name) !== undefined);
  const prefixes = listIn(condition, 'matchesPrefix').filter((prefix) => typeof prefix === 'string');
  return { name: `number ${index + 1}`, prefixes, deletes: deletes && !isForOld, expiresVersions: deletes && isForOld };
}

function bagIn(bag: JsonObject | undefined, name: string): JsonObject | undefined {
  return asJsonObject(own(bag, name));
}

function listIn(bag: JsonObject | undefined, name: string): readonly unknown[] {
  const value = own(bag, name);
  return Array.isArray(value) ? value : [];
}

/** 64-bit numbers are encoded as strings. */
function secondsIn(bag: JsonObject | undefined, name: string): number {
  const seconds = Number(own(bag, name));
  return Number.isSafeInteger(seconds) ? seconds : 0;
}
