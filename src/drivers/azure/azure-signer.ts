import {
  BlobSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  type BlobSASSignatureValues,
  type BlobServiceClient,
  type SASQueryParameters,
  type StorageSharedKeyCredential,
  type UserDelegationKey,
} from '@azure/storage-blob';

/** What a shared access signature is for. */
export interface SasWanted {
  readonly containerName: string;
  readonly blobName: string;
  /** `r`, `cw`, `d` */
  readonly permissions: string;
  readonly expiresInSeconds: number;
  readonly https: boolean;
  /** Ends the request for a key, where there must be one. */
  readonly signal: AbortSignal;
}

/** Signs access to one blob. */
export type SignSas = (wanted: SasWanted) => Promise<SASQueryParameters>;

/** A service SAS, by the key of the account. It has no start, so that a clock that runs ahead shows as it would for W&B. */
export function keySigner(key: StorageSharedKeyCredential): SignSas {
  return (wanted) => Promise.resolve(generateBlobSASQueryParameters(valuesOf(wanted), key));
}

const DAY_SECONDS = 86_400;
/** Allowance for clocks that differ: a key is refused before its start. */
const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 10 * 60_000;

/**
 * A user-delegation SAS, by a key that the Blob service gives the identity. It may
 * live as long as that key, whatever the token of the identity does.
 */
export function delegationSigner(service: BlobServiceClient, account: string): SignSas {
  let known: { readonly key: Promise<UserDelegationKey>; readonly until: number } | undefined;

  async function keyUntil(end: number, abortSignal: AbortSignal): Promise<UserDelegationKey> {
    if (known === undefined || known.until < end) {
      const until = Math.max(end, Date.now() + DAY_SECONDS * 1000) + AFTER_MS;
      const begin = new Date(Date.now() - BEFORE_MS);
      known = { key: service.getUserDelegationKey(begin, new Date(until), { abortSignal }), until };
    }
    try {
      return await known.key;
    } catch (error) {
      // A refusal holds for the whole probe. One that was cut short says nothing: the clean-up asks again.
      if (abortSignal.aborted) known = undefined;
      throw error;
    }
  }

  return async (wanted) => {
    const values = valuesOf(wanted);
    const key = await keyUntil(Date.now() + wanted.expiresInSeconds * 1000, wanted.signal);
    return generateBlobSASQueryParameters(values, key, account);
  };
}

function valuesOf({
  containerName,
  blobName,
  permissions,
  expiresInSeconds,
  https,
}: Omit<SasWanted, 'signal'>): BlobSASSignatureValues {
  return {
    containerName,
    blobName,
    permissions: BlobSASPermissions.parse(permissions),
    expiresOn: new Date(Date.now() + expiresInSeconds * 1000),
    protocol: https ? SASProtocol.Https : SASProtocol.HttpsAndHttp,
  };
}
