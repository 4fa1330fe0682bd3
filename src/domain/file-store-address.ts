import { displayBucket } from './bucket-identity.ts';
import type { BucketStorage, Credential } from './storage.ts';
import { assertNever } from './result.ts';

/**
 * The address of a bucket as an entry of `SUPPORTED_FILE_STORES`, in W&B's
 * documented grammar: `s3://<key>:<secret>@<host>/<bucket>?region=<region>[&tls=true]`.
 * It addresses the bucket without the sub-path, which belongs to the team's own
 * record in W&B (design 6). Every component is percent-encoded down to the
 * unreserved characters, so no value can begin another entry or another field.
 */
export function fileStoreEntry(storage: BucketStorage, credential: Credential | undefined): string {
  return address(storage, '', credential === undefined ? '' : userInfo(credential));
}

/** The address of the instance bucket (`BUCKET`): with its sub-path. */
export function instanceBucketAddress(storage: BucketStorage, credential: Credential | undefined): string {
  return address(storage, storage.path, credential === undefined ? '' : userInfo(credential));
}

/** The same address for people and status: credentials as `***`. */
export function redactedAddress(storage: BucketStorage, credential: 'AccessKey' | 'Ambient'): string {
  return address(storage, storage.path, credential === 'Ambient' ? '' : '***:***@');
}

/** Host and port under which clients reach the store. */
export function storeHost(storage: BucketStorage): string {
  switch (storage.provider) {
    case 'S3':
      return awsHost(storage.region);
    case 'S3Compatible': {
      const { scheme, host, port } = storage.endpoint;
      const name = host.includes(':') ? `[${host}]` : host;
      return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${String(port)}`;
    }
    default:
      return assertNever(storage);
  }
}

function awsHost(region: string): string {
  return `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function address(storage: BucketStorage, path: string, user: string): string {
  const segments = displayBucket({ name: storage.name, path }).split('/').map(encode).join('/');
  return `s3://${user}${storeHost(storage)}/${segments}?${addressQuery(storage)}`;
}

/** The query of an address. The server's default for `tls` varies by kind of store, so it is always said. */
export function addressQuery(storage: BucketStorage): string {
  const region = `region=${encode(storage.region)}`;
  switch (storage.provider) {
    case 'S3':
      return region;
    case 'S3Compatible': {
      const tls = `tls=${String(storage.endpoint.scheme === 'https')}`;
      return [region, tls, ...(storage.addressing === 'VirtualHosted' ? ['forcePathStyle=false'] : [])].join('&');
    }
    default:
      return assertNever(storage);
  }
}

function userInfo(credential: Credential): string {
  return `${encode(credential.accessKeyId)}:${encode(credential.secretAccessKey.reveal())}@`;
}

/**
 * Percent-encodes all but RFC 3986's unreserved characters (`encodeURIComponent`
 * leaves `!'()*`, and throws on half a surrogate pair, which JSON can carry).
 */
export function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
