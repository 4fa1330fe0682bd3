import { defined } from '../../base/defined.ts';
import type { AddressParts } from './address-text.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { FoundBucket, FoundCredential } from './found-bucket.ts';

/** What is known of an address besides its text. */
export interface AddressContext {
  /** Where it stands, for findings. */
  readonly at: string;
  /**
   * What comes first in an `s3` address with a key: the host of the store in an entry of the file stores, the bucket or
   * a host in the address of the instance bucket.
   */
  readonly kind: 'FileStore' | 'InstanceBucket';
  /** Region that is set beside it, such as `AWS_REGION`. */
  readonly region?: string;
  /** The credential, where it stands elsewhere. */
  readonly credential?: FoundCredential;
}

export type Report = (code: FindingCode, detail?: string) => void;

/** The outcome of reading something. */
export interface Read<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

/** The access key in an address, or the one that stands elsewhere. */
export function accessKeyOf(parts: AddressParts, { credential }: AddressContext, report: Report) {
  if (!parts.hasCredentials) return credential;
  const { user, password } = parts;
  if ((user === undefined || password === undefined) && !parts.hasPlaceholder) report('KeyIncomplete');
  return defined({ kind: 'AccessKey' as const, user, secret: password });
}

/** The first part of the path is the bucket, the rest the sub-path. */
export function placeIn(
  segments: readonly string[],
  { hasPlaceholder }: AddressParts,
  report: Report,
): Pick<FoundBucket, 'name' | 'path'> {
  const [name = '', ...path] = segments;
  if (name === '' && !hasPlaceholder) report('BucketMissing');
  return { ...(name !== '' && { name }), path: path.join('/') };
}

const PARAMETERS = ['region', 'tls', 'forcePathStyle'];
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Reports parameters that the server does not read. */
export function checkQuery(query: ReadonlyMap<string, string>, report: Report): void {
  for (const [name, value] of query) {
    if (!PARAMETERS.includes(name)) report('ParameterUnknown', name);
    else if (name !== 'region' && ![...TRUE, ...FALSE].includes(value)) report('ParameterInvalid', name);
  }
}

/** A parameter that is true or false; absent if it is not given or neither. */
export function flagIn(query: ReadonlyMap<string, string>, name: string): boolean | undefined {
  const value = query.get(name) ?? '';
  return TRUE.includes(value) ? true : FALSE.includes(value) ? false : undefined;
}
