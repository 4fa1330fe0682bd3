/**
 * A reader of file-store addresses, written from W&B's documented grammar and
 * stricter than any URL library: whatever is not of the form is refused.
 */
export interface ParsedAddress {
  readonly scheme: 's3' | 'cw' | 'gs' | 'az';
  /** Access key id, or the service account's e-mail; empty where there is none. */
  readonly user: string;
  readonly secret: string;
  /** Host of S3 and CoreWeave, the storage account of Azure; empty for GCS. */
  readonly host: string;
  readonly bucket: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const CHARACTER = '(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})';
const TEXT = `${CHARACTER}+`;
const USER = `(?:(${CHARACTER}*):(${TEXT})@)?`;
const PLACE = `(${TEXT})((?:/${TEXT})*)`;
const QUERY = `(?:\\?((?:[A-Za-z]+=${TEXT})(?:&[A-Za-z]+=${TEXT})*))?`;
const HOST = `([a-z0-9.-]+(?::[0-9]+)?|\\[[0-9a-f:.]+\\](?::[0-9]+)?)`;

const WITH_HOST = new RegExp(`^(s3|cw|az)://${USER}${HOST}/${PLACE}${QUERY}$`);
const GCS = new RegExp(`^(gs)://${USER}()${PLACE}${QUERY}$`);

/** Throws when the text is not exactly one address. */
export function parseAddress(text: string): ParsedAddress {
  const match = (text.startsWith('gs:') ? GCS : WITH_HOST).exec(text);
  if (match === null) throw new Error(`not an address: ${text}`);
  const [, scheme = '', user = '', secret = '', host = '', bucket = '', path = '', query = ''] = match;
  return {
    scheme: scheme as ParsedAddress['scheme'],
    user: decodeURIComponent(user),
    secret: decodeURIComponent(secret),
    host,
    bucket: decodeURIComponent(bucket),
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent)
      .join('/'),
    query: Object.fromEntries(
      query
        .split('&')
        .filter((pair) => pair !== '')
        .map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
    ),
  };
}
