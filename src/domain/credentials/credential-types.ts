import type { Secret } from '../../base/secret.ts';

export interface AccessKeyCredential {
  readonly kind: 'AccessKey';
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret<string>;
}

export interface ServiceAccountKeyCredential {
  readonly kind: 'ServiceAccountKey';
  readonly clientEmail: string;
  /** Names the key in what it signs; absent where the file does not name it, or only the published form is known. */
  readonly privateKeyId?: string;
  /** PEM, PKCS#8. */
  readonly privateKey: Secret<string>;
}

export interface AccountKeyCredential {
  readonly kind: 'AccountKey';
  /** Base64, as Azure shows it. */
  readonly accountKey: Secret<string>;
}

/** A credential as it was read from a Secret. */
export type Credential = AccessKeyCredential | ServiceAccountKeyCredential | AccountKeyCredential;
