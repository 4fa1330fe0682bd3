import { JWT } from 'google-auth-library';
import type { PresignedMethod } from '../../domain/observations/observations.ts';
import { err, ok } from '../../base/result.ts';
import type { ServiceAccountKeyCredential } from '../../domain/credentials/credential-types.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import { createUrlSigner, type GcsPlace } from './url-signer.ts';

/** Enough to list, read, write and delete; IAM limits the permissions further. */
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

/** Signs requests and URLs for GCS. */
export interface Identity {
  /** Value of the Authorization header. */
  authorization(): BucketCall<string>;
  /** A V4 signed URL. */
  signUrl(method: PresignedMethod, key: string, expiresInSeconds: number, signal: AbortSignal): BucketCall<string>;
  /** When the token expires; absent for an identity that signs its own tokens. */
  endsAt?(): string | undefined;
}

/** A service account with its key, which signs locally: the key is never sent, and no token is requested. */
export function createKeyIdentity(credential: ServiceAccountKeyCredential, place: GcsPlace): Identity {
  const key = credential.privateKey.reveal();
  // With a scope the token is a self-signed JWT, without a token endpoint.
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

/** A key of valid form that cannot sign, for example a short one, is a failure of the credential. */
async function signing(run: () => Promise<string>): BucketCall<string> {
  try {
    return ok(await run());
  } catch {
    return err({ kind: 'CredentialsInvalid', detail: 'the private key cannot sign' });
  }
}
