import { displayBucket } from '../bucket/bucket-id.ts';
import { textOnceFor } from '../../base/once-for.ts';
import { assertNever } from '../../base/result.ts';
import type { CredentialsRef } from '../credentials/refs.ts';
import type { Credential } from '../credentials/credential-types.ts';
import { PUBLIC_CLOUDS, storeEndpoint } from '../bucket/store-endpoint.ts';
import { COREWEAVE_HOST, type BucketAddress, type S3KindAddress } from '../bucket/storage.ts';

/** CoreWeave by W&B's own identity: W&B accepts exactly this text, and only as the whole value. */
export const COREWEAVE_IDENTITY_ENTRY = 'cw://';

/**
 * The address of a bucket as an entry of `SUPPORTED_FILE_STORES`, in W&B's
 * documented grammar:
 *
 * - `s3://<key>:<secret>@<host>/<bucket>?region=<region>[&tls=true]`, for AWS with the host that the operator dials
 * - `cw://<key>:<secret>@cwobject.com/<bucket>?tls=true`
 * - `gs://<service account>:<private key>@<bucket>`
 * - `az://:<account key>@<storage account>/<container>`
 *
 * It addresses the bucket without the sub-path, which belongs to the team's own
 * record in W&B. Every component is percent-encoded down to the
 * unreserved characters, so no value can begin another entry or another field.
 */
export function fileStoreEntry(storage: BucketAddress, credential: Credential | undefined): string {
  if (storage.provider === 'CoreWeave' && credential === undefined) return COREWEAVE_IDENTITY_ENTRY;
  return address(storage, '', userInfo(credential));
}

/**
 * The address of the instance bucket (`BUCKET`): with its sub-path. On AWS by
 * W&B's own identity it names no host, as W&B documents it; the region is then
 * in the environment.
 */
export function instanceBucketAddress(storage: BucketAddress, credential: Credential | undefined): string {
  if (storage.provider === 'S3' && credential === undefined) return `s3://${encodedPath(storage)}`;
  return address(storage, storage.path, userInfo(credential));
}

/** The same address for display: credentials as `***`. `mode`: how W&B signs in. */
export function redactedAddress(storage: BucketAddress, mode: CredentialsRef['kind']): string {
  return address(storage, storage.path, REDACTED[mode]);
}

/** The address of the bucket without sub-path and credential: equal texts are the same bucket at the same address. */
export const bareAddress = textOnceFor((storage: BucketAddress): string => address(storage, '', ''));

const REDACTED = { AccessKey: '***:***@', ServiceAccountKey: '***:***@', AccountKey: ':***@', Ambient: '' } as const;

/** Host and port at which clients reach an S3 store. */
export function storeHost(storage: S3KindAddress): string {
  switch (storage.provider) {
    case 'CoreWeave':
      return COREWEAVE_HOST;
    case 'S3':
    case 'S3Compatible':
      return new URL(storeEndpoint(storage, PUBLIC_CLOUDS)).host;
    default:
      return assertNever(storage);
  }
}

function address(storage: BucketAddress, path: string, user: string): string {
  const place = encodedPath({ name: storage.name, path });
  switch (storage.provider) {
    case 'GCS':
      return `gs://${user}${place}`;
    case 'AzureBlob':
      return `az://${user}${encode(storage.storageAccount)}/${place}`;
    case 'CoreWeave':
      return `cw://${user}${COREWEAVE_HOST}/${place}?${addressQuery(storage)}`;
    case 'S3':
    case 'S3Compatible':
      return `s3://${user}${storeHost(storage)}/${place}?${addressQuery(storage)}`;
    default:
      return assertNever(storage);
  }
}

/** Bucket and sub-path, percent-encoded. */
function encodedPath(storage: Pick<BucketAddress, 'name' | 'path'>): string {
  return displayBucket(storage).split('/').map(encode).join('/');
}

/**
 * The query of an address. The server's default for `tls` depends on the kind of store, so it is set explicitly where
 * there is a choice.
 */
export function addressQuery(storage: S3KindAddress): string {
  switch (storage.provider) {
    case 'S3': {
      const { region, endpoint } = storage;
      // W&B takes an endpoint for that of another store: then this says what holds for AWS. The order differs from that
      // of other stores, so that the address can be read back.
      const query =
        endpoint === undefined ? [] : ['forcePathStyle=false', `tls=${String(endpoint.scheme === 'https')}`];
      return [`region=${encode(region)}`, ...query].join('&');
    }
    case 'CoreWeave':
      return [...(storage.region === undefined ? [] : [`region=${encode(storage.region)}`]), 'tls=true'].join('&');
    case 'S3Compatible': {
      const tls = `tls=${String(storage.endpoint.scheme === 'https')}`;
      const addressing = storage.addressing === 'VirtualHosted' ? ['forcePathStyle=false'] : [];
      return [`region=${encode(storage.region)}`, tls, ...addressing].join('&');
    }
    default:
      return assertNever(storage);
  }
}

function userInfo(credential: Credential | undefined): string {
  switch (credential?.kind) {
    case undefined:
      return '';
    case 'AccessKey':
      return `${encode(credential.accessKeyId)}:${encode(credential.secretAccessKey.reveal())}@`;
    case 'ServiceAccountKey':
      return `${encode(credential.clientEmail)}:${encode(credential.privateKey.reveal())}@`;
    case 'AccountKey':
      return `:${encode(credential.accountKey.reveal())}@`;
  }
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
