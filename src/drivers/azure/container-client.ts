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

/** A container, where it is, and who signs in to it. */
export interface AzureTarget {
  readonly storage: AzureBlobStorage;
  readonly credential: AccountKeyCredential | AzureWorkloadIdentity;
  /** URL of the Blob service; emulators have the account in its path. */
  readonly endpoint: string;
  /** URL of Microsoft Entra. */
  readonly loginUrl: string;
}

/** The clients of the container and its account, and what signs URLs of its blobs. */
export interface ContainerAccess {
  readonly service: BlobServiceClient;
  readonly container: ContainerClient;
  readonly sign: SignSas;
  /** When the token ends; `undefined` for a key. */
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

/** Our own client shows the token: the SDK's policy would ask for another one and try again when one is refused. */
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
 * A client that does what it is told and nothing else: no second try (our
 * schedule retries, and a hidden retry hides a fault), no redirects, no log
 * whatever the environment asks for (it would hold URLs and headers).
 */
function optionsOf(http: PlainHttp, bearer?: () => BucketCall<string>): StoragePipelineOptions {
  // The SDK hands what its types do not name on to the pipeline, the redirect policy among others.
  const options: StoragePipelineOptions & { readonly redirectOptions: { readonly maxRetries: number } } = {
    httpClient: createGuardedClient(http, bearer),
    retryOptions: { maxTries: 1 },
    redirectOptions: { maxRetries: 0 },
    // Keeps the SDK from reading HTTPS_PROXY its own way. Nobody dials this: only our client dials, as net/ says.
    proxyOptions: { host: 'http://127.0.0.1', port: 9 },
  };
  return options;
}
