import { setLogLevel } from '@azure/logger';
import {
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
  type ContainerClient,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import type { AccountKeyCredential, AzureBlobStorage } from '../../domain/storage.ts';
import type { PlainHttp } from '../../ports/http.ts';
import { createGuardedClient } from './guarded-client.ts';

/** A container, where it is, and the key for it. */
export interface AzureTarget {
  readonly storage: AzureBlobStorage;
  readonly credential: AccountKeyCredential;
  /** URL of the Blob service; emulators have the account in its path. */
  readonly endpoint: string;
}

/** The clients of the container and its account, and the credential that also signs URLs. */
export interface ContainerAccess {
  readonly service: BlobServiceClient;
  readonly container: ContainerClient;
  readonly key: StorageSharedKeyCredential;
}

/**
 * A client that does what it is told and nothing else: no second try (our
 * schedule retries, and a hidden retry hides a fault), no redirects, no log
 * whatever the environment asks for (it would hold URLs and headers).
 */
export function openContainer({ storage, credential, endpoint }: AzureTarget, http: PlainHttp): ContainerAccess {
  setLogLevel(undefined);
  const key = new StorageSharedKeyCredential(storage.storageAccount, credential.accountKey.reveal());
  // The SDK hands what its types do not name on to the pipeline, the redirect policy among others.
  const options: StoragePipelineOptions & { readonly redirectOptions: { readonly maxRetries: number } } = {
    httpClient: createGuardedClient(http),
    retryOptions: { maxTries: 1 },
    redirectOptions: { maxRetries: 0 },
    // Keeps the SDK from reading HTTPS_PROXY its own way. Nobody dials this: only our client dials, as net/ says.
    proxyOptions: { host: 'http://127.0.0.1', port: 9 },
  };
  const service = new BlobServiceClient(endpoint, newPipeline(key, options));
  return { service, container: service.getContainerClient(storage.name), key };
}
