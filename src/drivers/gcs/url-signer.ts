import { Storage } from '@google-cloud/storage';
import { GoogleAuth, type AuthClient, type JWT } from 'google-auth-library';
import type { PresignedMethod } from '../../domain/observations/observations.ts';

/** The bucket for which URLs are signed. */
export interface GcsPlace {
  readonly endpoint: string;
  readonly bucket: string;
}

/** Signs a V4 URL. Throws when the signer fails. */
export type SignUrl = (method: PresignedMethod, key: string, expiresInSeconds: number) => Promise<string>;

const ACTIONS = { PUT: 'write', GET: 'read', HEAD: 'read', DELETE: 'delete' } as const satisfies Record<
  PresignedMethod,
  string
>;

/** The SDK's V4 signatures, made with a service account's key, or by `sign` without a key. */
export function createUrlSigner(client: JWT, place: GcsPlace, sign?: (text: string) => Promise<string>): SignUrl {
  const bucket = new Storage({
    apiEndpoint: place.endpoint,
    projectId: 'unused',
    universeDomain: 'googleapis.com',
    authClient: authOf(client, sign),
  }).bucket(place.bucket);

  return async (method, name, expiresInSeconds) => {
    const file = bucket.file(name);
    const accessibleAt = new Date();
    const expires = new Date(accessibleAt.getTime() + expiresInSeconds * 1000);
    const config = { version: 'v4', accessibleAt, expires } as const;
    const action = ACTIONS[method];
    const [url] = await file.getSignedUrl({ ...config, action });
    if (method !== 'HEAD' || file.signer === undefined) return url;
    // The SDK has no action for HEAD, but its signer accepts any method.
    return file.signer.getSignedUrl({ ...config, method: 'HEAD' as 'GET' });
  };
}

/** Keeps the SDK from asking the metadata server, which has the node's identity, who the client is. */
function authOf(client: JWT, sign: ((text: string) => Promise<string>) | undefined): GoogleAuth {
  const auth = new GoogleAuth<AuthClient>({
    authClient: client,
    projectId: 'unused',
    universeDomain: 'googleapis.com',
  });
  const email = client.email ?? '';
  auth.getCredentials = () => Promise.resolve({ client_email: email });
  // The SDK's own `sign` would call IAM with its own transport.
  if (sign !== undefined) auth.sign = sign;
  return auth;
}
