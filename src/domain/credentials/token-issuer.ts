import type { Secret } from '../../base/secret.ts';
import { asJsonObject, text } from '../spec/json.ts';

/** Who issued a JSON web token (`iss`), for trust policies; `undefined` when it does not say so as it should. */
export function issuerOf(token: Secret<string>): string | undefined {
  const [, payload = ''] = token.reveal().split('.');
  try {
    const issuer = text(asJsonObject(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))), 'iss');
    return issuer !== undefined && /^https?:\/\/[A-Za-z0-9.:/_-]{1,250}$/.test(issuer) ? issuer : undefined;
  } catch {
    return undefined;
  }
}
