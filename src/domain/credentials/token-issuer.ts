import type { Secret } from '../../base/secret.ts';
import { asJsonObject, text } from '../spec/json.ts';

/** The issuer (`iss`) of a JSON web token, for trust policies; `undefined` if the token has none. */
export function issuerOf(token: Secret<string>): string | undefined {
  const [, payload = ''] = token.reveal().split('.');
  try {
    const issuer = text(asJsonObject(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))), 'iss');
    return issuer !== undefined && /^https?:\/\/[A-Za-z0-9.:/_-]{1,250}$/.test(issuer) ? issuer : undefined;
  } catch {
    return undefined;
  }
}
