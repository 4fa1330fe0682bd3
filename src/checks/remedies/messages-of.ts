import { assertNever } from '../../base/result.ts';
import type { CheckContext } from '../check.ts';
import { azureBlobWords } from './azure-blob.ts';
import { coreWeaveWords } from './coreweave.ts';
import { gcsWords } from './gcs.ts';
import { s3CompatibleWords } from './s3-compatible.ts';
import { s3Words } from './s3.ts';
import type { StoreWords } from './messages.ts';

/** The messages for the store of a check. */
export function wordsOf(context: CheckContext): StoreWords {
  const { storage } = context;
  switch (storage.provider) {
    case 'S3':
      return s3Words(storage, context);
    case 'S3Compatible':
      return s3CompatibleWords(storage, context);
    case 'CoreWeave':
      return coreWeaveWords(storage, context);
    case 'GCS':
      return gcsWords(storage, context);
    case 'AzureBlob':
      return azureBlobWords(storage, context);
    default:
      return assertNever(storage);
  }
}
