import { parseAddress } from '../fakes/file-store-grammar.ts';

/** What an output Secret says, read by W&B's grammar and not by ours. */
export interface Published {
  /** Credential (`id:secret`, empty for none) by the bucket's name. */
  readonly entries: ReadonlyMap<string, string>;
  readonly slot?: { readonly bucket: string; readonly path: string; readonly credential: string };
}

const INSTANCE_KEYS = ['BUCKET', 'ACCESS_KEY', 'SECRET_KEY', 'Provider', 'AccessKey', 'SecretKey', 'Host', 'Port'];
const MORE_INSTANCE_KEYS = ['TlsEnabled', 'ForcePathStyle', 'Bucket', 'Region', 'Path', 'url'];
const NO_STORES = new Set([...INSTANCE_KEYS, ...MORE_INSTANCE_KEYS]);

/** Throws where the data is not of W&B's forms, or where its parts say different things. */
export function parseOutputs(data: Readonly<Record<string, string>>): Published {
  const values = Object.entries(data).filter(([name]) => !NO_STORES.has(name));
  const [first] = values;
  for (const [name, value] of values) {
    if (value !== first?.[1]) throw new Error(`${name} and ${first?.[0] ?? ''} hold different file stores`);
    if (value === '') throw new Error(`${name} is empty`);
  }
  const entries = new Map<string, string>();
  for (const text of (first?.[1] ?? '').split(/[,;]/).filter((entry) => entry !== '')) {
    const { scheme, host, user, secret, bucket, path } = parseAddress(text);
    if (path !== '' || entries.has(bucket)) throw new Error(`no entry of a bucket of its own: ${text}`);
    expectHost(bucket, scheme, host);
    entries.set(bucket, user === '' ? '' : `${user}:${secret}`);
  }
  const { BUCKET: url, url: again } = data;
  if (url !== again) throw new Error('BUCKET and url differ');
  if (url === undefined) return { entries };
  // On AWS by the server's own identity there is no host.
  const hostless = /^s3:\/\/([a-z0-9-]+)(?:\/([a-z/]+))?$/.exec(url);
  if (hostless !== null)
    return { entries, slot: { bucket: hostless[1] ?? '', path: hostless[2] ?? '', credential: '' } };
  const { scheme, host, user, secret, bucket, path } = parseAddress(url);
  expectHost(bucket, scheme, host);
  if ((data['AccessKey'] ?? '') !== user || (data['SecretKey'] ?? '') !== secret) {
    throw new Error('BUCKET and AccessKey, SecretKey differ');
  }
  return { entries, slot: { bucket, path, credential: user === '' ? '' : `${user}:${secret}` } };
}

function expectHost(bucket: string, scheme: string, host: string): void {
  const wanted = bucket.startsWith('b2') ? 's3.eu-central-1.amazonaws.com' : 'minio.acme.example:9000';
  if (scheme !== 's3' || host !== wanted) throw new Error(`${bucket} is not at ${scheme}://${host}`);
}
