import { assertNever } from '../../base/result.ts';
import { namedAwsDocuments } from './aws-documents.ts';
import { namedAzureDocuments } from './azure-documents.ts';
import { namedGcsDocuments } from './gcs-documents.ts';
import type { NamedDocument, PolicyRequest } from './policy-request.ts';
import { namedCoreWeaveDocuments, namedStoreDocuments } from './store-documents.ts';

/** What has to be allowed for W&B to use a bucket, as the documents of its provider. */
export function documentsOf(request: PolicyRequest): readonly NamedDocument[] {
  const { storage } = request;
  switch (storage.provider) {
    case 'S3':
      return namedAwsDocuments({ ...request, storage });
    case 'S3Compatible':
      return namedStoreDocuments({ ...request, storage });
    case 'CoreWeave':
      return namedCoreWeaveDocuments({ ...request, storage });
    case 'GCS':
      return namedGcsDocuments({ ...request, storage });
    case 'AzureBlob':
      return namedAzureDocuments({ ...request, storage });
    default:
      return assertNever(storage);
  }
}
