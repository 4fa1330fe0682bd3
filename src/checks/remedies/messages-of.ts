import { assertNever } from '../../base/result.ts';
import type { CheckContext } from '../check.ts';
import { azureBlobMessages } from './azure-blob.ts';
import { coreWeaveMessages } from './coreweave.ts';
import { gcsMessages } from './gcs.ts';
import { s3CompatibleMessages } from './s3-compatible.ts';
import { s3Messages } from './s3.ts';
import type { ProviderMessages } from './messages.ts';

/** The messages for the store of a check. */
export function messagesOf(context: CheckContext): ProviderMessages {
  const { storage } = context;
  switch (storage.provider) {
    case 'S3':
      return s3Messages(storage, context);
    case 'S3Compatible':
      return s3CompatibleMessages(storage, context);
    case 'CoreWeave':
      return coreWeaveMessages(storage, context);
    case 'GCS':
      return gcsMessages(storage, context);
    case 'AzureBlob':
      return azureBlobMessages(storage, context);
    default:
      return assertNever(storage);
  }
}
