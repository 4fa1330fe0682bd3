import { Storage } from '@google-cloud/storage';
import { GoogleAuth, JWT, type AuthClient } from 'google-auth-library';
import type { PresignedMethod } from '../../domain/observations.ts';
import type { ServiceAccountKeyCredential } from '../../domain/storage.ts';

/** Enough to list, read, write and delete; what may really be done is for IAM to say. */
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

/** A service account that signs for itself: its key never leaves us, and nobody is asked for a token. */
export interface Identity {
  /** Value of the Authorization header. Throws when the key cannot sign. */
  authorization(): Promise<string>;
  /** A V4 signed URL. Throws when the key cannot sign. */
  signUrl(method: PresignedMethod, key: string, expiresInSeconds: number): Promise<string>;
}

export function createIdentity(
  credential: ServiceAccountKeyCredential,
  place: { readonly endpoint: string; readonly bucket: string },
): Identity {
  const email = credential.clientEmail;
  const key = credential.privateKey.reveal();
  // With a scope the token is a JWT that the account signed itself: no token endpoint takes part.
  const jwt = new JWT({ email, key, scopes: [SCOPE] });
  jwt.useJWTAccessWithScope = true;
  const bucket = new Storage({
    apiEndpoint: place.endpoint,
    projectId: 'unused',
    universeDomain: 'googleapis.com',
    authClient: authOf(jwt, email),
  }).bucket(place.bucket);

  return {
    async authorization() {
      const headers = await jwt.getRequestHeaders();
      return headers.get('authorization') ?? '';
    },

    async signUrl(method, name, expiresInSeconds) {
      const file = bucket.file(name);
      const accessibleAt = new Date();
      const expires = new Date(accessibleAt.getTime() + expiresInSeconds * 1000);
      const config = { version: 'v4', accessibleAt, expires } as const;
      const action = ACTIONS[method];
      const [url] = await file.getSignedUrl({ ...config, action });
      if (method !== 'HEAD' || file.signer === undefined) return url;
      // The SDK has no action for HEAD; the signer that it has just made takes any method.
      return file.signer.getSignedUrl({ ...config, method: 'HEAD' as 'GET' });
    },
  };
}

/** The SDK would ask the metadata server, which is the node's identity and not ours, who a client is that it was given. */
function authOf(jwt: JWT, email: string): GoogleAuth {
  const auth = new GoogleAuth<AuthClient>({ authClient: jwt, projectId: 'unused', universeDomain: 'googleapis.com' });
  auth.getCredentials = () => Promise.resolve({ client_email: email });
  return auth;
}

const ACTIONS = { PUT: 'write', GET: 'read', HEAD: 'read', DELETE: 'delete' } as const satisfies Record<
  PresignedMethod,
  string
>;
