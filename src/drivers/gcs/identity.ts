import { JWT } from 'google-auth-library';
import type { PresignedMethod } from '../../domain/observations/observations.ts';
import { err, ok } from '../../base/result.ts';
import type { ServiceAccountKeyCredential } from '../../domain/credentials/credential-types.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import { createUrlSigner, type GcsPlace } from './url-signer.ts';

/** Enough to list, read, write and delete; what may really be done is for IAM to say. */
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

/** Who signs in to GCS. */
export interface Identity {
  /** Value of the Authorization header. */
  authorization(): BucketCall<string>;
  /** A V4 signed URL. */
  signUrl(method: PresignedMethod, key: string, expiresInSeconds: number, signal: AbortSignal): BucketCall<string>;
  /** When the token ends; absent for one that signs its own. */
  endsAt?(): string | undefined;
}

/** A service account that signs for itself: its key never leaves us, and nobody is asked for a token. */
export function createKeyIdentity(credential: ServiceAccountKeyCredential, place: GcsPlace): Identity {
  const key = credential.privateKey.reveal();
  // With a scope the token is a JWT that the account signed itself: no token endpoint takes part.
  const { clientEmail: email, privateKeyId } = credential;
  const named = privateKeyId === undefined ? {} : { keyId: privateKeyId };
  const jwt = new JWT({ email, key, scopes: [SCOPE], ...named });
  jwt.useJWTAccessWithScope = true;
  const signUrl = createUrlSigner(jwt, place);
  return {
    authorization: () => signing(async () => (await jwt.getRequestHeaders()).get('authorization') ?? ''),
    signUrl: (method, name, expiresInSeconds) => signing(() => signUrl(method, name, expiresInSeconds)),
  };
}

/** A key that looks like one and cannot sign (too short, say) is the credential's fault. */
async function signing(run: () => Promise<string>): BucketCall<string> {
  try {
    return ok(await run());
  } catch {
    return err({ kind: 'CredentialsInvalid', detail: 'the private key cannot sign' });
  }
}
