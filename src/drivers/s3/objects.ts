import { objectLock } from '../../domain/observations/object-lock.ts';
import type { ListedObject, ReadObject } from '../../ports/bucket.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { unreadableClass } from './lifecycle.ts';
import { textOf, type XmlElement } from './xml.ts';

/** An object of a listing. */
export function listedObject(element: XmlElement): ListedObject {
  const archived = unreadableClass(textOf(element, 'StorageClass'));
  const modified = dateIn(textOf(element, 'LastModified'));
  return {
    key: textOf(element, 'Key') ?? '',
    ...(modified !== undefined && { lastModified: modified.toISOString() }),
    ...(archived !== undefined && { archived }),
  };
}

/** An object that was read, with the store's headers. */
export function readObject(answer: PlainResponse): ReadObject {
  return { body: answer.body, revision: answer.headers['etag'] ?? '', ...detailsIn(answer) };
}

/** What the headers of an answer say of its object. */
export function detailsIn({ headers }: PlainResponse): Pick<ReadObject, 'encryption' | 'storageClass' | 'lock'> {
  const algorithm = headers['x-amz-server-side-encryption'];
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'];
  const storageClass = headers['x-amz-storage-class'];
  const until = dateIn(headers['x-amz-object-lock-retain-until-date']);
  const lock = objectLock(headers['x-amz-object-lock-mode'], until, headers['x-amz-object-lock-legal-hold'] === 'ON');
  return {
    ...(algorithm !== undefined && { encryption: { algorithm, ...(keyId !== undefined && { keyId }) } }),
    ...(storageClass !== undefined && { storageClass }),
    ...(lock !== undefined && { lock }),
  };
}

function dateIn(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}
