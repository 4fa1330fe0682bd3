import { Storage } from '@google-cloud/storage';
import { GoogleAuth, type AuthClient, type JWT } from 'google-auth-library';
import type { PresignedMethod } from '../../domain/observations/observations.ts';

/** Where the bucket is that URLs are signed for. */
export interface GcsPlace {
  readonly endpoint: string;
  readonly bucket: string;
}

/** Signs a V4 URL. Throws when whoever signs cannot. */
export type SignUrl = (method: PresignedMethod, key: string, expiresInSeconds: number) => Promise<string>;

const ACTIONS = { PUT: 'write', GET: 'read', HEAD: 'read', DELETE: 'delete' } as const satisfies Record<
  PresignedMethod,
  string
>;

/** The SDK's V4 signatures, made by a service account's key, or by `sign` for one that has none here. */
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
    // The SDK has no action for HEAD; the signer that it has just made takes any method.
    return file.signer.getSignedUrl({ ...config, method: 'HEAD' as 'GET' });
  };
}

/** The SDK would ask the metadata server, which is the node's identity and not ours, who a client is that it was given. */
function authOf(client: JWT, sign: ((text: string) => Promise<string>) | undefined): GoogleAuth {
  const auth = new GoogleAuth<AuthClient>({
    authClient: client,
    projectId: 'unused',
    universeDomain: 'googleapis.com',
  });
  const email = client.email ?? '';
  auth.getCredentials = () => Promise.resolve({ client_email: email });
  // By itself it would call IAM with a transport of its own.
  if (sign !== undefined) auth.sign = sign;
  return auth;
}
