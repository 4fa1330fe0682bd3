import type { KeyObject } from 'node:crypto';

/** What the gate knows of IAM: the permissions that a probe and W&B use. */
export const GCS_PERMISSIONS = [
  'storage.objects.list',
  'storage.objects.create',
  'storage.objects.get',
  'storage.objects.delete',
  'storage.buckets.get',
  'storage.multipartUploads.create',
  'storage.multipartUploads.abort',
  'storage.multipartUploads.list',
  'storage.multipartUploads.listParts',
] as const;
export type GcsPermission = (typeof GCS_PERMISSIONS)[number];

/** One rule of a bucket's CORS setting, as GCS writes it. */
export interface GcsCorsRule {
  readonly origin: readonly string[];
  readonly method: readonly string[];
  /** One list for requests and answers both: GCS has no other for exposed headers. */
  readonly responseHeader: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** A request that reached the gate. */
export interface GcsRequestSeen {
  readonly method: string;
  /** Without the query: that may hold a signature. */
  readonly path: string;
  readonly status: number;
  readonly account?: string;
}

interface BucketState {
  readonly grants: Map<string, ReadonlySet<GcsPermission>>;
  cors: readonly GcsCorsRule[];
  isPublic: boolean;
  settings: GcsBucketSettings;
}

/** An upload that has begun. */
interface UploadState {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly condition?: string;
}

/** Settings as a bucket's metadata has them. */
export interface GcsBucketSettings {
  readonly storageClass?: string;
  readonly versioning?: { readonly enabled: boolean };
  readonly softDeletePolicy?: { readonly retentionDurationSeconds: string };
  readonly retentionPolicy?: { readonly retentionPeriod: string; readonly isLocked?: boolean };
  readonly defaultEventBasedHold?: boolean;
  readonly lifecycle?: { readonly rule: readonly unknown[] };
  readonly billing?: { readonly requesterPays: boolean };
}

/** What GCS gives a new bucket: soft delete is on. */
export const NEW_BUCKET: GcsBucketSettings = {
  storageClass: 'STANDARD',
  softDeletePolicy: { retentionDurationSeconds: '604800' },
};

/** All that the gate decides by. */
export interface GcsState {
  /** Public keys by e-mail address. */
  readonly accounts: Map<string, KeyObject>;
  readonly buckets: Map<string, BucketState>;
  /** Resumable uploads that have begun, by their id. */
  readonly uploads: Map<string, UploadState>;
  seen: GcsRequestSeen[];
}

export function newGcsState(): GcsState {
  return { accounts: new Map(), buckets: new Map(), uploads: new Map(), seen: [] };
}

/** Whether a caller, or anybody (`undefined`), may do it. A public bucket lets anybody list and read. */
export function isGranted(
  state: GcsState,
  email: string | undefined,
  bucket: string,
  permission: GcsPermission,
): boolean {
  const known = state.buckets.get(bucket);
  if (known === undefined) return false;
  const isOpen = permission === 'storage.objects.list' || permission === 'storage.objects.get';
  if (known.isPublic && isOpen) return true;
  return email !== undefined && known.grants.get(email)?.has(permission) === true;
}

/** Response headers of a bucket's CORS setting for an origin and method; none when no rule matches. */
export function corsHeaders(
  state: GcsState,
  bucket: string,
  asked: { readonly origin: string | undefined; readonly method: string; readonly preflight: boolean },
): Readonly<Record<string, string>> {
  const { origin } = asked;
  if (origin === undefined) return {};
  const rule = state.buckets
    .get(bucket)
    ?.cors.find(({ origin: origins, method }) => hasOne(origins, origin) && hasOne(method, asked.method));
  if (rule === undefined) return {};
  const allowed = { 'access-control-allow-origin': rule.origin.includes('*') ? '*' : origin, vary: 'Origin' };
  const headers = rule.responseHeader.join(', ');
  return asked.preflight
    ? {
        ...allowed,
        'access-control-allow-methods': rule.method.join(', '),
        'access-control-allow-headers': headers,
        'access-control-max-age': String(rule.maxAgeSeconds ?? 3600),
      }
    : { ...allowed, 'access-control-expose-headers': headers };
}

function hasOne(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted);
}
