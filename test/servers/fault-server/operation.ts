import type { IncomingHttpHeaders } from 'node:http';
import type { BrowserMethod, PresignedMethod } from '../../../src/domain/observations/observations.ts';

/** A request as it came in. */
export interface Asked {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Settings of a bucket, by the requests of all providers. */
export const SETTINGS = [
  'versioning',
  'retention',
  'lifecycle',
  'probe versions',
  'location',
  'encryption',
  'cors',
  'settings',
  'permissions',
] as const;
export type SettingOperation = (typeof SETTINGS)[number];

/**
 * What a probe can ask of a store, in the order in which it does. The first
 * contact is `anonymous list`. `sweep` lists
 * what a crash left; `look` is the HEAD of a key where conditional creation is
 * missing; `read absent` is a read of what is not (or no longer) there.
 */
export type OperationName =
  | 'list'
  | 'region'
  | 'owner'
  | 'sweep'
  | 'create'
  | 'look'
  | 'read'
  | 'read absent'
  | 'remove'
  | 'remove folder'
  | 'anonymous GET'
  | 'anonymous list'
  | `preflight ${BrowserMethod}`
  | `presigned ${PresignedMethod}`
  /** A pre-signed GET of a part of an object. */
  | 'ranged GET'
  /** The head of a PUT whose body waits for an interim answer. */
  | 'announced PUT'
  | SettingOperation
  | 'list uploads'
  | 'start upload'
  | 'upload part'
  | 'complete upload'
  | 'abort upload';

/** An operation and what it is about. */
export interface Operation {
  readonly name: OperationName;
  /** Absent for the store as a whole. */
  readonly bucket?: string;
  /** Absent for a bucket as a whole. */
  readonly key?: string;
}

/** Whether a listing is that of a probe's own folder. */
export function isProbeFolder(prefix: string | null): boolean {
  return prefix?.includes('.wandb-storage-probe/') === true;
}

/** What a signed URL is used for. */
export function presignedUse({ method, query, headers }: Asked): OperationName {
  if (headers.expect !== undefined) return 'announced PUT';
  if (headers.range !== undefined) return 'ranged GET';
  if (query.get('comp') === 'blocklist') return 'complete upload';
  return query.has('partNumber') || query.get('comp') === 'block' ? 'upload part' : `presigned ${method as 'GET'}`;
}

/** Bucket and key of a path `/bucket/key`. */
export function placeIn(path: string): { readonly bucket?: string; readonly key?: string } {
  const [, bucket = '', ...rest] = path.split('/');
  const key = rest.map(decodeURIComponent).join('/');
  return { ...(bucket !== '' && { bucket: decodeURIComponent(bucket) }), ...(key !== '' && { key }) };
}
