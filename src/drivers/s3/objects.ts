import type { GetObjectCommandOutput, _Object as StoredObject } from '@aws-sdk/client-s3';
import { objectLock } from '../../domain/observations/object-lock.ts';
import type { ListedObject, ReadObject } from '../../ports/bucket.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { unreadableClass } from './lifecycle.ts';

/** An object of a listing. */
export function listedObject({ Key, LastModified, StorageClass }: StoredObject): ListedObject {
  const archived = unreadableClass(StorageClass);
  return {
    key: Key ?? '',
    ...(LastModified !== undefined && { lastModified: LastModified.toISOString() }),
    ...(archived !== undefined && { archived }),
  };
}

type Details = Pick<ReadObject, 'encryption' | 'storageClass' | 'lock'>;

/** An object that was read, with the store's headers. */
export async function readObject(output: GetObjectCommandOutput): Promise<ReadObject> {
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId, StorageClass: storageClass } = output;
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = output;
  return {
    body: (await output.Body?.transformToByteArray()) ?? new Uint8Array(),
    revision: output.ETag ?? '',
    ...details({ algorithm, keyId, storageClass, lock: objectLock(mode, until, hold === 'ON') }),
  };
}

/** The same headers in an answer to a pre-signed URL. */
export function detailsIn({ headers }: PlainResponse): Details {
  const until = headers['x-amz-object-lock-retain-until-date'];
  const lock = objectLock(
    headers['x-amz-object-lock-mode'],
    until === undefined ? undefined : new Date(until),
    headers['x-amz-object-lock-legal-hold'] === 'ON',
  );
  return details({
    algorithm: headers['x-amz-server-side-encryption'],
    keyId: headers['x-amz-server-side-encryption-aws-kms-key-id'],
    storageClass: headers['x-amz-storage-class'],
    lock,
  });
}

function details(seen: {
  readonly algorithm: string | undefined;
  readonly keyId: string | undefined;
  readonly storageClass: string | undefined;
  readonly lock: Details['lock'];
}): Details {
  const { algorithm, keyId, storageClass, lock } = seen;
  return {
    ...(algorithm !== undefined && { encryption: { algorithm, ...(keyId !== undefined && { keyId }) } }),
    ...(storageClass !== undefined && { storageClass }),
    ...(lock !== undefined && { lock }),
  };
}
