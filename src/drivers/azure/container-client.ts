import { setLogLevel } from '@azure/logger';
import {
  AnonymousCredential,
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
  type ContainerClient,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import type { AzureWorkloadIdentity } from '../../domain/credentials/sign-in.ts';
import type { AccountKeyCredential } from '../../domain/credentials/credential-types.ts';
import type { AzureBlobStorage } from '../../domain/bucket/storage.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp } from '../../ports/http.ts';
import { delegationSigner, keySigner, type SignSas } from './azure-signer.ts';
import { requestEntraToken, type EntraToken } from './entra.ts';
import { createGuardedClient } from './guarded-client.ts';

/** A container with its address and credential. */
export interface AzureTarget {
  readonly storage: AzureBlobStorage;
  readonly credential: AccountKeyCredential | AzureWorkloadIdentity;
  /** URL of the Blob service; emulators have the account in its path. */
  readonly endpoint: string;
  /** URL of Microsoft Entra. */
  readonly loginUrl: string;
}

/** The clients of the container and its account, and the signer for URLs of its blobs. */
export interface ContainerAccess {
  readonly service: BlobServiceClient;
  readonly container: ContainerClient;
  readonly sign: SignSas;
  /** When the token expires; `undefined` for a key. */
  readonly endsAt: () => Date | undefined;
}

/** Opens a container with a key of its account, or as an identity. */
export function openContainer(target: AzureTarget, http: PlainHttp): ContainerAccess {
  setLogLevel(undefined);
  const { storage, credential } = target;
  return credential.kind === 'AccountKey'
    ? openWithKey(target, new StorageSharedKeyCredential(storage.storageAccount, credential.accountKey.reveal()), http)
    : openAsIdentity(target, credential, http);
}

function openWithKey({ storage, endpoint }: AzureTarget, key: StorageSharedKeyCredential, http: PlainHttp) {
  const service = new BlobServiceClient(endpoint, newPipeline(key, optionsOf(http)));
  const container = service.getContainerClient(storage.name);
  return { service, container, sign: keySigner(key), endsAt: () => undefined };
}

/** Our own client sends the token: the SDK's policy would request another one and retry after a refusal. */
function openAsIdentity(
  { storage, endpoint, loginUrl }: AzureTarget,
  identity: AzureWorkloadIdentity,
  http: PlainHttp,
): ContainerAccess {
  let token: BucketCall<EntraToken> | undefined;
  let endsAt: Date | undefined;
  const bearer = async (): BucketCall<string> => {
    const shown = await (token ??= requestEntraToken(identity, { http, loginUrl }));
    if (!shown.ok) return shown;
    endsAt = shown.value.endsAt;
    return { ok: true, value: `Bearer ${shown.value.value}` };
  };
  const service = new BlobServiceClient(endpoint, newPipeline(new AnonymousCredential(), optionsOf(http, bearer)));
  return {
    service,
    container: service.getContainerClient(storage.name),
    sign: delegationSigner(service, storage.storageAccount),
    endsAt: () => endsAt,
  };
}

/**
 * A client that sends exactly the given requests: no second try (our schedule
 * retries, and a hidden retry hides a fault), no redirects, and no log even if the
 * environment enables it (it would contain URLs and headers).
 */
function optionsOf(http: PlainHttp, bearer?: () => BucketCall<string>): StoragePipelineOptions {
  // The SDK passes options that its types do not have to the pipeline, such as the redirect policy.
  const options: StoragePipelineOptions & { readonly redirectOptions: { readonly maxRetries: number } } = {
    httpClient: createGuardedClient(http, bearer),
    retryOptions: { maxTries: 1 },
    redirectOptions: { maxRetries: 0 },
    // Keeps the SDK from reading HTTPS_PROXY by itself. Never connected to: our client uses the proxy settings of net/.
    proxyOptions: { host: 'http://127.0.0.1', port: 9 },
  };
  return options;
}
