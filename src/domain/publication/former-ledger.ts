import { boundBucketOf } from '../bucket/bucket-id.ts';
import { hideCredential, type RevealedCredential } from '../credentials/credential.ts';
import { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { ClaimKind, DeletionPolicy } from './ledger.ts';

/** Formats of ledgers before this one. 1 was kept uncompressed; what they hold is the same. */
export const FORMER_FORMATS: readonly number[] = [1, 2];

/** One bucket as formats 1 and 2 held it for one claim. */
export interface FormerStore {
  readonly claim: { readonly kind: ClaimKind; readonly name: string; readonly uid: string; readonly team?: string };
  readonly storage: BucketStorage;
  readonly credential?: Credential;
  readonly provenAt: string;
  readonly rotatedAt?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly retained: boolean;
}

export interface FormerLedger {
  readonly salt: Secret<string>;
  readonly stores: readonly FormerStore[];
}

interface EncodedStore extends Omit<FormerStore, 'credential'> {
  readonly credential?: RevealedCredential;
}

/** Reads what formats 1 and 2 hold; throws where it is not that. */
export function readFormer(raw: unknown): FormerLedger {
  const { salt, stores } = raw as { readonly salt: string; readonly stores: readonly EncodedStore[] };
  return {
    salt: new Secret(salt),
    stores: stores.map(({ credential, ...store }) => {
      boundBucketOf(store.storage);
      return { ...store, ...(credential !== undefined && { credential: hideCredential(credential) }) };
    }),
  };
}
