import type { GetObjectCommandOutput, _Object as StoredObject } from '@aws-sdk/client-s3';
import { objectLock } from '../../domain/observations/object-lock.ts';
import type { ListedObject, ReadObject } from '../../ports/bucket.ts';
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

/** An object that was read, with the store's headers. */
export async function readObject(output: GetObjectCommandOutput): Promise<ReadObject> {
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId, StorageClass: storageClass } = output;
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = output;
  const lock = objectLock(mode, until, hold === 'ON');
  return {
    body: (await output.Body?.transformToByteArray()) ?? new Uint8Array(),
    revision: output.ETag ?? '',
    ...(algorithm !== undefined && { encryption: { algorithm, ...(keyId !== undefined && { keyId }) } }),
    ...(storageClass !== undefined && { storageClass }),
    ...(lock !== undefined && { lock }),
  };
}
