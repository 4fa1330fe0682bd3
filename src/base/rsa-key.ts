import { createPrivateKey } from 'node:crypto';

/** Whether the text is a private RSA key in PEM. */
export function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
