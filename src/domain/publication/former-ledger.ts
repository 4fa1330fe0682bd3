import { hideCredential, type RevealedCredential } from '../credentials/credential.ts';
import { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { ClaimKind, DeletionPolicy } from './ledger.ts';

/** Earlier formats of the ledger. 1 and 2 have the same content; 1 was stored uncompressed. */
export const FORMER_FORMATS: readonly number[] = [1, 2];

/** One bucket of one claim in formats 1 and 2. */
export interface FormerRecord {
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
  readonly records: readonly FormerRecord[];
}

interface EncodedRecord extends Omit<FormerRecord, 'credential'> {
  readonly credential?: RevealedCredential;
}

/** Reads the content of formats 1 and 2, which has their form. */
export function readFormer(raw: unknown): FormerLedger {
  const { salt, stores } = raw as { readonly salt: string; readonly stores: readonly EncodedRecord[] };
  return {
    salt: new Secret(salt),
    records: stores.map(({ credential, ...record }) => ({
      ...record,
      ...(credential !== undefined && { credential: hideCredential(credential) }),
    })),
  };
}
